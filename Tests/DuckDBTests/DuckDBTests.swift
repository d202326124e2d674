import Testing

@testable import DuckDB

@Suite("DuckDB")
struct DuckDBTests {
  @Test("chunks are read as typed columns, nulls and long texts included")
  func readsTypedColumns() throws {
    let connection = try Database().connect()
    let result = try connection.query(
      """
      SELECT i::INTEGER AS number, CASE WHEN i % 3 = 0 THEN NULL ELSE 'text number ' || i END AS words,
             DATE '2020-01-01' + i::INTEGER AS day, i / 2.0::DOUBLE AS half
      FROM range(5000) AS r(i)
      """)
    #expect(result.columnNames == ["number", "words", "day", "half"])
    #expect(result.columnTypes == [.integer, .text, .date, .double])
    var rows = 0
    try result.forEachChunk { chunk in
      let numbers = chunk.column(0).values(as: Int32.self)
      let words = chunk.column(1)
      let days = chunk.column(2).values(as: Int32.self)
      let halves = chunk.column(3).values(as: Double.self)
      for row in 0..<chunk.rowCount {
        #expect(numbers[row] == Int32(rows))
        #expect(words.string(row) == (rows % 3 == 0 ? nil : "text number \(rows)"))
        #expect(days[row] == 18262 + Int32(rows))
        #expect(halves[row] == Double(rows) / 2)
        rows += 1
      }
    }
    #expect(rows == 5000)
  }

  @Test("appended rows come back as they were")
  func appends() throws {
    let connection = try Database().connect()
    try connection.execute("CREATE TABLE t (id VARCHAR, n INTEGER, x DOUBLE, ok BOOLEAN)")
    let appender = try Appender(
      connection: connection, table: "t", types: [.text, .integer, .double, .boolean])
    for i in 0..<3000 {
      appender.set(0, text: "customer-\(i)-with-a-long-name")
      appender.set(1, i % 5 == 0 ? nil : Int32(i))
      appender.set(2, Double(i) / 4)
      appender.set(3, i % 2 == 0)
      try appender.endRow()
    }
    try appender.finish()
    let result = try connection.query(
      "SELECT count(*)::INTEGER, count(n)::INTEGER, sum(x), count(DISTINCT id)::INTEGER, count(*) FILTER (ok) ::INTEGER FROM t"
    )
    var rows = 0
    try result.forEachChunk { chunk in
      rows += chunk.rowCount
      #expect(chunk.column(0).values(as: Int32.self)[0] == 3000)
      #expect(chunk.column(1).values(as: Int32.self)[0] == 2400)
      #expect(chunk.column(2).values(as: Double.self)[0] == 1_124_625)
      #expect(chunk.column(3).values(as: Int32.self)[0] == 3000)
      #expect(chunk.column(4).values(as: Int32.self)[0] == 1500)
    }
    #expect(rows == 1)
  }

