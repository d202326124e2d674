import CPostgreSQL
import Glibc

/// One connection to a PostgreSQL server; to be used by one thread at a time.
public final class Connection: @unchecked Sendable {
  let handle: OpaquePointer
  /// Names of the statements that the server has prepared, by their text.
  private var prepared: [String: String] = [:]
  /// Statements that were sent and whose answers were not taken yet.
  private var unanswered = 0

  /// Connects.
  ///
  /// - Parameter settings: pairs of libpq's keywords and values, later ones before earlier ones; the value of `dbname` may
  ///   be a whole URL.
  /// - Throws: `PostgreSQLError`; why a connection failed stands in its message, without the password.
  public init(settings: [(keyword: String, value: String)]) throws(PostgreSQLError) {
    let words = settings.map { strdup($0.keyword) } + [nil]
    let values = settings.map { strdup($0.value) } + [nil]
    defer { for text in words + values { free(text) } }
    let keywords = words.map { UnsafePointer($0) }
    let expandURL: Int32 = 1
    guard let handle = PQconnectdbParams(keywords, values.map { UnsafePointer($0) }, expandURL) else {
      throw PostgreSQLError(sqlState: nil, message: "there is no memory for a connection")
    }
    self.handle = handle
    // All properties are set: deinit frees the handle also when this throws.
    guard PQstatus(handle) == CONNECTION_OK else { throw Self.connectionFailure(handle) }
    // Notices would go to standard error.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
  }

  deinit {
    PQfinish(handle)
  }

  /// libpq keeps no SQL state of a refused connection; its messages name host, user and database.
  private static func connectionFailure(_ handle: OpaquePointer) -> PostgreSQLError {
    let text = PQerrorMessage(handle).map { String(cString: $0) } ?? "no reason was given"
    let line = text.split(separator: "\n").last.map(String.init) ?? text
    return PostgreSQLError(sqlState: nil, message: line)
  }

  /// Whether the server may still be there, as far as libpq noticed.
  public var isUsable: Bool { PQstatus(handle) == CONNECTION_OK }

  /// Such as 150018 for 15.18.
  public var serverVersion: Int { Int(PQserverVersion(handle)) }

  /// The process on the server that serves this connection.
  public var serverProcess: Int { Int(PQbackendPID(handle)) }

  /// Whether a transaction is open that failed or was not ended.
  public var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }

  /// Runs statements without parameters and drops their results.
  public func execute(_ sql: String) throws(PostgreSQLError) {
    try receive()
    _ = try Rows(checking: PQexec(handle, sql))
  }

  /// Commits the open transaction, together with what was sent before.
  ///
  /// - Returns: `false` if an earlier statement failed and the server undid all instead.
  public func commit() throws(PostgreSQLError) -> Bool {
    guard unanswered > 0 else {
      return try Rows(checking: PQexec(handle, Self.commit)).command == Self.commit
    }
    PQsendQueryParams(handle, Self.commit, 0, nil, nil, nil, nil, 0)
    unanswered += 1
    return try receive() == Self.commit
  }

  private static let commit = "COMMIT"

  /// Runs one statement, prepared once for each text.
  public func run(_ sql: String, _ parameters: borrowing Parameters) throws(PostgreSQLError) -> Rows {
    try receive()
    let name = try preparedName(sql)
    return try Rows(checking: parameters.execute(name, on: handle))
  }

  // MARK: Without waiting

  /// Sends one statement, prepared once for each text, without waiting for the server: the next call that does wait
  /// throws if it failed. To be used within transactions.
  public func send(_ sql: String, _ parameters: borrowing Parameters) throws(PostgreSQLError) {
    if prepared[sql] == nil { try receive() }
    let name = try preparedName(sql)
    if unanswered == 0 { PQenterPipelineMode(handle) }
    unanswered += 1
    parameters.send(name, on: handle)
  }

  /// Takes the answers to all that was sent.
  ///
  /// - Returns: what the server says it did last.
  /// - Throws: the first failure; the server has left out what came after it.
  @discardableResult
  func receive() throws(PostgreSQLError) -> String {
    guard unanswered > 0 else { return "" }
    PQpipelineSync(handle)
    var last = ""
    var failure: PostgreSQLError?
    while unanswered > 0 {
      do {
        last = try Rows(checking: PQgetResult(handle)).command
      } catch {
        failure = failure ?? error
      }
      // Nothing ends the results of a statement.
      PQclear(PQgetResult(handle))
      unanswered -= 1
    }
    // The answer to the call for answers.
    PQclear(PQgetResult(handle))
    PQexitPipelineMode(handle)
    if let failure { throw failure }
    return last
  }

  private func preparedName(_ sql: String) throws(PostgreSQLError) -> String {
    if let name = prepared[sql] { return name }
    let name = "s\(prepared.count)"
    _ = try Rows(checking: PQprepare(handle, name, sql, 0, nil))
    prepared[sql] = name
    return name
  }
}
