import Foundation

/// Rewrites a UTF-8 file in the encoding of the export, block by block, with glibc's `iconv`.
///
/// The character `Dirt.unreadable` becomes the single byte FF, which neither UTF-8 nor GB18030 knows.
enum Recoder {
  private static let blockSize = 1 << 20
  private static let unreadableByte: UInt8 = 0xFF

  static func recode(
    _ source: URL, to target: URL, encoding: SimulationOptions.Encoding
  ) throws(SimulationError) {
    do {
      let converter = try Converter(to: encoding)
      let input = try FileHandle(forReadingFrom: source)
      defer { try? input.close() }
      guard FileManager.default.createFile(atPath: target.path, contents: nil) else {
        throw SimulationError(.cannotWrite, "cannot create \(target.lastPathComponent)")
      }
      let output = try FileHandle(forWritingTo: target)
      defer { try? output.close() }
      var rest: [UInt8] = []
      while let block = try input.read(upToCount: blockSize), !block.isEmpty {
        rest += block
        // Whole lines only, so that no character is cut.
        guard let newline = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
        try output.write(contentsOf: try recode(rest[...newline], converter))
        rest.removeSubrange(...newline)
      }
      try output.write(contentsOf: try recode(rest[...], converter))
      try output.synchronize()
    } catch let error as SimulationError {
      throw error
    } catch {
      throw SimulationError(
        .cannotWrite, "cannot write \(target.lastPathComponent): \(error.localizedDescription)")
    }
  }

  /// Recodes whole lines, piece by piece between the markers.
  private static func recode(
    _ text: ArraySlice<UInt8>, _ converter: Converter
  ) throws(SimulationError) -> Data {
    // ASCII is the same in every encoding, and most tables are nothing else.
    if text.reduce(0, |) < 0x80 { return Data(text) }
    let marker = Array(Dirt.unreadable.utf8)
    var result = Data(capacity: text.count * 2)
    var start = text.startIndex
    var search = start
    // No other character that is ever written begins with the marker's first byte.
    while let found = text[search...].firstIndex(of: marker[0]) {
      search = found + 1
      guard text[found...].starts(with: marker) else { continue }
      try converter.append(text[start..<found], to: &result)
      result.append(unreadableByte)
      start = found + marker.count
      search = start
    }
    try converter.append(text[start...], to: &result)
    return result
  }

  /// Owns the C library's conversion from UTF-8; to UTF-8 nothing needs converting.
  private final class Converter {
    private var handle: iconv_t?

    init(to encoding: SimulationOptions.Encoding) throws(SimulationError) {
      guard encoding == .gb18030 else { return }
      handle = iconv_open("GB18030", "UTF-8")
      guard handle != iconv_t(bitPattern: -1) else {
        handle = nil
        throw SimulationError(.cannotWrite, "this system's C library knows no GB18030")
      }
    }

    deinit {
      if let handle { iconv_close(handle) }
    }

    /// Appends whole characters in the target's encoding.
    func append(_ text: ArraySlice<UInt8>, to result: inout Data) throws(SimulationError) {
      guard let handle else { return result.append(contentsOf: text) }
      guard !text.isEmpty else { return }
      // A character has at most four bytes in GB18030 and at least one in UTF-8; most shrink.
      let capacity = text.count * 4
      var isComplete = false
      let converted = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
        text.withUnsafeBytes { source in
          // iconv does not write to its input, though its type does not say so.
          var input = UnsafeMutablePointer(
            mutating: source.baseAddress?.assumingMemoryBound(to: CChar.self))
          var inputLeft = source.count
          var output = UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(to: CChar.self)
          var outputLeft = capacity
          _ = iconv(handle, &input, &inputLeft, &output, &outputLeft)
          isComplete = inputLeft == 0
          count = capacity - outputLeft
        }
      }
      guard isComplete else { throw SimulationError(.cannotWrite, "a text cannot be written in GB18030") }
      result.append(contentsOf: converted)
    }
  }
}