  @Test("a query reads blocks of rows as they are made, in order, missing values and long texts included")
  func readsBlocks() throws {
    let connection = try Database(settings: ["threads": "1"]).connect()
    let types: [ColumnType] = [.text, .double, .integer]
    let library = try DuckDBLibrary.shared()
    let sizes = [RowBlock.capacity, 1, 700]
    var blocks: [RowBlock] = []
    var numbers: [Double] = []
    for size in sizes {
      let block = RowBlock(types: types, library: library)
      let first = numbers.count
      for row in first..<first + size {
        block.set(0, text: row % 7 == 0 ? nil : row % 2 == 0 ? "林\(row)" : "a name longer than twelve \(row)")
        block.set(2, row % 11 == 0 ? nil : Int32(row))
        block.endRow()
        numbers.append(row % 5 == 0 ? .nan : row % 13 == 0 ? -.infinity : Double(row) / 3)
      }
      // Every second number of an array: the stride is that of a row.
      let spread: [Double] = numbers[first...].flatMap { [$0, 0] }
      spread.withUnsafeBufferPointer { spread in
        for start in stride(from: 0, to: size, by: RowBlock.rowsPerWord) {
          block.setNumbers(
            1, first: start, count: min(RowBlock.rowsPerWord, size - start),
            from: spread.baseAddress! + start * 2, stride: 2)
        }
      }
      blocks.append(block)
    }
    let source = Blocks(blocks)
    try connection.register("made", names: ["name", "x", "n"], types: types) { source.next() }
    let result = try connection.query("FROM made()")
    #expect(result.columnNames == ["name", "x", "n"] && result.columnTypes == types)
    var row = 0
    try result.forEachChunk { chunk in
      for index in 0..<chunk.rowCount {
        let name = row % 7 == 0 ? nil : row % 2 == 0 ? "林\(row)" : "a name longer than twelve \(row)"
        #expect(chunk.column(0).string(index) == name)
        #expect(chunk.column(1).isValid(index) == numbers[row].isFinite)
        if numbers[row].isFinite {
          #expect(chunk.column(1).values(as: Double.self)[index] == numbers[row])
        }
        #expect(chunk.column(2).isValid(index) == (row % 11 != 0))
        if row % 11 != 0 { #expect(chunk.column(2).values(as: Int32.self)[index] == Int32(row)) }
        row += 1
      }
    }
    #expect(row == sizes.reduce(0, +))
  }

  @Test("a failing statement throws DuckDB's own message")
  func errorsCarryTheMessage() throws {
    let connection = try Database().connect()
    let error = #expect(throws: DuckDBError.self) { try connection.query("SELECT nothing FROM nowhere") }
    #expect(error?.code == .queryFailed)
    #expect(error?.message.contains("nowhere") == true)
  }

  @Test("a query that fails on its way throws instead of ending early")
  func lateErrorsAreThrown() throws {
    let connection = try Database().connect()
    #expect(throws: DuckDBError.self) {
      let result = try connection.query(
        "SELECT CASE WHEN i = 199999 THEN error('late') ELSE i::VARCHAR END FROM range(200000) AS r(i)")
      try result.forEachChunk { _ in }
    }
  }

  @Test("a message never carries a number long enough to be a phone")
  func masksLongNumbers() {
    let error = DuckDBError(.queryFailed, "cannot convert '13812345678' in row 1234")
    #expect(error.description == "cannot convert '…' in row 1234")
    let fullWidth = DuckDBError(.queryFailed, "Binder Error: no column １３８１２３４５６７８")
    #expect(fullWidth.description == "Binder Error: no column …")
  }

  @Test(
    "of an error that comes from a value, only DuckDB's own words, the line, the column and the type are shown"
  )
  func leavesCellsOut() {
    let csv = DuckDBError(
      .queryFailed,
      "Conversion Error: CSV Error on Line: 12\nOriginal Line: C1,Li 'Lei\", x@y\nError when converting column \"name\". "
        + "Could not convert string \"Li 'Lei\"\" to 'DATE'\n\nColumn name is being converted as type DATE")
    #expect(csv.description == "Conversion Error: Could not convert string to DATE, line 12, column name")
    let value = DuckDBError(.queryFailed, "Invalid Input Error: missing ): Li Lei(")
    #expect(value.description == "Invalid Input Error: a value cannot be used")
    let binder = DuckDBError(.queryFailed, "Binder Error: Referenced column \"OWNER\" not found")
    #expect(binder.description == "Binder Error: Referenced column \"OWNER\" not found")
  }

  @Test("a library that is not there is named, with the next step")
  func missingLibrary() {
    let error = #expect(throws: DuckDBError.self) {
      try DuckDBLibrary.find(environment: ["REVISIT_DUCKDB_LIBRARY": "/nowhere/libduckdb.so"])
    }
    #expect(error?.code == .libraryNotFound)
    #expect(error?.message.contains("/nowhere/libduckdb.so") == true)
    #expect(error?.message.contains("make setup") == true)
  }
}

/// Blocks to be read one after the other.
private final class Blocks: @unchecked Sendable {
  private var rest: [RowBlock]

  init(_ blocks: [RowBlock]) { rest = blocks.reversed() }

  func next() -> RowBlock? { rest.popLast() }
}
