internal import CZlib
internal import Foundation

/// The files inside a zip archive, such as the parts of a workbook.
///
/// Source: PKWARE's APPNOTE.TXT 6.3.10, without encryption and zip64, which workbooks of this program never have.
struct ZipArchive {
  private let bytes: [UInt8]
  private let entries: [Entry]

  private struct Entry {
    var method: Int
    var packedSize: Int
    var size: Int
    /// Where the entry's own header begins.
    var start: Int
  }

  private enum Signature {
    static let end: [UInt8] = [0x50, 0x4b, 0x05, 0x06]
    static let central: [UInt8] = [0x50, 0x4b, 0x01, 0x02]
    static let local: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
  }

  private enum Size {
    static let end = 22
    static let central = 46
    static let local = 30
    static let longestComment = 65_535
  }

  /// Reads the directory of an archive.
  ///
  /// - Returns: `nil` when the bytes are no archive or one of another kind.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    let earliest = max(0, bytes.count - Size.end - Size.longestComment)
    guard bytes.count >= Size.end,
      let end = stride(from: bytes.count - Size.end, through: earliest, by: -1).first(where: {
        Self.has(Signature.end, bytes, at: $0)
      })
    else { return nil }
    var entries: [Entry] = []
    var place = Self.number(bytes, at: end + 16, bytes: 4)
    for _ in 0..<Self.number(bytes, at: end + 10, bytes: 2) {
      guard place + Size.central <= bytes.count, Self.has(Signature.central, bytes, at: place) else {
        return nil
      }
      entries.append(
        Entry(
          method: Self.number(bytes, at: place + 10, bytes: 2),
          packedSize: Self.number(bytes, at: place + 20, bytes: 4),
          size: Self.number(bytes, at: place + 24, bytes: 4),
          start: Self.number(bytes, at: place + 42, bytes: 4)))
      // The name, further fields and a comment follow, each with its own length.
      place += Size.central + [28, 30, 32].reduce(0) { $0 + Self.number(bytes, at: place + $1, bytes: 2) }
    }
    self.entries = entries
  }

  /// The unpacked bytes of every file; `nil` when one cannot be unpacked.
  ///
  /// - Complexity: O(unpacked bytes) time and memory.
  func contents() -> [[UInt8]]? {
    var files: [[UInt8]] = []
    for entry in entries {
      guard let file = unpacked(entry) else { return nil }
      files.append(file)
    }
    return files
  }

  private func unpacked(_ entry: Entry) -> [UInt8]? {
    guard entry.start + Size.local <= bytes.count, Self.has(Signature.local, bytes, at: entry.start) else {
      return nil
    }
    let start =
      entry.start + Size.local
      + [26, 28].reduce(0) { $0 + Self.number(bytes, at: entry.start + $1, bytes: 2) }
    guard start + entry.packedSize <= bytes.count else { return nil }
    let packed = bytes[start..<(start + entry.packedSize)]
    switch entry.method {
    case Method.stored: return Array(packed)
    case Method.deflated: return Self.inflated(Array(packed), size: entry.size)
    default: return nil
    }
  }

  private enum Method {
    static let stored = 0
    static let deflated = 8
  }

  /// Unpacks a raw deflate stream (RFC 1951) of a known size.
  private static func inflated(_ packed: [UInt8], size: Int) -> [UInt8]? {
    var packed = packed
    return packed.withUnsafeMutableBufferPointer { input -> [UInt8]? in
      var stream = z_stream()
      // Negative: no zlib header before the stream.
      guard
        inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
      else { return nil }
      defer { inflateEnd(&stream) }
      stream.next_in = input.baseAddress
      stream.avail_in = uInt(input.count)
      var isWhole = false
      let file = [UInt8](unsafeUninitializedCapacity: size) { output, count in
        stream.next_out = output.baseAddress
        stream.avail_out = uInt(size)
        isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END
        count = size - Int(stream.avail_out)
      }
      return isWhole && file.count == size ? file : nil
    }
  }

  private static func has(_ signature: [UInt8], _ bytes: [UInt8], at place: Int) -> Bool {
    place + signature.count <= bytes.count
      && bytes[place..<(place + signature.count)].elementsEqual(signature)
  }

  /// A number of a few bytes, the lowest first.
  private static func number(_ bytes: [UInt8], at place: Int, bytes count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }
}
