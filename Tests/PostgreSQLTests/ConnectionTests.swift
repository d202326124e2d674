import PostgreSQL
import PrivatePostgreSQL
import Testing

@Suite("A connection to PostgreSQL", .enabled(if: PrivatePostgreSQL.isInstalled))
struct ConnectionTests {
  private let connection: Connection

  init() throws {
    let url = try PrivatePostgreSQL.shared().makeDatabase()
    connection = try Connection(settings: [("dbname", url)])
  }

  @Test("After a statement failed the connection goes on, and nothing of a failed transaction is committed")
  func failedStatement() throws {
    try connection.execute("CREATE TABLE thing (id int)")
    try connection.execute("BEGIN; INSERT INTO thing VALUES (1)")
    let failure = #expect(throws: PostgreSQLError.self) { try connection.execute("SELECT nonsense") }
    #expect(failure?.sqlState == "42703")
    #expect(connection.isInTransaction)
    #expect(try connection.commit() == false)
    #expect(try connection.run("SELECT id FROM thing", Parameters()).count == 0)
  }

  @Test("Rows that the server refuses in the middle of COPY leave a connection that can be used")
  func refusedCopy() throws {
    try connection.execute("CREATE TABLE thing (id int PRIMARY KEY)")
    // Rows of one cell of four bytes; the thousandth comes again.
    var rows: [UInt8] = []
    for row in 0..<300_000 {
      let number = row % 1000
      rows += [0, 1, 0, 0, 0, 4, 0, 0]
      rows += [UInt8(number / 256), UInt8(number % 256)]
    }
    let failure = #expect(throws: PostgreSQLError.self) {
      try connection.copy("COPY thing FROM STDIN (FORMAT binary)", binaryRows: rows)
    }
    #expect(failure?.sqlState == "23505")
    #expect(try connection.run("SELECT id FROM thing", Parameters()).count == 0)
  }

  @Test("A statement is prepared once for each text and keeps no values")
  func prepared() throws {
    for number in 0..<3 {
      var parameters = Parameters()
      parameters.append(Int64(number))
      let rows = try connection.run("SELECT $1::int + 1", parameters)
      #expect(rows.text(row: 0, column: 0).map { String(decoding: $0, as: UTF8.self) } == "\(number + 1)")
    }
    let count = try connection.run("SELECT count(*) FROM pg_prepared_statements", Parameters())
    #expect(count.text(row: 0, column: 0).map { String(decoding: $0, as: UTF8.self) } == "2")
  }
}
