/// Brings a database from one version of the schema to another, all steps in one transaction.
struct Migrator {
  let store: any QueueStore

  /// The version in the database; 0 for an empty one.
  func version() throws(QueueError) -> Int {
    try store.read { session throws(QueueError) in try Self.version(session) }
  }

  static func version(_ session: any SQLSession) throws(QueueError) -> Int {
    let exists =
      switch session.dialect {
      case .sqlite: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
      case .postgresql: "SELECT CASE WHEN to_regclass('schema_version') IS NULL THEN 0 ELSE 1 END::BIGINT"
      }
    guard try session.rows(exists, []).first?[0].integer == 1 else { return 0 }
    return Int(try session.rows("SELECT version FROM schema_version", []).first?[0].integer ?? 0)
  }

  /// - Throws: `badData` when the database is newer than this program.
  func migrate(to target: Int = Migration.newest) throws(QueueError) {
    try store.write { session throws(QueueError) in
      let start = try Self.version(session)
      try Self.check(notNewer: start)
      guard start != target else { return }
      if start == 0 {
        for statement in Self.versionTable(session.dialect) { try session.run(statement, []) }
      }
      let steps =
        start < target
        ? Migration.all.filter { $0.version > start && $0.version <= target }
        : Migration.all.reversed().filter { $0.version <= start && $0.version > target }
      for step in steps {
        for statement in start < target ? step.up(session.dialect) : step.down(session.dialect) {
          try session.run(statement, [])
        }
      }
      if target == 0 {
        try session.run("DROP TABLE schema_version", [])
      } else {
        try session.run("UPDATE schema_version SET version = $1", [.integer(Int64(target))])
      }
    }
  }

  static func check(notNewer version: Int) throws(QueueError) {
    guard version > Migration.newest else { return }
    throw QueueError(
      .badData, "The queue has version \(version); this program knows versions up to \(Migration.newest).",
      next: "Use the program that wrote it, or a newer one. Nothing was changed.")
  }

  private static func versionTable(_ dialect: SQLDialect) -> [String] {
    let type = dialect == .sqlite ? "INTEGER" : "BIGINT"
    return [
      "CREATE TABLE schema_version (version \(type) NOT NULL)",
      "INSERT INTO schema_version (version) VALUES (0)",
    ]
  }
}
