import Foundation
import Tables
import Testing

/// Files as they come: formats, encodings, blocks of rows, and what cannot be read.
@Suite("Table files")
struct TableFileTests {
  private let folder: TableFolder

  init() throws { folder = try TableFolder() }

  @Test("rows keep their order and values across blocks")
  func manyRows() throws {
    let file = try folder.parquet(
      "SELECT i AS a, CASE i % 3 WHEN 0 THEN NULL ELSE i * 0.5 END AS b, 'L' || i % 7 AS c FROM range(150000) AS t(i)"
    )
    let table = try file.load(["c", "a", "b"])
    #expect(table.rows == 150_000)
    let readings = try (0..<3).map { try table.decide($0).reading }
    let matrix = table.matrix(readings)
    for row in [0, 1, 2047, 2048, 65_535, 65_536, 131_072, 149_999] {
      #expect(matrix[row, 0] == Double(row % 7))
      #expect(matrix[row, 1] == Double(row))
      #expect(row % 3 == 0 ? matrix[row, 2].isNaN : matrix[row, 2] == Double(row) / 2)
    }
    #expect(readings[2].counts(in: table).missing == 50_000)
  }

  @Test("separators are found, quoted cells may hold them, and the columns keep their names")
  func dialects() throws {
    let file = try folder.file(["a;b c;d", "1;\"x;y\";2", "3;\"z \"\"q\"\"\";4"])
    #expect(file.columns.map(\.name) == ["a", "b c", "d"])
    #expect(try file.kind(of: "b c") == .category(levels: ["x;y", "z \"q\""]))
    let tabs = try folder.file(["a\tb", "1\tx", "2\ty"], name: "t.tsv")
    #expect(try tabs.kind(of: "b") == .category(levels: ["x", "y"]))
  }

  @Test("the number of a text's rows is known about, that of a short one exactly")
  func estimate() throws {
    #expect(try folder.file(["a,b", "1,x", "2,y", "3,z"]).estimatedRows == 3)
    let long = try folder.file(
      ["a,b"] + (0..<400_000).map { "\($0),\(String(repeating: "x", count: $0 % 17))" }, name: "long.csv")
    let rows = try #require(long.estimatedRows)
    #expect(abs(Double(rows) / 400_000 - 1) < 0.02, "\(rows)")
    #expect(try folder.parquet("SELECT 1 AS a").estimatedRows == nil)
  }

  @Test("names that are patterns or hold quotes are names")
  func oddNames() throws {
    let file = try folder.file(["it's,\"a \"\"b\"\"\"", "1,2", "3,4"], name: "it's [1]*.csv")
    #expect(file.columns.map(\.name) == ["it's", "a \"b\""])
    #expect(same(try file.values(of: "a \"b\""), [2, 4]))
  }

  @Test("GB18030 is recognised, and said")
  func otherEncoding() throws {
    // 门店,值 / 北京,1 / 上海,2
    let bytes: [UInt8] =
      [0xC3, 0xC5, 0xB5, 0xEA, 0x2C, 0xD6, 0xB5, 0x0A, 0xB1, 0xB1, 0xBE, 0xA9, 0x2C, 0x31, 0x0A]
      + [0xC9, 0xCF, 0xBA, 0xA3, 0x2C, 0x32, 0x0A]
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("g.csv")))
    let file = try TableFile(folder.path("g.csv"))
    #expect(file.isGuessedGB18030)
    #expect(file.columns.map(\.name) == ["门店", "值"])
    #expect(try file.kind(of: "门店") == .category(levels: ["上海", "北京"]))
  }

  @Test("what cannot be read is one error with the file's name and the next step")
  func unreadable() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path("empty.csv")))
    try Data("no table".utf8).write(to: URL(fileURLWithPath: folder.path("damaged.parquet")))
    let cases: [(String, TableError.Code, String)] = [
      ("absent.csv", .inputMissing, "There is no file"),
      ("sheet.xlsx", .unknownFormat, "Save it as one of these"),
      ("empty.csv", .badData, "empty.csv is empty"), ("damaged.parquet", .badData, "a whole Parquet file"),
    ]
    for (name, code, says) in cases {
      let error = try #require(throws: TableError.self) { try TableFile(folder.path(name)) }
      #expect(error.code == code, "\(error)")
      #expect(error.message.contains(says), "\(error)")
    }
    let bare = try folder.file(["a,b"], name: "bare.csv")
    let error = try #require(throws: TableError.self) { try bare.load(["a"]) }
    #expect(error.message.contains("holds no row"), "\(error)")
  }

  @Test("a row of another length is an error with its line and without its cells")
  func ragged() throws {
    let error = try #require(throws: TableError.self) {
      let file = try folder.file(["a,b"] + (0..<3000).map { "\($0),1" } + ["13800138000,2,secret"])
      _ = try file.load(["a", "b"])
    }
    #expect(error.code == .badData)
    #expect(error.message.contains("as many cells as"), "\(error)")
    #expect(!error.message.contains("13800138000") && !error.message.contains("secret"), "\(error)")
  }

  @Test("a last row that is too short is an error with its line, not a table of one column")
  func shortRow() throws {
    let error = try #require(throws: TableError.self) {
      try folder.file(["a,b,c"] + (0..<200).map { "\($0),1,2" } + ["secret,1"])
    }
    #expect(error.code == .badData)
    #expect(error.message.contains("202"), "\(error)")
    #expect(!error.message.contains("secret"), "\(error)")
  }

  @Test("a column that is not there is named with the nearest")
  func nearestName() throws {
    let file = try folder.file(["Churn,tenure", "1,2"])
    for (name, near) in [("churn", "\"Churn\""), ("tenur", "\"tenure\"")] {
      let error = try #require(throws: TableError.self) { try file.column(name, role: "--label") }
      #expect(error.code == .unknownColumn)
      #expect(error.message.contains("Did you mean \(near)?"), "\(error)")
    }
    let error = try #require(throws: TableError.self) { try file.column("zzzzzzzzzz", role: "--label") }
    #expect(error.message.contains("Its columns are \"Churn\", \"tenure\"."), "\(error)")
  }
}
