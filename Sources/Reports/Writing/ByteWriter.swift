import Foundation

/// Bytes on their way to a file or to memory, through one buffer that is filled without any formatting library.
///
/// A failed write is remembered and thrown by `finish()`, so that the calls in between need no check.
struct ByteWriter: ~Copyable {
  private enum Target {
    case memory
    case file(descriptor: Int32, name: String)
  }

  private static let fileCapacity = 1 << 20
  private static let memoryCapacity = 1 << 12

  private let target: Target
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var count = 0
  private var failure: ReportError?

  /// Whether a write failed; what follows is dropped.
  var hasFailed: Bool { failure != nil }

  /// A writer into an open file, which stays open.
  ///
  /// - Parameter name: the file's name for messages.
  init(descriptor: Int32, name: String) {
    target = .file(descriptor: descriptor, name: name)
    capacity = Self.fileCapacity
    base = .allocate(capacity: capacity)
  }

  /// A writer into memory; `take()` gives the bytes.
  init() {
    target = .memory
    capacity = Self.memoryCapacity
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deallocate()
  }

  // MARK: Bytes

  @inline(__always)
  mutating func byte(_ value: UInt8) {
    if count == capacity { makeRoom(1) }
    base[count] = value
    count += 1
  }

  @inline(__always)
  mutating func bytes(_ source: UnsafeBufferPointer<UInt8>) {
    guard let start = source.baseAddress, !source.isEmpty else { return }
    if capacity - count < source.count { makeRoom(source.count) }
    base.advanced(by: count).update(from: start, count: source.count)
    count += source.count
  }

  @inline(__always)
  mutating func literal(_ text: StaticString) {
    bytes(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func text(_ value: String) {
    value.withBytes { bytes($0) }
  }

  // MARK: Numbers

  @inline(__always)
  mutating func integer(_ value: Int) {
    if value < 0 { byte(UInt8(ascii: "-")) }
    digits(value.magnitude, atLeast: 1)
  }

  /// A number with a fixed count of decimals, rounded half away from zero; never `-0`.
  ///
  /// Numbers too large for that are written with all their digits by the standard library; NaN and infinity must not
  /// come here.
  @inline(__always)
  mutating func fixed(_ value: Double, decimals: Int) {
    let scale = Self.scales[decimals]
    let scaled = value.magnitude * Double(scale)
    guard scaled < Self.exactIntegers else { return text(value.description) }
    // Not `rounded()`, which is a call into the C library.
    let number = UInt(scaled + 0.5)
    if value < 0, number > 0 { byte(UInt8(ascii: "-")) }
    let whole = number / scale
    digits(whole, atLeast: 1)
    guard decimals > 0 else { return }
    byte(UInt8(ascii: "."))
    digits(number - whole * scale, atLeast: decimals)
  }

  /// A number with as many digits as it takes to read it back; whole numbers without a point. Must be finite.
  @inline(__always)
  mutating func exact(_ value: Double) {
    if value == value.rounded(.towardZero), value.magnitude < Self.exactIntegers {
      integer(Int(value))
    } else if !shortDecimal(value) {
      text(value.description)
    }
  }

  /// Writes the number if it has few decimals, as amounts and simple shares have.
  ///
  /// A decimal of at most 15 digits that reads back as the number is the shortest that does: two different ones never
  /// read as the same `Double`. Smaller numbers are left to the standard library, which writes them with an exponent.
  private mutating func shortDecimal(_ value: Double) -> Bool {
    let scaled = value.magnitude * Double(Self.decimalScale)
    guard scaled < Self.fifteenDigits, scaled > 0.5 else { return false }
    let number = UInt(scaled + 0.5)
    guard Double(number) / Double(Self.decimalScale) == value.magnitude else { return false }
    if value < 0 { byte(UInt8(ascii: "-")) }
    var (whole, rest) = number.quotientAndRemainder(dividingBy: Self.decimalScale)
    digits(whole, atLeast: 1)
    byte(UInt8(ascii: "."))
    var length = Self.decimals
    while true {
      whole = rest / 10
      guard rest == whole * 10, length > 1 else { break }
      rest = whole
      length -= 1
    }
    digits(rest, atLeast: length)
    return true
  }

  private static let decimals = 4
  private static let decimalScale: UInt = 10_000
  private static let fifteenDigits = 1e15

  private static let scales: InlineArray<7, UInt> = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
  /// 2⁵³, up to which every integer is a `Double`.
  private static let exactIntegers = 9_007_199_254_740_992.0
  private static let longestInteger = 20

  @inline(__always)
  mutating func digits(_ value: UInt, atLeast width: Int) {
    if capacity - count < Self.longestInteger { makeRoom(Self.longestInteger) }
    var length = 1
    var limit: UInt = 10
    while value >= limit, length < Self.longestInteger {
      length += 1
      limit &*= 10
    }
    if length < width { length = width }
    var rest = value
    var position = count + length
    count = position
    for _ in 0..<length {
      let quotient = rest / 10
      position -= 1
      base[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10)
      rest = quotient
    }
  }

  // MARK: Ends

  /// Writes what is left.
  ///
  /// - Throws: `ReportError` with `cannotWrite` when this or an earlier write failed.
  mutating func finish() throws(ReportError) {
    flush()
    if let failure { throw failure }
  }

  /// The bytes of a writer into memory.
  consuming func take() -> [UInt8] {
    Array(UnsafeBufferPointer(start: base, count: count))
  }

  @inline(never)
  private mutating func makeRoom(_ needed: Int) {
    flush()
    guard capacity - count < needed else { return }
    let larger = max(capacity * 2, count + needed)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  private mutating func flush() {
    guard case .file(let descriptor, let name) = target else { return }
    var sent = 0
    while sent < count, failure == nil {
      let written = write(descriptor, base + sent, count - sent)
      if written >= 0 {
        sent += written
      } else if errno != EINTR {
        failure = .cannotWrite(name, errno: errno)
      }
    }
    count = 0
  }
}

extension String {
  /// Calls `body` with the text's UTF-8 in place, without the counted copy that `withUTF8` needs.
  @inline(__always)
  func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    guard utf8.withContiguousStorageIfAvailable(body) == nil else { return }
    var copy = self
    copy.withUTF8(body)
  }
}
