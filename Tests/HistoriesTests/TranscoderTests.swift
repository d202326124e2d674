import Foundation
import Testing

@testable import Histories

@Suite("Text files become UTF-8")
struct TranscoderTests {
  /// "客户,京A\n" in GB18030.
  private static let chinese: [UInt8] = [0xBF, 0xCD, 0xBB, 0xA7, 0x2C, 0xBE, 0xA9, 0x41, 0x0A]

  /// Lengths of blocks that cut every character at each of its bytes, and the ordinary one.
  private static let blocks = [1, 2, 3, 4, 5, 7, FileBlocks.ordinaryBytes]

  private struct Result: Equatable {
    var text: String?
    var unreadableBytes: Int
    var exampleLines: [Int]
    var encoding: TextEncoding
  }

  /// - Parameter encoding: what is said about the file; `nil` for nothing.
  private func run(
    _ bytes: [UInt8], _ encoding: TextEncoding?, blockBytes: Int = FileBlocks.ordinaryBytes
  ) throws -> Result {
    let files = try DataFiles()
    try files.write(Data(bytes), to: "source.csv")
    let source = files.url.appendingPathComponent("source.csv")
    let target = files.url.appendingPathComponent("target")
    let (outcome, taken) =
      if let encoding {
        (
          try Transcoder.makeReadable(source, encoding: encoding, target: target, blockBytes: blockBytes),
          encoding
        )
      } else {
        try Transcoder.makeReadable(source, target: target, blockBytes: blockBytes)
      }
    guard outcome.wroteCopy else {
      #expect(!FileManager.default.fileExists(atPath: target.path))
      return Result(unreadableBytes: 0, exampleLines: [], encoding: taken)
    }
    let mode = try FileManager.default.attributesOfItem(atPath: target.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let text: String = try #require(String(validating: try Data(contentsOf: target), as: UTF8.self))
    return Result(
      text: text, unreadableBytes: outcome.unreadableBytes, exampleLines: outcome.exampleLines,
      encoding: taken)
  }

  @Test("GB18030 becomes UTF-8, characters of four bytes included", arguments: blocks)
  func gb18030(_ blockBytes: Int) throws {
    let emoji: [UInt8] = [0x94, 0x39, 0xFC, 0x36]
    let result = try run(Self.chinese + emoji, .gb18030, blockBytes: blockBytes)
    #expect(result.text == "客户,京A\n😀")
    #expect(result.unreadableBytes == 0)
  }

  @Test("characters that stand across the border of two blocks come through whole")
  func longFiles() throws {
    var bytes: [UInt8] = [0x41]
    for _ in 0..<200_000 { bytes += Self.chinese }
    let result = try run(bytes, .gb18030)
    #expect(result.text == "A" + String(repeating: "客户,京A\n", count: 200_000))
  }

  @Test(
    "bytes that GB18030 does not explain are counted with their lines, also at the end", arguments: blocks)
  func unreadableGB18030(_ blockBytes: Int) throws {
    let result = try run(
      Self.chinese + [0xFF, 0x0A] + Self.chinese + [0x41, 0xFF, 0xFF, 0xBF], .gb18030,
      blockBytes: blockBytes)
    #expect(result.text == "客户,京A\n\u{FFFD}\n客户,京A\nA\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(result.unreadableBytes == 4)
    #expect(result.exampleLines == [2, 4, 4])
  }

  @Test("broken UTF-8 is mended byte by byte and counted with its lines", arguments: blocks)
  func repair(_ blockBytes: Int) throws {
    let text = Array("王\n".utf8)
    let result = try run(
      text + [0xE7, 0x8E, 0x0A] + text + [0xC0, 0xAF, 0x0A, 0xED, 0xA0, 0x80, 0xF4, 0x90], .utf8,
      blockBytes: blockBytes)
    #expect(
      result.text == "王\n\u{FFFD}\u{FFFD}\n王\n\u{FFFD}\u{FFFD}\n\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(result.unreadableBytes == 9)
    #expect(result.exampleLines == [2, 2, 4])
  }

  @Test(
    "clean UTF-8 needs no copy, nor does an empty file",
    arguments: ["", "a,b\n1,2\n", "客户,京A😀\n", "\u{FEFF}a\n"], blocks)
  func cleanFiles(_ text: String, _ blockBytes: Int) throws {
    for encoding in [nil, TextEncoding.utf8] {
      let result = try run(Array(text.utf8), encoding, blockBytes: blockBytes)
      #expect(result == Result(unreadableBytes: 0, exampleLines: [], encoding: .utf8))
    }
  }

  @Test(
    "a character that any border of two blocks cuts is read whole, and one that the file's end cuts is not")
  func borders() throws {
    for character in ["é", "王", "😀"] {
      for before in 0..<8 {
        let bytes = Array(repeating: UInt8(ascii: "\n"), count: before) + Array(character.utf8)
        for blockBytes in 1...bytes.count + 1 {
          let whole = try run(bytes, nil, blockBytes: blockBytes)
          #expect(whole == Result(unreadableBytes: 0, exampleLines: [], encoding: .utf8))
          let cut = try run(Array(bytes.dropLast()), .utf8, blockBytes: blockBytes)
          let lost = character.utf8.count - 1
          #expect(
            cut
              == Result(
                text: String(repeating: "\n", count: before) + String(repeating: "\u{FFFD}", count: lost),
                unreadableBytes: lost, exampleLines: Array(repeating: before + 1, count: min(lost, 3)),
                encoding: .utf8))
        }
      }
    }
  }

