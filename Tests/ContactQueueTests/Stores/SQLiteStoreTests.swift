import Foundation
import Temporaries
import Testing

@testable import ContactQueue

@Suite("The store in a file of SQLite")
struct SQLiteStoreTests {
  private let folder: TemporaryFolder
  private var path: String { folder.url.appendingPathComponent("queue.db").path }

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test("It does what every store does", arguments: StoreConformance.checks)
  func conformance(_ check: StoreConformance.Check) throws {
    try check.run(try SQLiteStore(path: path, creating: true))
  }

  @Test("Its files are readable by their owner alone, also where the file was there before")
  func modes() throws {
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(chmod(path, 0o644) == 0)
    let store = try SQLiteStore(path: path, creating: false)
    try store.write { (session) throws(QueueError) in try session.run("CREATE TABLE thing (id int)", []) }
    for file in store.files {
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
    }
  }

  @Test("Commits wait for the disk, deleted content is overwritten, foreign keys hold")
  func settings() throws {
    let store = try SQLiteStore(path: path, creating: true)
    let values = try store.write { (session) throws(QueueError) in
      try ["journal_mode", "synchronous", "secure_delete", "foreign_keys"].map { name throws(QueueError) in
        try session.rows("PRAGMA \(name)", [])[0][0]
      }
    }
    #expect(values == [.text("wal"), .integer(2), .integer(1), .integer(1)])
  }

  @Test("Another process that writes for too long is an error to try again after")
  func locked() throws {
    let store = try SQLiteStore(path: path, creating: true, patience: 50)
    let other = try SQLiteStore(path: path, creating: false)
    try other.write { (session) throws(QueueError) in
      try session.run("CREATE TABLE thing (id int)", [])
      let failure = #expect(throws: QueueError.self) {
        try store.write { (session) throws(QueueError) in try session.run("SELECT 1", []) }
      }
      #expect(failure?.code == .tryAgain)
    }
    try store.write { (session) throws(QueueError) in try session.run("INSERT INTO thing VALUES (1)", []) }
  }

  @Test("A file that is missing, no database, or a folder is told apart")
  func unusable() throws {
    #expect(throws: QueueError.self) { try SQLiteStore(path: path, creating: false) }
    func code(_ path: String, creating: Bool = false) -> QueueError.Code? {
      do {
        _ = try SQLiteStore(path: path, creating: creating)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(path) == .notFound)
    #expect(code(path + "/below", creating: true) == .notFound)
    let missingFolder = #expect(throws: QueueError.self) {
      try SQLiteStore(path: path + "/below", creating: true)
    }
    #expect(missingFolder?.what.contains("no folder \(path)") == true)
    try Data("customer_id,vin\n".utf8 + [UInt8](repeating: 65, count: 4096)).write(
      to: URL(fileURLWithPath: path))
    #expect(code(path) == .badData)
    #expect(code(folder.url.path) == .badData)
  }

  @Test("The log of writes is empty after it was asked to be")
  func emptyLog() throws {
    let store = try SQLiteStore(path: path, creating: true)
    try store.write { (session) throws(QueueError) in
      try session.run("CREATE TABLE thing (name text)", [])
      try session.run("INSERT INTO thing VALUES ('a word to be forgotten')", [])
    }
    try store.write { (session) throws(QueueError) in try session.run("DELETE FROM thing", []) }
    try store.emptyLog()
    for file in store.files {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      #expect(bytes.range(of: Data("to be forgotten".utf8)) == nil, "\(file)")
    }
  }
}
