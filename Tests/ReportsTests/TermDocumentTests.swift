import ChurnModel
import Foundation
import Histories
import Testing

@testable import Reports

@Suite("Terms in words")
struct TermDocumentTests {
  @Test("every line fits, and every term is there", arguments: [80, 200])
  func widths(width: Int) {
    for language in [Language.english, .chinese] {
      let lines = TermDocument(SampleTerms.model).lines(language: language, width: width)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
      for (rank, term) in SampleTerms.model.terms.enumerated() {
        #expect(lines.contains { $0.hasPrefix("\(rank + 1). \(term.name)") })
      }
      let own = language == .english ? "odds ×" : "几率 ×"
      #expect(lines.contains { $0.contains(own) && $0.contains("±") })
    }
  }

  @Test("a straight line shows its two ends, their additions, errors and odds")
  func figures() throws {
    let lines = TermDocument(try SampleTerms.line(missing: true)).lines(language: .english, width: 100)
    let cells = lines.map { $0.split(whereSeparator: { " │█".contains($0) }).map(String.init) }
    #expect(cells.contains(["0", "-0.50", "0.20", "0.61"]))
    #expect(cells.contains(["3", "+1.00", "0.20", "2.72"]))
    #expect(cells.contains(["missing", "0.00", "0.20", "1.00"]))
    #expect(!cells.contains { $0.first == "1" || $0.first == "2" })
    #expect(lines[0] == "Log-odds where every term adds 0: -1.50")
    #expect(lines.contains { $0.contains("importance 1.000, 1.0 effective parameters") })
  }

  @Test("a pair's areas are those where the labels were made so")
  func areas() throws {
    let model = SampleTerms.model
    let pair = try #require(model.terms.first { $0.name == "left × right" })
    let axes = model.axes(of: pair)
    let areas = TermAreas.strongest(pair, axes, most: 3)
    #expect(areas.contains { $0.value > 0 } && areas.contains { $0.value < 0 })
    for area in areas {
      for row in area.rows {
        for column in area.columns {
          let value = pair.values[row * axes[1].stride + column]
          #expect(value * area.value > 0 && value.magnitude >= area.value.magnitude / 2)
        }
      }
    }
    let (left, right) = (try #require(axes[0].knots), try #require(axes[1].knots))
    for area in areas {
      let middle = (left: area.rows.map { left[$0] }.mean, right: area.columns.map { right[$0] }.mean)
      #expect(((middle.left > 200) == (middle.right > 0)) == (area.value > 0))
      #expect(area.phrase(axes, .english).contains("left"))
    }
    let planned = try #require(model.terms.first { $0.scales.count == 2 && $0.features.contains(3) })
    let text = TermAreas.strongest(planned, model.axes(of: planned), most: 1)
      .map { $0.phrase(model.axes(of: planned), .chinese) }
    #expect(text.allSatisfy { $0.contains("plan = 是") || $0.contains("plan = 否") } && text.count == 2)
  }

  @Test("no two areas of one direction lie on one hill")
  func hills() throws {
    let model = SampleTerms.model
    let pair = try #require(model.terms.first { $0.name == "left × right" })
    let areas = TermAreas.strongest(pair, model.axes(of: pair), most: 9)
    // The labels are high in two opposite corners and low in the other two.
    #expect(areas.count { $0.value > 0 } == 2 && areas.count { $0.value < 0 } == 2)
  }

  @Test("levels that add next to nothing are counted, not listed")
  func weakLevels() throws {
    let levels = (0..<30).map { "level \($0)" }
    let model = try SampleTerms.levels(levels) { $0 == 4 ? -0.8 : 0.01 }
    let lines = TermDocument(model).lines(language: .english, width: 80)
    #expect(lines.contains { $0.contains("level 4") && $0.contains("-0.80") })
    #expect(!lines.contains { $0.contains("level 5") })
    #expect(lines.contains { $0.contains("29 more values add or take off less than 0.05.") })
  }

  @Test("a limit leaves the weaker terms out and says how many")
  func limit() {
    let lines = TermDocument(SampleTerms.model).lines(language: .english, width: 120, limit: 1)
    #expect(!lines.contains { $0.hasPrefix("2. ") })
    #expect(lines.contains("\(SampleTerms.model.terms.count - 1) weaker terms are not shown."))
  }

  @Test("numbers of an axis have the decimals that tell them apart")
  func knots() {
    func texts(_ knots: [Double]) -> [String] { knots.map { KnotText(knots)($0) } }
    #expect(texts([0, 1, 2, 30]) == ["0", "1", "2", "30"])
    #expect(texts([0.5, 1.25, 7]) == ["0.50", "1.25", "7.00"])
    #expect(texts([2019, 2020, 12_345]) == ["2019", "2020", "12,345"])
    #expect(texts([-20_000.5, -20_000, 0]) == ["-20,000.5", "-20,000.0", "0.0"])
    #expect(texts([1e15, 2e15]) == ["1e+15", "2e+15"])
  }

  @Test("long lines break at blanks, Chinese anywhere, and nothing is lost")
  func wrapping() {
    #expect(WrappedText.lines("one two three", width: 8) == ["one two", "three"])
    #expect(WrappedText.lines("一二三四五", width: 5) == ["一二", "三四", "五"])
    #expect(WrappedText.lines("abcdefghij", width: 4).joined() == "abcdefghij")
  }
}

extension [Double] {
  fileprivate var mean: Double { reduce(0, +) / Double(count) }
}
