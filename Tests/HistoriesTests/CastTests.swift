import DuckDB
import Testing

@testable import Histories

@Suite("Cells become typed values")
struct CastTests {
  /// What a text cell becomes, as DuckDB's text of the canonical type; `nil` where it cannot be read.
  private func cast(_ cell: String, _ type: CanonicalType, from source: String = "VARCHAR") throws -> String?
  {
    let connection = try Database().connect()
    try connection.execute("SET TimeZone = 'Asia/Shanghai'")
    let expression = ColumnCast.expression("x", from: source, to: type, timeZone: "Asia/Shanghai")
    let result = try connection.query(
      "SELECT CAST(\(expression.sql) AS VARCHAR) FROM (SELECT CAST(\(SQLPaths.quoted(cell)) AS \(source)) AS x)"
    )
    guard let chunk = try result.nextChunk() else { return "no row" }
    return chunk.column(0).string(0)
  }

  @Test(
    "numbers are read with full-width digits, separators and currency signs",
    arguments: [
      ("12.5", "12.5"), (" 7 ", "7.0"), ("１２３．５", "123.5"), ("1,234.50", "1234.5"), ("￥88", "88.0"),
      ("－３", "-3.0"),
      ("1e3", "1000.0"), ("１，２３４", "1234.0"), ("见备注", nil), ("12km", nil), ("1.2.3", nil),
    ])
  func numbers(_ cell: String, _ expected: String?) throws {
    #expect(try cast(cell, .number) == expected)
  }

  @Test(
    "whole numbers are rounded, and refused when they do not fit",
    arguments: [
      ("12", "12"), ("２０２４", "2024"), ("12.0", "12"), ("99999999999", nil), ("x", nil),
    ])
  func wholes(_ cell: String, _ expected: String?) throws {
    #expect(try cast(cell, .whole) == expected)
  }

  @Test(
    "days are read in the forms that people write",
    arguments: [
      ("2024-03-05", "2024-03-05"), ("2024/3/5", "2024-03-05"), ("2024-3-5", "2024-03-05"),
      ("2024年3月5日", "2024-03-05"),
      ("２０２４年０３月０５日", "2024-03-05"), ("２０２４－０３－０５", "2024-03-05"), ("20240305", "2024-03-05"),
      ("2024.3.5", "2024-03-05"), (" 2024-03-05 ", "2024-03-05"), ("2024-03-05 23:59:59", "2024-03-05"),
      ("2024/03/05 23:59", "2024-03-05"), ("2024年3月5日 8:30", "2024-03-05"), ("2024-02-30", nil),
      ("2024/13/1", nil), ("未知", nil), ("45356", nil),
      ("2024-03", nil),
    ])
  func days(_ cell: String, _ expected: String?) throws {
    #expect(try cast(cell, .day) == expected)
  }

  @Test(
    "times keep the dealer's local time; those with a zone are brought to it",
    arguments: [
      ("2024-03-05 09:08:07", "2024-03-05 09:08:07"), ("2024-03-05T09:08:07", "2024-03-05 09:08:07"),
      ("2024/3/5 9:08", "2024-03-05 09:08:00"), ("2024年3月5日 9:08:07", "2024-03-05 09:08:07"),
      ("2024年3月5日9时8分", "2024-03-05 09:08:00"), ("20240305090807", "2024-03-05 09:08:07"),
      ("2024-03-05", "2024-03-05 00:00:00"), ("2024-03-05 09:08:07.25", "2024-03-05 09:08:07.25"),
      ("2024-03-05T20:00:00Z", "2024-03-06 04:00:00"), ("2024-03-05 20:00:00+00", "2024-03-06 04:00:00"),
      ("2024-03-05T20:00:00.5+01:00", "2024-03-06 03:00:00.5"),
      ("2024-03-05T20:00:00-0500", "2024-03-06 09:00:00"),
      ("2024-03-05T20:00Z", "2024-03-06 04:00:00"), ("2024-03-05 20:00+00", "2024-03-06 04:00:00"),
      ("2024-03-05T20:00+01:00", "2024-03-06 03:00:00"), ("2024-03-05 25:00:00", nil), ("昨天", nil),
    ])
  func times(_ cell: String, _ expected: String?) throws {
    #expect(try cast(cell, .time) == expected)
  }

  @Test("a time with a zone gives the day in the dealer's zone")
  func zonedDays() throws {
    #expect(try cast("2024-03-05T20:00:00Z", .day) == "2024-03-06")
    #expect(
      try cast("2024-03-05 20:00:00+00", .time, from: "TIMESTAMP WITH TIME ZONE") == "2024-03-06 04:00:00")
    #expect(try cast("2024-03-05 20:00:00+00", .day, from: "TIMESTAMP WITH TIME ZONE") == "2024-03-06")
  }

  @Test(
    "yes and no are read in both languages",
    arguments: [
      ("是", "true"), ("有", "true"), ("否", "false"), ("无", "false"), ("true", "true"), ("1", "true"),
      ("0", "false"),
      ("Y", "true"), ("no", "false"), (" 是 ", "true"), ("１", "true"), ("maybe", nil),
    ])
  func truths(_ cell: String, _ expected: String?) throws {
    #expect(try cast(cell, .truth) == expected)
  }

  @Test("typed columns are taken over, or cast where the type differs")
  func typedSources() throws {
    #expect(try cast("2024-03-05", .time, from: "DATE") == "2024-03-05 00:00:00")
    #expect(try cast("2024-03-05 23:00:00", .day, from: "TIMESTAMP") == "2024-03-05")
    #expect(try cast("12.50", .number, from: "DECIMAL(10, 2)") == "12.5")
    #expect(try cast("42", .text, from: "BIGINT") == "42")
    #expect(try cast("5000000000", .whole, from: "BIGINT") == nil)
    #expect(try cast("1", .truth, from: "INTEGER") == "true")
    #expect(try cast("1.5", .day, from: "DOUBLE") == nil)
  }

  @Test("a column name with quotes stays one name")
  func quotedNames() {
    #expect(ColumnCast.quoted("a\"b") == "\"a\"\"b\"")
  }
}
