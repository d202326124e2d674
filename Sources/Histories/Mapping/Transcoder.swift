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

    /// Lines are counted as far as the examples need them.
    private var line = 1

    fileprivate init(wroteCopy: Bool = false) { self.wroteCopy = wroteCopy }

    fileprivate mutating func countRead(_ bytes: UnsafeRawBufferPointer) {
      if exampleLines.count < Self.examples { line += bytes.count { $0 == UInt8(ascii: "\n") } }
    }

    fileprivate mutating func countUnreadable() {
      unreadableBytes += 1
      if exampleLines.count < Self.examples { exampleLines.append(line) }
    }

    private static let examples = 3
  }

  /// Writes `target` as the UTF-8 form of `source` where that differs from it.
  ///
  /// - Parameter blockBytes: bytes that are in memory at a time.
  /// - Complexity: one pass over the file, two for UTF-8 that needs repair.
  static func makeReadable(
    _ source: URL, encoding: TextEncoding, target: URL, blockBytes: Int = FileBlocks.ordinaryBytes
  ) throws(HistoriesError) -> Outcome {
    if encoding == .utf8, try isUTF8(FileBlocks(source, blockBytes: blockBytes)) { return Outcome() }
    let blocks = try FileBlocks(source, blockBytes: blockBytes)
    let copy = try ReadableCopy(of: source, at: target)
    return switch encoding {
    case .utf8: try repairUTF8(blocks, to: copy)
    case .gb18030: try transcodeGB18030(blocks, to: copy)
    }
  }

  /// Writes `target` where `source` is not UTF-8 and nothing says what it is: a file that is mostly no UTF-8 is taken as
  /// GB18030 if that explains all but a few of the bytes that UTF-8 does not.
  ///
  /// - Parameter blockBytes: bytes that are in memory at a time.
  /// - Returns: what happened, and the encoding that the file was taken for.
  /// - Complexity: one pass over a file that is UTF-8, else a few.
  static func makeReadable(
    _ source: URL, target: URL, blockBytes: Int = FileBlocks.ordinaryBytes
  ) throws(HistoriesError) -> (outcome: Outcome, encoding: TextEncoding) {
    if try isUTF8(FileBlocks(source, blockBytes: blockBytes)) { return (Outcome(), .utf8) }
    let asUTF8 = try surveyUTF8(FileBlocks(source, blockBytes: blockBytes))
    // Almost any UTF-8 text can also be read as GB18030, as nonsense: where most characters are good UTF-8, a few bad
    // bytes are just that.
    if asUTF8.unreadableBytes > asUTF8.wideCharacters {
      let asGB18030 = try makeReadable(source, encoding: .gb18030, target: target, blockBytes: blockBytes)
      if asGB18030.unreadableBytes * 10 <= asUTF8.unreadableBytes { return (asGB18030, .gb18030) }
    }
    return (try makeReadable(source, encoding: .utf8, target: target, blockBytes: blockBytes), .utf8)
  }

  // MARK: UTF-8

  /// Ends at the first byte that is not.
  private static func isUTF8(_ blocks: consuming FileBlocks) throws(HistoriesError) -> Bool {
    var isReadable = true
    try blocks.forEach { bytes, isLast in
      let whole = wholeCharacters(of: bytes, isLast: isLast)
      isReadable = firstInvalidUTF8(whole, from: 0) == nil
      return isReadable ? whole.count : nil
    }
    return isReadable
  }

  /// How a file reads as UTF-8: bytes that cannot be read, and characters of several bytes that can.
  private static func surveyUTF8(
    _ blocks: consuming FileBlocks
  ) throws(HistoriesError) -> (unreadableBytes: Int, wideCharacters: Int) {
    var unreadable = 0
    var wide = 0
    try blocks.forEach { bytes, isLast in
      let whole = wholeCharacters(of: bytes, isLast: isLast)
      var position = 0
      while let bad = firstInvalidUTF8(whole, from: position) {
        unreadable += 1
        wide += leads(whole[position..<bad])
        position = bad + 1
      }
      wide += leads(whole[position...])
      return whole.count
    }
    return (unreadable, wide)
  }

  private static func leads(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    var count = 0
    for byte in bytes where byte >= 0xC0 { count += 1 }
    return count
  }

  private static func repairUTF8(
    _ blocks: consuming FileBlocks, to copy: consuming ReadableCopy
  ) throws(HistoriesError) -> Outcome {
    var outcome = Outcome(wroteCopy: true)
    try blocks.forEach { bytes, isLast throws(HistoriesError) in
      let whole = wholeCharacters(of: bytes, isLast: isLast)
      var position = 0
      while position < whole.count {
        let bad = firstInvalidUTF8(whole, from: position)
        let good = UnsafeRawBufferPointer(rebasing: whole[position..<(bad ?? whole.count)])
        outcome.countRead(good)
        try copy.append(good)
        if bad != nil {
          outcome.countUnreadable()
          try copy.appendReplacement()
        }
        position += good.count + 1
      }
      return whole.count
    }
    try copy.flush()
    return outcome
  }

  /// The bytes before a character that their end may have cut off.
  ///
  /// Whether a byte before that is good does not depend on what follows: a character that began earlier would have to go
  /// on where this one begins.
  private static func wholeCharacters(
    of bytes: UnsafeRawBufferPointer, isLast: Bool
  ) -> UnsafeRawBufferPointer {
    guard !isLast else { return bytes }
    for (count, byte) in zip(1...3, bytes.reversed()) where byte & 0xC0 != 0x80 {
      let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      return count < length ? UnsafeRawBufferPointer(rebasing: bytes.dropLast(count)) : bytes
    }
    return bytes
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

  // MARK: GB18030

  private static let outputBytes = 1 << 16

  private static func transcodeGB18030(
    _ blocks: consuming FileBlocks, to copy: consuming ReadableCopy
  ) throws(HistoriesError) -> Outcome {
    guard let descriptor = iconv_open("UTF-8", "GB18030"), descriptor != iconv_t(bitPattern: -1) else {
      throw HistoriesError(
        .cannotWrite, "A readable copy of a GB18030 file cannot be made.",
        next: "Install the C library's encodings (gconv).")
    }
    defer { iconv_close(descriptor) }
    var outcome = Outcome(wroteCopy: true)
    let output = UnsafeMutableBufferPointer<CChar>.allocate(capacity: outputBytes)
    defer { output.deallocate() }
    try blocks.forEach { bytes, isLast throws(HistoriesError) in
      var input = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      var inputLeft = bytes.count
      var counted = 0
      while inputLeft > 0 {
        var out = output.baseAddress
        var outLeft = output.count
        let result = iconv(descriptor, &input, &inputLeft, &out, &outLeft)
        let reason = errno
        let position = bytes.count - inputLeft
        outcome.countRead(UnsafeRawBufferPointer(rebasing: bytes[counted..<position]))
        counted = position
        try copy.append(
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<(output.count - outLeft)]))
        guard result == -1, reason != E2BIG else { continue }
        // The rest of a character may come with the next block.
        if reason == EINVAL, !isLast { break }
        outcome.countUnreadable()
        try copy.appendReplacement()
        input = input.map { $0 + 1 }
        inputLeft -= 1
      }
      return bytes.count - inputLeft
    }
    try copy.flush()
    return outcome
  }
}
