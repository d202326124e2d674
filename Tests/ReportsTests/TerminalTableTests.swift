import Histories
import Retention
import Testing

@testable import Reports

@Suite("Terminal table")
struct TerminalTableTests {
  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("wide characters take two cells, marks none")
  func displayWidth() {
    #expect(DisplayWidth.of("abc") == 3)
    #expect(DisplayWidth.of("张三 A") == 6)
    #expect(DisplayWidth.of("（１）") == 6)
    #expect(DisplayWidth.of("é") == 1 && DisplayWidth.of("e\u{301}") == 1)
    #expect(DisplayWidth.of("粤B·**123") == 9)
    #expect(DisplayWidth.of("👨‍👩‍👧") == 2)
    #expect(DisplayWidth.of("한국") == 4)
    #expect(DisplayWidth.of("\u{1F1E8}\u{1F1F3}") == 2)
  }

  @Test("a cut text fits, whether or not a wide character lies on the border")
  func cutting() {
    #expect(DisplayWidth.cut("保养已逾期", to: 10) == "保养已逾期")
    #expect(DisplayWidth.cut("保养已逾期", to: 9) == "保养已逾…")
    #expect(DisplayWidth.cut("保养已逾期", to: 8) == "保养已…")
    #expect(DisplayWidth.cut("two words", to: 5) == "two…")
    #expect(DisplayWidth.cut("abc", to: 0) == "")
  }

  @Test("no line exceeds the width", arguments: [72, 80, 100, 120, 160, 200, 320], Language.allCases)
  func fits(width: Int, language: Language) {
    let text = SampleList.make(language: language, rows: 40).terminalTable(width: width)
    for line in lines(text) {
      #expect(DisplayWidth.of(line) <= width, "\(line)")
    }
  }

  @Test("eighty columns show rank, customer, vehicle, days overdue, probability, value and the first reason")
  func eightyColumns() {
    var list = SampleList.make(language: .english, rows: 1)
    list.rows[0].valueAtStake = 12345
    let text = list.terminalTable(width: 80)
    for part in ["1", "J***", "Tiguan L 330", "143", "97 %", "12,345", "maintenance overdue for 143 days"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(lines(text)[0] == "Customers at risk of leaving · Lakeside Motor Group")
    #expect(text.contains("As of 2026-06-30 · Model lakeside@1 · 1 of 1,312 matching, 48,210 active"))
    #expect(text.contains("Work from the top"))
    #expect(!text.contains("Phone"), "what is less important is left out first")
  }

  @Test("columns line up by cells, also with Chinese texts")
  func alignment() throws {
    let list = SampleList.make(language: .chinese, rows: 12)
    let all = lines(list.terminalTable(width: 120))
    let header = try #require(all.first { $0.contains("流失概率") && $0.contains("客户") })
    let start = DisplayWidth.of(header[..<header.range(of: "流失概率")!.upperBound])
    let rows = all.filter { $0.contains(" %  ") }
    #expect(rows.count == 12)
    for row in rows {
      #expect(DisplayWidth.of(row[..<row.range(of: " %  ")!.lowerBound]) + 2 == start, "\(row)")
    }
  }

  @Test("a wider terminal shows more columns and never fewer")
  func moreWidthMoreColumns() {
    let columns = AtRiskTerminalColumns(list: SampleList.english).all
    var before: Set<Int> = []
    for width in stride(from: 72, through: 260, by: 1) {
      let table = TextTable(columns: columns, width: width)
      let shown = Set(columns.indices.filter { table.widths[$0] != nil })
      #expect(before.isSubset(of: shown))
      before = shown
    }
    #expect(before.count == columns.count)
  }

  @Test("the reasons get a column of their own where they fit whole")
  func reasonsColumn() throws {
    var list = SampleList.make(language: .english, rows: 3)
    /// Where the table ends: the explanation below it takes more lines the narrower it is.
    func end(_ text: String) throws -> Int { try #require(lines(text).dropLast().lastIndex(of: "")) }
    let narrow = try end(list.terminalTable(width: 120))
    let wide = list.terminalTable(width: 400)
    #expect(try end(wide) == narrow - 3)
    #expect(wide.contains("Why"))
    list.rows[0].reasons = []
    #expect(try end(list.terminalTable(width: 120)) == narrow - 1)
  }

  @Test("colour only when asked for, and it changes nothing else")
  func colour() {
    let plain = SampleList.english.terminalTable(width: 100)
    let coloured = SampleList.english.terminalTable(width: 100, colour: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[31m97 %\u{1B}[0m") && coloured.contains("\u{1B}[33m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
  }

  @Test("no control character of the data reaches the terminal")
  func controlCharacters() {
    var list = SampleList.make(language: .english, rows: 1)
    list.dealerGroup = "Group\u{1B}]0;x\u{7}"
    list.rows[0].name = "J\u{1B}[2J\r\nX"
    list.rows[0].reasons = ["due\u{1B}[31m since\u{9B}31m"]
    let text = list.terminalTable(width: 100)
    for scalar in text.unicodeScalars where scalar != "\n" {
      #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
    }
  }

  @Test("an empty list says so")
  func empty() {
    #expect(
      SampleList.make(language: .english, rows: 0).terminalTable(width: 80).contains("Nobody on this list."))
  }

  @Test("numbers read well")
  func numbers() {
    #expect(NumberText.grouped(1_234_567) == "1,234,567" && NumberText.grouped(-999) == "-999")
    #expect(NumberText.grouped(-1000) == "-1,000" && NumberText.grouped(0) == "0")
    #expect(NumberText.percent(0.826) == "83 %" && NumberText.percent(1.2) == "100 %")
    #expect(NumberText.percent(.nan) == "–" && NumberText.amount(.infinity) == "–")
    #expect(NumberText.years(4.449) == "4.4" && NumberText.years(-0.26) == "-0.3")
  }
}
