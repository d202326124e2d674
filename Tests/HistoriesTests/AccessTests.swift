import Foundation
import Testing

@testable import Histories

@Suite("A mapping's SQL reads the folder and nothing else")
struct AccessTests {
  private static let secret = "customer_id,name\nTOP,SECRET\n"

  private func load(customers sql: String, outside: DataFiles) throws -> Histories {
    let files = try SmallGroup.files()
    let text = sql.replacingOccurrences(of: "OUTSIDE", with: outside.path)
      .replacingOccurrences(of: "SIBLING", with: outside.url.lastPathComponent)
    try files.write(
      Data("tables:\n  visits: visits.csv\n  customers:\n    sql: |\n      \(text)\n".utf8),
      to: "revisit.yaml")
    return try files.load()
  }

  @Test("SQL over the folder's files works, comments and all")
  func reads() throws {
    let outside = try DataFiles()
    let histories = try load(
      customers: "SELECT customer_id, upper(name) AS name FROM read_csv('customers.csv') -- it's all",
      outside: outside)
    #expect(histories.customers.names[0] == "LI LEI")
    #expect(histories.report.tables.first?.source == "revisit.yaml: customers")
  }

  @Test(
    "whatever lies outside the folder cannot be read",
    arguments: [
      "SELECT customer_id, name FROM read_csv('OUTSIDE/secret.csv')",
      "SELECT customer_id, name FROM 'OUTSIDE/secret.csv'",
      "SELECT customer_id, name FROM read_csv('../SIBLING/secret.csv')",
      "SELECT customer_id, name FROM read_csv('sub/../../SIBLING/secret.csv')",
      "SELECT customer_id, name FROM read_csv('../SIBLING/' || 'secret.csv')",
      "SELECT 'x' AS customer_id, content AS name FROM read_text('/etc/passwd')",
      "SELECT 'x' AS customer_id, content AS name FROM read_text('/etc/hostname')",
      "SELECT 'x' AS customer_id, content::VARCHAR AS name FROM read_blob('OUTSIDE/secret.csv')",
      "SELECT 'x' AS customer_id, file AS name FROM glob('OUTSIDE/*')",
      "SELECT 'x' AS customer_id, column0 AS name FROM read_csv('/etc/passwd', header = false, columns = {'column0': 'VARCHAR'}, delim = '~')",
      "SELECT customer_id, name FROM read_csv('https://example.com/customers.csv')",
    ])
  func outside(_ sql: String) throws {
    let outside = try DataFiles(["secret.csv": Self.secret])
    let error = #expect(throws: HistoriesError.self) { _ = try load(customers: sql, outside: outside) }
    #expect(error?.code == .badData)
    #expect(error?.description.contains("SECRET") == false)
    #expect(error?.description.contains("root:") == false)
  }

  @Test(
    "SQL cannot write, change settings, or run a second statement",
    arguments: [
      "COPY (SELECT 1 AS customer_id) TO 'stolen.csv'",
      "SELECT 1 AS customer_id) AS a; COPY (SELECT 1) TO 'stolen.csv'; SELECT * FROM (SELECT 2 AS customer_id",
      "SELECT 1 AS customer_id; COPY (SELECT 1) TO 'stolen.csv'",
      "SELECT 1 AS customer_id) AS a; SET enable_external_access = true; SELECT * FROM (SELECT 2 AS customer_id",
      "CREATE TABLE t AS SELECT 1 AS customer_id",
      "ATTACH 'stolen.csv'",
      "INSTALL httpfs",
      "DELETE FROM x",
    ])
  func writing(_ sql: String) throws {
    let outside = try DataFiles()
    let files = try SmallGroup.files([
      "revisit.yaml": "tables:\n  visits: visits.csv\n  customers:\n    sql: |\n      \(sql)\n"
    ])
    let before = try FileManager.default.contentsOfDirectory(atPath: files.path).sorted()
    #expect(throws: HistoriesError.self) { try files.load() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: files.path).sorted() == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path).isEmpty)
  }

  @Test("an error in the mapping's SQL carries DuckDB's words, the file and the table")
  func sqlErrors() throws {
    let outside = try DataFiles()
    let error = #expect(throws: HistoriesError.self) {
      _ = try load(
        customers: "SELECT OWNER_NO AS customer_id FROM read_csv('customers.csv')", outside: outside)
    }
    #expect(error?.code == .badData)
    for word in ["revisit.yaml", "customers", "OWNER_NO", "customer_id"] {
      #expect(error?.what.contains(word) == true, "\(error?.what ?? "") lacks \(word)")
    }
  }

  @Test("a file that the SQL names but is not there is named without the folder's path")
  func missingFile() throws {
    let outside = try DataFiles()
    let error = #expect(throws: HistoriesError.self) {
      _ = try load(customers: "SELECT * FROM read_csv('owner_*.csv')", outside: outside)
    }
    #expect(error?.what.contains("owner_*.csv") == true)
    #expect(error?.what.contains("/histories-") == false, "\(error?.what ?? "")")
  }
}