  /// Characters and broken pieces of them in both encodings, blanks and ends of lines.
  private static let pieces: [[UInt8]] = [
    [0x41], [0x0A], [0x20], [0xC3, 0xA9], [0xE7, 0x8E, 0x8B], [0xF0, 0x9F, 0x98, 0x80], [0xE7, 0x8E], [0xF0],
    [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0], [0x80], [0xFF], [0xBF, 0xCD], [0xBE, 0xA9],
    [0x94, 0x39, 0xFC, 0x36], [0x94, 0x39], [0x94, 0x39, 0xFC], [0x81],
  ]

  @Test("broken files are mended as one character after another says, whatever the blocks")
  func brokenFiles() throws {
    var random = TestRandom(state: 11)
    for _ in 0..<150 {
      let bytes = (0..<Int.random(in: 1...40, using: &random)).flatMap { _ in
        Self.pieces.randomElement(using: &random) ?? []
      }
      let expected = mendedPlainly(bytes)
      for blockBytes in Self.blocks {
        #expect(try run(bytes, .utf8, blockBytes: blockBytes) == expected, "\(bytes) by \(blockBytes)")
      }
    }
  }

  /// By Swift's own decoder: at each place the one character that begins there, or a byte that none does.
  private func mendedPlainly(_ bytes: [UInt8]) -> Result {
    var result = Result(text: "", unreadableBytes: 0, exampleLines: [], encoding: .utf8)
    var (position, line) = (0, 1)
    while position < bytes.count {
      let character = (1...4).lazy.compactMap { length in
        String(validating: bytes[position...].prefix(length), as: UTF8.self)
      }.first
      result.text?.append(character ?? "\u{FFFD}")
      if character == "\n" { line += 1 }
      if character == nil {
        result.unreadableBytes += 1
        if result.exampleLines.count < 3 { result.exampleLines.append(line) }
      }
      position += character?.utf8.count ?? 1
    }
    if result.unreadableBytes == 0 { result.text = nil }
    return result
  }

  @Test("what GB18030 makes of a file and what a file is taken for do not depend on the blocks")
  func blocksOfGB18030() throws {
    var random = TestRandom(state: 12)
    var taken: Set<TextEncoding> = []
    for _ in 0..<150 {
      let bytes = (0..<Int.random(in: 1...40, using: &random)).flatMap { _ in
        Self.pieces.randomElement(using: &random) ?? []
      }
      let asGB18030 = try run(bytes, .gb18030)
      let guessed = try run(bytes, nil)
      taken.insert(guessed.encoding)
      for blockBytes in Self.blocks.dropLast() {
        #expect(try run(bytes, .gb18030, blockBytes: blockBytes) == asGB18030, "\(bytes) by \(blockBytes)")
        #expect(try run(bytes, nil, blockBytes: blockBytes) == guessed, "\(bytes) by \(blockBytes)")
      }
    }
    #expect(taken == [.utf8, .gb18030])
  }

  @Test("what is valid UTF-8 is told exactly as Swift's own decoder tells it")
  func validity() {
    var random = TestRandom(state: 5)
    var wrong: [[UInt8]] = []
    let pool: [UInt8] = [
      0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
      0xFF,
    ]
    for _ in 0..<50_000 {
      let bytes = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        pool.randomElement(using: &random) ?? 0
      }
      let isValid = bytes.withUnsafeBytes { Transcoder.firstInvalidUTF8($0, from: 0) } == nil
      if isValid != (String(validating: bytes, as: UTF8.self) != nil) { wrong.append(bytes) }
    }
    #expect(wrong.isEmpty)
  }
}
