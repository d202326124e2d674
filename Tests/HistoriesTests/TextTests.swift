import Testing

@testable import Histories

@Suite("Keys, numbers and words as people type them")
struct TextTests {
  @Test(
    "keys are folded: full-width becomes half-width, white space around goes, capitals where asked",
    arguments: [
      ("ＡＢ１２", false, "AB12"), ("ａｂ１２", true, "AB12"), ("  C1 ", false, "C1"),
      ("\u{3000}C1\u{3000}", false, "C1"),
      ("\tC1\r", false, "C1"), ("c1", false, "c1"), ("c1", true, "C1"), ("王 伟", false, "王 伟"),
      ("Ａ\u{3000}Ｂ", false, "A B"),
      ("", true, ""), ("   ", true, ""), ("C\u{A0}", false, "C"),
    ])
  func folding(_ text: String, _ upperCase: Bool, _ expected: String) {
    let folded = text.withBytes { cell in
      KeyText.withFolded(cell, upperCase: upperCase) { bytes, hash in
        (String(decoding: bytes, as: UTF8.self), hash == KeyHash.hash(bytes))
      }
    }
    #expect(folded.0 == expected)
    #expect(folded.1)
  }

  @Test(
    "a cell is blank when nothing is left of it after folding",
    arguments: [
      ("", true), (" ", true), ("\u{3000}", true), ("\t \n", true), ("0", false), (" C1", false),
      ("　王", false),
    ])
  func blankCells(_ text: String, _ isBlank: Bool) {
    #expect(text.withBytes(KeyText.isBlank) == isBlank)
  }

  @Test("vehicle numbers are judged as the standard's examples say")
  func vehicleNumbers() {
    #expect(VIN.check("1M8GDM9AXKP042788") == .valid)
    #expect(VIN.check("1HGCR2F81GA042534") == .valid)
    #expect(VIN.check("11111111111111111") == .valid)
    #expect(VIN.check("WVWZZZ1KZ6W612305") == .wrongCheckDigit)
    #expect(VIN.check("1M8GDM9A1KP042788") == .wrongCheckDigit)
    for text in [
      "", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427888", "1M8GDM9AXKPO42788", "IM8GDM9AXKP042788",
      "1M8GDM9AXQP042788", "1m8gdm9axkp042788", "1M8GDM9AXKP04278王",
    ] {
      #expect(VIN.check(text) == .malformed, "\(text)")
    }
  }

  @Test("only one pair of neighbours that changed places is a swap")
  func swaps() {
    func isSwapped(_ a: String, _ b: String) -> Bool {
      a.withBytes { a in b.withBytes { VIN.isSwapped(a, $0) } }
    }
    let vin = "1M8GDM9AXKP042788"
    #expect(isSwapped(vin, "M18GDM9AXKP042788"))
    #expect(isSwapped(vin, "1M8GDM9AXKP042878"))
    #expect(isSwapped("AB", "BA"))
    #expect(!isSwapped(vin, vin))
    #expect(!isSwapped(vin, "M18GDM9AXKP042878"))
    #expect(!isSwapped(vin, "8M1GDM9AXKP042788"))
    #expect(!isSwapped(vin, "1M8GDM9AXKP04278"))
    #expect(!isSwapped(vin, "1M8GDM9AXKP042789"))
    #expect(!isSwapped("", ""))
  }

  @Test(
    "phones are kept as digits; dummies are not phones",
    arguments: [
      ("13912345678", "13912345678", true), ("１３９１２３４５６７８", "13912345678", true),
      ("139-1234-5678", "13912345678", true), ("+86 139 1234 5678", "13912345678", true),
      ("8613912345678", "13912345678", true), ("008613912345678", "13912345678", true),
      ("0532-88881234", "053288881234", true),
      ("13800000000", "", false), ("13888888888", "", false), ("11111111111", "", false),
      ("00000000000", "", false), ("１３８００００００００", "", false), ("8888888", "", false),
      ("123", "", false), ("无", "", false), ("", "", true), ("  ", "", true), ("\u{3000}", "", true),
    ])
  func phones(_ text: String, _ kept: String, _ isFine: Bool) {
    let column = TextColumn()
    #expect(text.withBytes { Phone.append($0, to: column) } == isFine)
    #expect(column.count == 1)
    #expect(column[0] == kept)
  }

  @Test("words are found in any case and width; unknown and missing words have no code")
  func vocabulary() {
    func code(_ text: String) -> UInt8 { text.withBytes { Vocabularies.powertrain.code($0) } }
    #expect(code("ICE") == 0)
    #expect(code("bev") == 3)
    #expect(code("ＢＥＶ") == 3)
    #expect(code(" Phev ") == 2)
    #expect(code("") == Vocabulary.none)
    #expect(code("diesel") == Vocabulary.none)
    #expect(Vocabularies.powertrain.word(3) == "BEV")
    #expect(Vocabularies.powertrain.word(Vocabulary.none) == nil)
  }

  @Test("money is exact in minor units; what does not fit is refused")
  func money() {
    #expect(Money.scale(of: "CNY") == 100)
    #expect(Money.scale(of: "jpy") == 1)
    #expect(Money.minorUnits(19.99, scale: 100) == 1999)
    #expect(Money.minorUnits(0.005, scale: 100) == 1)
    #expect(Money.minorUnits(-0.5, scale: 1) == -1)
    #expect(Money.minorUnits(0, scale: 100) == 0)
    #expect(Money.minorUnits(21_474_836.46, scale: 100) == 2_147_483_646)
    #expect(Money.minorUnits(21_474_836.48, scale: 100) == nil)
    #expect(Money.minorUnits(.nan, scale: 100) == nil)
    #expect(Money.minorUnits(.infinity, scale: 100) == nil)
    #expect(Money.minorUnits(-1e300, scale: 100) == nil)
  }

  @Test("classes are read from lists, in any case; an unknown one is told")
  func classes() {
    var unknown = false
    #expect(VisitClasses(parsing: "maintenance| Repair ", unknown: &unknown) == [.maintenance, .repair])
    #expect(VisitClasses(parsing: "counter_sale,internal", unknown: &unknown).isSubset(of: .noVisit))
    #expect(VisitClasses(parsing: "", unknown: &unknown) == [])
    #expect(!unknown)
    #expect(VisitClasses(parsing: "maintenance|car_wash", unknown: &unknown) == .maintenance)
    #expect(unknown)
    #expect(VisitClasses([.repair, .warranty]).leadingIndex == 2)
  }
}
