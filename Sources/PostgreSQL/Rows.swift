import CPostgreSQL

/// What a statement gave: rows, or the number of rows that it changed.
public final class Rows {
  private let result: OpaquePointer

  /// Takes over the result.
  ///
  /// - Throws: what the server said if the statement failed.
  init(checking result: OpaquePointer?) throws(PostgreSQLError) {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_COPY_IN: self.result = result!
    default:
      let failure = PostgreSQLError(result: result)
      PQclear(result)
      throw failure
    }
  }

  deinit {
    PQclear(result)
  }

  public var count: Int { Int(PQntuples(result)) }

  public var columns: Int { Int(PQnfields(result)) }

  /// How many rows a statement changed that changes rows.
  public var changed: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// What the server says it did, such as `COMMIT`.
  var command: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

  /// What PostgreSQL calls the type of a column by number (`pg_type.oid`), as far as it is known here.
  public func kind(column: Int) -> Kind { Kind(type: PQftype(result, Int32(column))) }

  /// The text form of one cell, valid as long as these rows; `nil` for NULL.
  public func text(row: Int, column: Int) -> UnsafeBufferPointer<UInt8>? {
    guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
    let start = UnsafeRawPointer(PQgetvalue(result, Int32(row), Int32(column)))
    let count = Int(PQgetlength(result, Int32(row), Int32(column)))
    return UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count)
  }

  /// What is told apart among types.
  public enum Kind: Sendable {
    case truth, integer, real, decimal, bytes, other

    /// The numbers are fixed by PostgreSQL's catalogue (`pg_type.dat`).
    init(type: Oid) {
      switch type {
      case 16: self = .truth
      case 20, 21, 23, 26: self = .integer
      case 700, 701: self = .real
      case 1700: self = .decimal
      case 17: self = .bytes
      default: self = .other
      }
    }
  }
}
