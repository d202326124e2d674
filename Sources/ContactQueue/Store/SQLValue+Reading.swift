// Cells as what a column holds; a database whose columns hold something else is not a queue.

extension SQLValue {
  var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  var real: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  var blob: [UInt8]? {
    if case .blob(let value) = self { value } else { nil }
  }

  var pseudonym: Pseudonym? { blob.flatMap { Pseudonym(bytes: $0) } }

  init(_ name: Pseudonym) { self = .blob(name.bytes) }
  init(_ moment: Moment) { self = .integer(moment.milliseconds) }
  init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
  init(_ number: Double?) { self = number.map(SQLValue.real) ?? .null }
  init(_ count: Int) { self = .integer(Int64(count)) }
}

extension QueueError {
  /// A row has a column that cannot be.
  static func damaged(_ table: String) -> QueueError {
    QueueError(
      .badData, "The table \(table) of the queue holds a row that cannot be.",
      next: "Run `revisit outreach verify`, and restore the queue from a copy.")
  }
}
