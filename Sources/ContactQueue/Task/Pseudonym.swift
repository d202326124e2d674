/// A customer, vehicle or address under a keyed name: 16 bytes that say nothing without the queue's key.
public struct Pseudonym: Sendable, Hashable, BitwiseCopyable {
  public var high: UInt64
  public var low: UInt64

  public static let byteCount = 16

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// - Returns: `nil` unless there are exactly 16 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    (high, low) = (0, 0)
    for byte in bytes {
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }
  }

  /// The 16 bytes, the most significant first: they sort as the numbers do.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { bytes, count in
      let words = UnsafeMutableRawBufferPointer(bytes)
      words.storeBytes(of: high.bigEndian, as: UInt64.self)
      words.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      count = Self.byteCount
    }
  }

  /// The 32 hexadecimal digits.
  public var text: String {
    [high, low].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension Pseudonym {
  /// Half of it is random enough.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(low)
  }
}

extension Pseudonym: Comparable {
  /// In the order of their bytes, which is that of databases.
  public static func < (left: Pseudonym, right: Pseudonym) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
