/// The queue: what tasks are, how they move and who may be contacted, over any store.
///
/// Every method is one transaction: it happens altogether or not at all, and has reached the disk when it returns.
/// There is no clock in here; callers say when it is.
public final class TaskQueue: Sendable {
  public let store: any QueueStore
  public let vault: Vault
  public let rules: RetryRules

  private init(store: any QueueStore, vault: Vault, rules: RetryRules) {
    self.store = store
    self.vault = vault
    self.rules = rules
  }

  /// Opens a queue.
  ///
  /// - Throws: `notFound` when the database holds no queue; `badData` when it is of another version, or was made with
  ///   another key.
  public static func open(
    store: any QueueStore, vault: Vault, rules: RetryRules = RetryRules()
  ) throws(QueueError) -> TaskQueue {
    let version = try Migrator(store: store).version()
    try Migrator.check(notNewer: version)
    guard version > 0 else {
      throw QueueError(
        .notFound, "There is no queue in this database.", next: "`revisit outreach migrate` makes one.")
    }
    guard version == Migration.newest else {
      throw QueueError(
        .badData, "The queue has version \(version), this program writes version \(Migration.newest).",
        next: "Run `revisit outreach migrate` once.")
    }
    let fingerprint = try store.read { session throws(QueueError) in
      try Settings.value(.keyFingerprint, session)
    }
    guard fingerprint == vault.fingerprint.text else {
      throw QueueError(
        .badData, "The key is not the one that the queue was made with.",
        next: "Give the queue's own key file with --key.")
    }
    return TaskQueue(store: store, vault: vault, rules: rules)
  }

  /// Makes a queue in an empty database, or brings an older one up to date; then opens it.
  public static func create(
    store: any QueueStore, vault: Vault, rules: RetryRules = RetryRules(), at now: Moment
  ) throws(QueueError) -> TaskQueue {
    try Migrator(store: store).migrate()
    try store.write { session throws(QueueError) in
      guard try Settings.value(.id, session) == nil else { return }
      let id = Pseudonym.random().text
      try Settings.set(.id, id, session)
      try Settings.set(.keyFingerprint, vault.fingerprint.text, session)
      try Settings.set(.isSealing, vault.isSealing ? "1" : "0", session)
      try session.run(
        "INSERT INTO chain (id, seq, hash) VALUES (1, 0, $1)", [.blob(EventHasher.origin(queue: id))])
      let log = ChangeLog(session, at: now)
      log.record(.created, detail: "version=\(Migration.newest)")
      try log.finish()
    }
    return try open(store: store, vault: vault, rules: rules)
  }

  /// The version of the schema in a database; 0 when there is no queue.
  public static func version(of store: any QueueStore) throws(QueueError) -> Int {
    try Migrator(store: store).version()
  }

  /// Brings the schema to a version, up or down; 0 removes the queue.
  public static func migrate(_ store: any QueueStore, to version: Int = Migration.newest) throws(QueueError) {
    try Migrator(store: store).migrate(to: version)
  }

  /// Whether a queue's personal fields are sealed; `nil` where there is no queue yet.
  public static func isSealing(_ store: any QueueStore) throws(QueueError) -> Bool? {
    guard try version(of: store) == Migration.newest else { return nil }
    return try store.read { session throws(QueueError) in
      try Settings.value(.isSealing, session).map { $0 == "1" }
    }
  }

  /// Runs one transaction and writes its events at the end.
  func change<Result>(
    at now: Moment, _ body: (ChangeLog) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    try store.write { session throws(QueueError) in try Self.logged(session, now, body) }
  }

  /// The same for a body that reads a source which goes forward only.
  func changeOnce<Result>(
    at now: Moment, _ body: (ChangeLog) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    try store.writeOnce { session throws(QueueError) in try Self.logged(session, now, body) }
  }

  private static func logged<Result>(
    _ session: any SQLSession, _ now: Moment, _ body: (ChangeLog) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    let log = ChangeLog(session, at: now)
    let result = try body(log)
    try log.finish()
    return result
  }
}

/// The settings of a queue, by name.
enum Settings {
  enum Name: String {
    case id
    case keyFingerprint = "key_fingerprint"
    case isSealing = "is_sealing"
    case paused
  }

  static func value(_ name: Name, _ session: any SQLSession) throws(QueueError) -> String? {
    try session.rows("SELECT value FROM setting WHERE name = $1", [.text(name.rawValue)]).first?[0].text
  }

  static func set(_ name: Name, _ value: String, _ session: any SQLSession) throws(QueueError) {
    try session.run(
      """
      INSERT INTO setting (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """, [.text(name.rawValue), .text(value)])
  }
}

extension Pseudonym {
  /// 16 bytes from the system's random source.
  static func random() -> Pseudonym {
    var source = SystemRandomNumberGenerator()
    return Pseudonym(high: source.next(), low: source.next())
  }
}
