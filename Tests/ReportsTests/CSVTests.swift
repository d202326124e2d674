import Foundation
import Histories
import Retention
import Testing

@testable import Reports

@Suite("CSV")
struct CSVTests {
  private static let header =
    "rank,customer_id,vin,dealer_id,name,phone,owner_type,plate,model,age_years,last_visit_on,next_due_on,"
    + "days_overdue,km_overdue,probability,risk_tier,value_tier,segment,paid_730,value_at_stake,priority,"
    + "clv_36,ins_potential,trade_potential,referral_potential,value_at_risk,"
    + "reason_1,reason_2,reason_3,warranty_ends_on,bought_here,last_adviser,open_complaint,last_contact_on,"
    + "last_contact_outcome"

  /// Reads CSV by RFC 4180, independent of the writer.
  static func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var previousWasQuote = false
    for scalar in text.unicodeScalars {
      if isQuoted, scalar != "\"" {
        if previousWasQuote {
          isQuoted = false
        } else {
          cell.unicodeScalars.append(scalar)
          continue
        }
      }
      switch scalar {
      case "\"" where isQuoted:
        if previousWasQuote { cell.append("\"") }
        previousWasQuote.toggle()
        continue
      case "\"": isQuoted = true
      case ",":
        row.append(cell)
        cell = ""
      case "\n":
        rows.append(row + [cell])
        row = []
        cell = ""
      default: cell.unicodeScalars.append(scalar)
      }
      previousWasQuote = false
    }
    return rows
  }

  @Test("the header is English snake case in every language, and every row has a cell for each")
  func headerAndCells() {
    for list in [SampleList.english, SampleList.chinese] {
      let rows = Self.parse(String(decoding: list.csv(), as: UTF8.self))
      #expect(rows[0].joined(separator: ",") == Self.header)
      #expect(rows.count == 61)
      #expect(rows.allSatisfy { $0.count == rows[0].count })
    }
  }

  @Test("cells hold plain numbers, ISO dates and true or false; what is missing is empty")
  func values() {
    let list = SampleList.make(language: .chinese, rows: 1)
    let cells = Self.parse(String(decoding: list.csv(), as: UTF8.self))[1]
    #expect(
      cells == [
        "1", "C100000", "LSVAA49J000010000", "D01", "张**", "138****1000", "person", "粤B·**100", "途观L 330TSI",
        "1.25", "2025-12-12", "2026-02-07", "143", "4200", "0.970000", "high", "vip", "Champions", "2400.00",
        "3000.00", "2910.00", "1800.00", "", "900.00", "4000.00", "6499.00", "保养已逾期 143 天（平均客户 12 天）",
        "最近一次满意度评分 5 分，低于平均 8.6 分",
        "上次报价的刹车片更换被拒绝", "2026-09-28", "true", "王顾问", "true", "", "",
      ])
  }

  @Test("quotation marks, commas and line breaks survive, and no text can start a formula")
  func quotingAndFormulas() {
    let text = String(decoding: SampleList.hostile.csv(), as: UTF8.self)
    let cells = Self.parse(text)[1]
    #expect(cells[3] == "'-1+2")
    #expect(cells[5] == "'+86 138****1234")
    #expect(cells[7] == "'=HYPERLINK(\"x\")")
    #expect(cells[8] == "say \"hi\", twice\nplease")
    #expect(cells[12] == "-5", "a negative number is a number, not a formula")
    #expect(cells[31] == "'@SUM(A1)")
    #expect(text.contains("\"say \"\"hi\"\", twice\nplease\""))
  }

  @Test("a number that is none leaves its cell empty")
  func notANumber() {
    var list = SampleList.make(language: .english, rows: 1)
    list.rows[0].valueAtStake = .nan
    list.rows[0].paid730 = .infinity
    list.rows[0].lastVisitOn = Day.none
    let cells = Self.parse(String(decoding: list.csv(), as: UTF8.self))[1]
    #expect(cells[18] == "" && cells[19] == "" && cells[10] == "")
  }

  @Test(
    "fixed-point numbers are those of the C library, and never -0",
    arguments: [0, 0.004, 0.006, -0.001, -0.5, 1, 12.345678, 99.999, 1e6 / 3, -1234.5678, 4.5e15, 1e300])
  func fixedPoint(_ value: Double) throws {
    var writer = ByteWriter()
    writer.fixed(value, decimals: 2)
    let text = String(decoding: writer.take(), as: UTF8.self)
    let read = try #require(Double(text))
    #expect(abs(read - value) <= max(0.005 + 1e-9, value.magnitude * 1e-15))
    #expect(!text.hasPrefix("-0.00"))
    if value.magnitude < 1e9 { #expect(text.split(separator: ".")[1].count == 2) }
  }

  @Test("integers of every size come out as they are", arguments: [0, 7, -7, 10, 99, 100, Int.max, Int.min])
  func integers(_ value: Int) {
    var writer = ByteWriter()
    writer.integer(value)
    #expect(String(decoding: writer.take(), as: UTF8.self) == String(value))
  }
}
