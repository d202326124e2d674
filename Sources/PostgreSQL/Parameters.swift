import CPostgreSQL

/// The parameters of one statement, written one after the other.
///
/// Numbers go as text, so that the server reads them into whatever type the statement has in their place; bytes go as
/// they are.
public struct Parameters: ~Copyable {
  /// All values one after the other, each with a zero byte behind it.
  private var bytes: [UInt8] = []
  /// Where each value begins in `bytes`; `nil` for NULL.
  private var starts: [Int?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []

  private static let text: Int32 = 0
  private static let binary: Int32 = 1

  public init(capacity: Int = 0) {
    starts.reserveCapacity(capacity)
    lengths.reserveCapacity(capacity)
    formats.reserveCapacity(capacity)
  }

  public mutating func appendNull() { append(start: nil, length: 0, format: Self.text) }

  public mutating func append(_ number: Int64) { append(text: String(number)) }

  public mutating func append(_ number: Double) { append(text: NumberText.of(number)) }

  public mutating func append(text: String) {
    var text = text
    // As text it would end at a zero byte; in binary form the server refuses one.
    text.withUTF8 { append($0, format: $0.contains(0) ? Self.binary : Self.text) }
  }

  public mutating func append(bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { append($0, format: Self.binary) }
  }

  /// A value in the binary form of the type that the statement has in its place.
  public mutating func append(binary value: UnsafeRawBufferPointer) {
    append(value.assumingMemoryBound(to: UInt8.self), format: Self.binary)
  }

  private mutating func append(_ value: UnsafeBufferPointer<UInt8>, format: Int32) {
    append(start: bytes.count, length: Int32(value.count), format: format)
    bytes.append(contentsOf: value)
    bytes.append(0)
  }

  private mutating func append(start: Int?, length: Int32, format: Int32) {
    starts.append(start)
    lengths.append(length)
    formats.append(format)
  }

  /// Runs a prepared statement with them and waits for its result.
  borrowing func execute(_ name: String, on connection: OpaquePointer) -> OpaquePointer? {
    withValues { PQexecPrepared(connection, name, Int32(starts.count), $0, lengths, formats, Self.text) }
  }

  /// Sends a prepared statement with them; whether it arrived shows with its result.
  borrowing func send(_ name: String, on connection: OpaquePointer) {
    _ = withValues {
      PQsendQueryPrepared(connection, name, Int32(starts.count), $0, lengths, formats, Self.text)
    }
  }

  private borrowing func withValues<Result>(_ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
    bytes.withUnsafeBytes { bytes in
      let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      return body(starts.map { start in start.flatMap { base?.advanced(by: $0) } })
    }
  }
}
