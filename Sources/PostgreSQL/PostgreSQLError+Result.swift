import CPostgreSQL

extension PostgreSQLError {
  /// The class "data exception", whose messages quote the value that could not be read.
  private static let dataException = "22"

  /// What a statement's result says about its failure.
  init(result: OpaquePointer?) {
    // libpq's codes of the fields of an error: 'C' and 'M'.
    let state = result.flatMap { PQresultErrorField($0, Int32(UInt8(ascii: "C"))) }.map {
      String(cString: $0)
    }
    let message = result.flatMap { PQresultErrorField($0, Int32(UInt8(ascii: "M"))) }.map {
      String(cString: $0)
    }
    if let state, state.hasPrefix(Self.dataException) {
      self.init(sqlState: state, message: "a value does not fit its column (SQL state \(state))")
    } else {
      self.init(sqlState: state, message: message ?? "the connection to the server was lost")
    }
  }
}
