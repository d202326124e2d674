import Foundation
import Tables
import Testing

/// What a column is taken for, from all of its rows.
@Suite("Kinds of columns")
struct ColumnKindTests {
  private let folder: TableFolder

  init() throws { folder = try TableFolder() }

  struct Case: Sendable, CustomTestStringConvertible {
    let cells: [String]
    let kind: ColumnKind
    let values: [Double]
    var testDescription: String { cells.joined(separator: ",") }
  }

  private static let gap = Double.nan

  static let cases = [
    Case(cells: ["1", "2.5", "-3e2"], kind: .number, values: [1, 2.5, -300]),
    Case(cells: ["1", "", "7"], kind: .number, values: [1, gap, 7]),
    Case(cells: ["1", "\" \"", "7"], kind: .number, values: [1, gap, 7]),
    Case(cells: ["1", "\"   \"", "7"], kind: .number, values: [1, gap, 7]),
    Case(
      cells: ["NA", "N/A", "null", "?", "nan", "5"], kind: .number, values: [gap, gap, gap, gap, gap, 5]),
    Case(cells: ["1.5", " na ", "-", "none"], kind: .number, values: [1.5, gap, gap, gap]),
    Case(cells: ["0", "1", "1"], kind: .flag, values: [0, 1, 1]),
    Case(cells: ["0", "1", ""], kind: .flag, values: [0, 1, gap]),
    Case(cells: ["true", "false", "true"], kind: .flag, values: [1, 0, 1]),
    Case(cells: ["Yes", "no", "?"], kind: .flag, values: [1, 0, gap]),
    Case(cells: ["Y", "N", "Y"], kind: .flag, values: [1, 0, 1]),
    Case(cells: ["是", "否", ""], kind: .flag, values: [1, 0, gap]),
    Case(cells: ["0", "1", "2"], kind: .number, values: [0, 1, 2]),
    Case(cells: ["\"1,234\"", "\"-1,234,567.5\"", "12"], kind: .number, values: [1234, -1_234_567.5, 12]),
    Case(cells: ["\"1,5\"", "\"-0,125\"", "", "3"], kind: .number, values: [1.5, -0.125, gap, 3]),
    Case(cells: ["\"1.234,5\"", "\"1.234.567\""], kind: .number, values: [1234.5, 1_234_567]),
    Case(cells: ["12.5%", "3 %", "NA"], kind: .number, values: [0.125, 0.03, gap]),
    Case(
      cells: ["\"1,2\"", "\"1,2,3\""], kind: .category(levels: ["1,2", "1,2,3"]), values: [0, 1]),
    Case(cells: ["b", "a", "b", ""], kind: .category(levels: ["a", "b"]), values: [1, 0, 1, gap]),
    Case(cells: ["b", "\" b \"", "NA"], kind: .category(levels: ["b"]), values: [0, 0, gap]),
    Case(cells: ["none", "gold", "gold"], kind: .category(levels: ["gold", "none"]), values: [1, 0, 0]),
    Case(cells: ["1", "2", "two"], kind: .category(levels: ["1", "2", "two"]), values: [0, 1, 2]),
    Case(
      cells: ["Yes", "No", "No service"], kind: .category(levels: ["No", "No service", "Yes"]),
      values: [2, 0, 1]),
    Case(cells: ["1970-01-02", "", "1969-12-31"], kind: .day, values: [1, gap, -1]),
    Case(cells: ["1970-01-02", "?", "none"], kind: .day, values: [1, gap, gap]),
    Case(cells: ["1970-01-02 12:00:00", "1970-01-01 06:00:00"], kind: .day, values: [1.5, 0.25]),
  ]

  @Test(
    "text files: the kind follows from all cells, and what stands for missing is missing", arguments: cases)
  func textFile(_ example: Case) throws {
    let file = try folder.file(["key,x"] + example.cells.map { "k,\($0)" })
    #expect(try file.kind(of: "x") == example.kind)
    #expect(same(try file.values(of: "x"), example.values))
  }

