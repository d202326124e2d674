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
      let input = try FileHandle(forReadingFrom: source)
      defer { try? input.close() }
      guard FileManager.default.createFile(atPath: target.path, contents: nil) else {
        throw SimulationError(.cannotWrite, "cannot create \(target.lastPathComponent)")
      }
      let output = try FileHandle(forWritingTo: target)
      defer { try? output.close() }
      let marker = Data(Dirt.unreadable.utf8)
      var rest = Data()
      while let block = try input.read(upToCount: blockSize), !block.isEmpty {
        rest.append(block)
        // Whole lines only, so that no character is cut.
        guard let newline = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
        let lines = Data(rest[...newline])
        rest = Data(rest[(newline + 1)...])
        try output.write(contentsOf: try recode(lines, marker: marker, encoding))
      }
      try output.write(contentsOf: try recode(rest, marker: marker, encoding))
      try output.synchronize()
    } catch let error as SimulationError {
      throw error
    } catch {
      throw SimulationError(
        .cannotWrite, "cannot write \(target.lastPathComponent): \(error.localizedDescription)")
    }
  }

  /// Recodes whole characters, piece by piece between the markers.
  private static func recode(
    _ text: Data, marker: Data, _ encoding: SimulationOptions.Encoding
  ) throws(SimulationError) -> Data {
    // ASCII is the same in every encoding, and most tables are nothing else.
    if text.withUnsafeBytes({ bytes in bytes.reduce(0, |) }) < 0x80 { return text }
    var result = Data()
    var start = text.startIndex
    while start < text.endIndex {
      let found = text.range(of: marker, in: start..<text.endIndex)
      let piece = text[start..<(found?.lowerBound ?? text.endIndex)]
      result.append(encoding == .utf8 ? piece : try gb18030(piece))
      guard let found else { break }
      result.append(unreadableByte)
      start = found.upperBound
    }
    return result
  }

  private static func gb18030(_ text: Data) throws(SimulationError) -> Data {
    guard !text.isEmpty else { return text }
    let converter = iconv_open("GB18030", "UTF-8")
    guard converter != iconv_t(bitPattern: -1) else {
      throw SimulationError(.cannotWrite, "this system's C library knows no GB18030")
    }
    defer { iconv_close(converter) }
    // At most four bytes of GB18030 for one character, which has at least one of UTF-8.
    var source = [UInt8](text)
    var target = [UInt8](repeating: 0, count: source.count * 4)
    let capacity = target.count
    let (status, left) = source.withUnsafeMutableBytes { source in
      target.withUnsafeMutableBytes { target -> (Int, Int) in
        var input = source.baseAddress?.assumingMemoryBound(to: CChar.self)
        var inputLeft = source.count
        var output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var outputLeft = capacity
        let status = iconv(converter, &input, &inputLeft, &output, &outputLeft)
        return (status == Int.max || Int(bitPattern: UInt(status)) == -1 ? -1 : 0, outputLeft)
      }
    }
    guard status == 0 else {
      throw SimulationError(.cannotWrite, "a text cannot be written in GB18030")
    }
    return Data(target[..<(capacity - left)])
  }
}
