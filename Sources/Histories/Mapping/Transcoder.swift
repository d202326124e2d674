import Foundation

/// Makes text files readable as UTF-8: transcodes GB18030 with the C library's `iconv`, and replaces bytes that no
/// encoding explains by U+FFFD, counting them.
enum Transcoder {
  /// What happened to one file.
  struct Outcome {
    /// Whether a copy was written; otherwise the file is good as it is.
    var wroteCopy = false
    var unreadableBytes = 0
    /// Line numbers (from 1) of the first three unreadable bytes.
    var exampleLines: [Int] = []

    fileprivate mutating func countUnreadable(line: Int) {
      unreadableBytes += 1
      if exampleLines.count < 3 { exampleLines.append(line) }
    }
  }

  /// Writes `target` as the UTF-8 form of `source` where that differs from it.
  ///
  /// - Complexity: one pass over the file, which is mapped, not read into memory.
  static func makeReadable(
    _ source: URL, encoding: TextEncoding, target: URL
  ) throws(HistoriesError) -> Outcome {
    let data = try contents(of: source)
    if encoding == .utf8, data.withUnsafeBytes({ firstInvalidUTF8($0, from: 0) }) == nil { return Outcome() }
    // Personal data: nobody else may read the copy.
    guard
      FileManager.default.createFile(
        atPath: target.path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let file = FileHandle(forWritingAtPath: target.path)
    else {
      throw HistoriesError(
        .cannotWrite, "\(target.path) cannot be written.", next: "Set TMPDIR to a folder with room.")
    }
    defer { try? file.close() }
    do {
      let outcome = try data.withUnsafeBytes { bytes in
        switch encoding {
        case .utf8: try repairUTF8(bytes, to: file)
        case .gb18030: try transcodeGB18030(bytes, to: file)
        }
      }
      return outcome
    } catch {
      throw HistoriesError(
        .cannotWrite, "A readable copy of \(source.path) cannot be written.",
        next: "Set TMPDIR to a folder with room.")
    }
  }

  /// Writes `target` where `source` is not UTF-8 and nothing says what it is: a file that is mostly no UTF-8 is taken as
  /// GB18030 if that explains all but a few of the bytes that UTF-8 does not.
  ///
  /// - Returns: what happened, and the encoding that the file was taken for.
  static func makeReadable(
    _ source: URL, target: URL
  ) throws(HistoriesError) -> (outcome: Outcome, encoding: TextEncoding) {
    let asUTF8 = try surveyUTF8(source)
    guard asUTF8.unreadableBytes > 0 else { return (Outcome(), .utf8) }
    // Almost any UTF-8 text can also be read as GB18030, as nonsense: where most characters are good UTF-8, a few bad
    // bytes are just that.
    if asUTF8.unreadableBytes > asUTF8.wideCharacters {
      let asGB18030 = try makeReadable(source, encoding: .gb18030, target: target)
      if asGB18030.unreadableBytes * 10 <= asUTF8.unreadableBytes { return (asGB18030, .gb18030) }
    }
    return (try makeReadable(source, encoding: .utf8, target: target), .utf8)
  }

  private static func contents(of source: URL) throws(HistoriesError) -> Data {
    do {
      return try Data(contentsOf: source, options: .alwaysMapped)
    } catch {
      throw HistoriesError(
        .inputMissing, "\(source.path) cannot be read.", next: "Check that you may read it.")
    }
  }

  /// How a file reads as UTF-8: bytes that cannot be read, and characters of several bytes that can.
  ///
  /// - Complexity: one pass over the file.
  static func surveyUTF8(_ source: URL) throws(HistoriesError) -> (unreadableBytes: Int, wideCharacters: Int)
  {
    let data = try contents(of: source)
    return data.withUnsafeBytes { bytes in
      var unreadable = 0
      var wide = 0
      var position = 0
      while let bad = firstInvalidUTF8(bytes, from: position) {
        unreadable += 1
        wide += leads(bytes[position..<bad])
        position = bad + 1
      }
      // A file without a bad byte needs no second look.
      if unreadable > 0 { wide += leads(bytes[position...]) }
      return (unreadable, wide)
    }
  }

  private static func leads(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    var count = 0
    for byte in bytes where byte >= 0xC0 { count += 1 }
    return count
  }

  private static let block = 1 << 20
  private static let replacement = Data("\u{FFFD}".utf8)

  private static func repairUTF8(_ bytes: UnsafeRawBufferPointer, to file: FileHandle) throws -> Outcome {
    var outcome = Outcome(wroteCopy: true)
    var position = 0
    var line = 1
    var output = Data(capacity: block)
    while let bad = firstInvalidUTF8(bytes, from: position) {
      let good = UnsafeRawBufferPointer(rebasing: bytes[position..<bad])
      line += good.count { $0 == 10 }
      outcome.countUnreadable(line: line)
      output.append(contentsOf: good)
      output.append(replacement)
      if output.count >= block {
        try file.write(contentsOf: output)
        output.removeAll(keepingCapacity: true)
      }
      position = bad + 1
    }
    try file.write(contentsOf: output)
    try file.write(contentsOf: Data(bytes[position...]))
    return outcome
  }

  /// The offset of the first byte that does not begin or continue a well-formed UTF-8 sequence (RFC 3629).
  static func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var index = start
    while index < bytes.count {
      while index + 8 <= bytes.count,
        bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & highBits == 0
      { index += 8 }
      guard index < bytes.count else { break }
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch lead {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      case 0xF1...0xF3: length = 4
      default: return index
      }
      guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
      for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }

  private static func transcodeGB18030(_ bytes: UnsafeRawBufferPointer, to file: FileHandle) throws -> Outcome
  {
    guard let descriptor = iconv_open("UTF-8", "GB18030"), descriptor != iconv_t(bitPattern: -1) else {
      throw CocoaError(.featureUnsupported)
    }
    defer { iconv_close(descriptor) }
    var outcome = Outcome(wroteCopy: true)
    guard let start = bytes.baseAddress else { return outcome }
    var input: UnsafeMutablePointer<CChar>? = UnsafeMutablePointer(
      mutating: start.assumingMemoryBound(to: CChar.self))
    var inputLeft = bytes.count
    var counted = 0
    var line = 1
    let output = UnsafeMutablePointer<CChar>.allocate(capacity: block)
    defer { output.deallocate() }
    while inputLeft > 0 {
      var out: UnsafeMutablePointer<CChar>? = output
      var outLeft = block
      let result = iconv(descriptor, &input, &inputLeft, &out, &outLeft)
      let reason = errno
      try file.write(contentsOf: Data(bytes: output, count: block - outLeft))
      if result == -1, reason == EILSEQ || reason == EINVAL {
        let position = bytes.count - inputLeft
        line += bytes[counted..<position].count { $0 == 10 }
        counted = position
        outcome.countUnreadable(line: line)
        try file.write(contentsOf: replacement)
        input = input.map { $0 + 1 }
        inputLeft -= 1
      }
    }
    return outcome
  }
}
