import PostgreSQL
import Testing

@Suite("Errors of PostgreSQL")
struct PostgreSQLErrorTests {
  @Test("The message is what is shown")
  func description() {
    #expect(PostgreSQLError(sqlState: "23505", message: "duplicate key").description == "duplicate key")
  }
}