  @Test("Parquet with texts gives what the text file gives", arguments: cases)
  func textsInParquet(_ example: Case) throws {
    let rows = example.cells.map { "('\($0.replacing("\"", with: ""))')" }.joined(separator: ", ")
    let file = try folder.parquet("SELECT x FROM (VALUES \(rows)) AS t(x)")
    // A moment in a text is read to the day.
    let values =
      example.cells.contains { $0.contains(":") } ? example.values.map { $0.rounded(.down) } : example.values
    #expect(try file.kind(of: "x") == example.kind)
    #expect(same(try file.values(of: "x"), values))
  }

  @Test("Parquet types: numbers of every width, booleans, dates, moments, enumerations")
  func parquetTypes() throws {
    let file = try folder.parquet(
      """
      SELECT CAST(a AS DECIMAL(8, 2)) AS decimal, CAST(a AS UTINYINT) AS tiny, CAST(a AS HUGEINT) AS huge,
        a > 2 AS flag, DATE '1970-01-01' + CAST(a AS INTEGER) AS day,
        TIMESTAMP '1970-01-01 12:00:00' AS moment, NULL::VARCHAR AS nothing,
        CAST(CASE a WHEN 2 THEN 'x' ELSE 'y' END AS ENUM('y', 'x')) AS level, [a] AS list
      FROM (VALUES (2), (3), (NULL)) AS t(a)
      """)
    #expect(same(try file.values(of: "decimal"), [2, 3, .nan]))
    #expect(same(try file.values(of: "tiny"), [2, 3, .nan]))
    #expect(same(try file.values(of: "huge"), [2, 3, .nan]))
    #expect(try file.kind(of: "flag") == .flag)
    #expect(same(try file.values(of: "flag"), [0, 1, .nan]))
    #expect(try file.kind(of: "day") == .day)
    #expect(same(try file.values(of: "day"), [2, 3, .nan]))
    #expect(same(try file.values(of: "moment"), [0.5, 0.5, 0.5]))
    #expect(try file.kind(of: "nothing") == .number)
    #expect(same(try file.values(of: "nothing"), [.nan, .nan, .nan]))
    #expect(try file.kind(of: "level") == .category(levels: ["x", "y"]))
    #expect(try file.kind(of: "list") == .unusable(type: "INTEGER[]"))
  }

  @Test(
    "texts in one cell of a hundred leave numbers what they are, are missing, and are told by their place")
  func strayTexts() throws {
    var cells = (0..<400).map { "\(Double($0) / 8)" }
    for (row, text) in [250: "pi", 7: "", 300: "?", 20: "-", 320: "tau"] { cells[row] = text }
    let table = try folder.file(["k,x"] + cells.map { "k,\($0)" }).load(["x"])
    let decision = try table.decide(0)
    #expect(decision.kind == .number)
    #expect(decision.stray?.cells == 2 && decision.stray?.firstRow == 251)
    #expect(decision.reading.counts(in: table) == .init(missing: 3, unseen: 2))
    let values = table.matrix([decision.reading]).withUnsafeElements { Array($0) }
    #expect(values[250].isNaN && values[320].isNaN && values[321] == 321.0 / 8)
    // A model of numbers reads them in the same way.
    let reading = try table.reading(0, as: .number, admitsStrays: true)
    #expect(reading.counts(in: table) == .init(missing: 3, unseen: 2))
    #expect(throws: TableError.self) { try table.reading(0, as: .number) }
    for row in 0..<6 { cells[row] = "none of \(row)" }
    let more = try folder.file(["k,x"] + cells.map { "k,\($0)" }).load(["x"])
    #expect(try more.decide(0).stray == nil && more.decide(0).kind != .number)
    #expect(try more.reading(0, as: .number, admitsStrays: true).counts(in: more).unseen == 8)
    for row in 0..<250 { cells[row] = "none of \(row)" }
    let most = try folder.file(["k,x"] + cells.map { "k,\($0)" }).load(["x"])
    #expect(throws: TableError.self) { try most.reading(0, as: .number, admitsStrays: true) }
  }

  @Test("names that stand twice are told with what they are called instead")
  func repeatedNames() throws {
    let file = try folder.file(["x,y,x,X,x_1", "1,2,3,4,5"])
    #expect(Set(file.columns.map(\.name)).count == 5)
    let renamed = file.renamedColumns
    #expect(renamed.allSatisfy { $0.written.lowercased() == "x" || $0.written == "x_1" })
    #expect(renamed.count >= 2 && renamed.contains { $0.name == file.columns[2].name })
    #expect(try folder.file(["x,x_1,y", "1,2,3"]).renamedColumns.isEmpty)
    #expect(try folder.file(["x;a b;y", "1;2;3"]).renamedColumns.isEmpty)
  }

  @Test("values far below decide, too: all rows are looked at")
  func lateText() throws {
    let rows = (0..<70_000).map { "\($0 % 50)" } + Array(repeating: "fifty", count: 800)
    let file = try folder.file(["x"] + rows)
    guard case .category(let levels) = try file.kind(of: "x") else {
      Issue.record("the last rows are texts")
      return
    }
    #expect(levels.count == 51)
  }

  @Test("texts with nearly as many values as rows are identifiers, repeated ones are not")
  func identifiers() throws {
    let file = try folder.file(["id,city"] + (0..<40).map { "C\($0),city \($0 % 20)" })
    #expect(try file.kind(of: "id") == .identifier(levels: 40))
    guard case .category(let levels) = try file.kind(of: "city") else {
      Issue.record("twenty cities in forty rows are levels")
      return
    }
    #expect(levels.count == 20)
  }

  @Test("whole numbers that differ in every row are told, amounts and repeated numbers are not")
  func keys() throws {
    let file = try folder.file(
      ["key,amount,count"] + (0..<40).map { "\(1000 - 7 * $0),\(Double($0) + 0.5),\($0 % 39)" })
    let table = try file.load(["key", "amount", "count"])
    #expect(try (0..<3).map { try table.decide($0).isDistinct } == [true, false, false])
  }

  @Test("an infinite value is refused with its column and row", arguments: ["inf", "-Infinity", "1e999"])
  func infinite(_ cell: String) throws {
    let file = try folder.file(["x"] + ["1", "2", cell, "4"])
    let error = try #require(throws: TableError.self) { try file.kind(of: "x") }
    #expect(error.code == .badData)
    #expect(error.message.contains("\"x\" is infinite in row 3"), "\(error)")
  }

  @Test("text stays as it is written where text is wanted")
  func wantedText() throws {
    let file = try folder.file(["id,x", "007,1", "008,2"])
    let table = try file.load(["id"], asTexts: ["id"])
    let dictionary = try #require(table.columns[0].dictionary)
    #expect((0..<2).map { dictionary.texts[$0] } == ["007", "008"])
  }
}
