import Foundation
import Testing

@testable import Histories

@Suite("Text files become UTF-8")
struct TranscoderTests {
  /// "客户,京A\n" in GB18030.
  private static let chinese: [UInt8] = [0xBF, 0xCD, 0xBB, 0xA7, 0x2C, 0xBE, 0xA9, 0x41, 0x0A]

  private func run(_ bytes: [UInt8], _ encoding: TextEncoding) throws -> (
    outcome: Transcoder.Outcome, text: String?
  ) {
    let files = try DataFiles()
    try files.write(Data(bytes), to: "source.csv")
    let target = files.url.appendingPathComponent("target")
    let outcome = try Transcoder.makeReadable(
      files.url.appendingPathComponent("source.csv"), encoding: encoding, target: target)
    let written = try? Data(contentsOf: target)
    if written != nil {
      let mode = try FileManager.default.attributesOfItem(atPath: target.path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
    return (outcome, written.map { String(decoding: $0, as: UTF8.self) })
  }

  @Test("GB18030 becomes UTF-8, characters of four bytes included")
  func gb18030() throws {
    let emoji: [UInt8] = [0x94, 0x39, 0xFC, 0x36]
    let result = try run(Self.chinese + emoji, .gb18030)
    #expect(result.text == "客户,京A\n😀")
    #expect(result.outcome.wroteCopy)
    #expect(result.outcome.unreadableBytes == 0)
  }

  @Test("characters that stand across the border of two blocks come through whole")
  func longFiles() throws {
    var bytes: [UInt8] = [0x41]
    for _ in 0..<200_000 { bytes += Self.chinese }
    let result = try run(bytes, .gb18030)
    #expect(result.text == "A" + String(repeating: "客户,京A\n", count: 200_000))
  }

  @Test("bytes that GB18030 does not explain are counted with their lines, also at the end")
  func unreadableGB18030() throws {
    let result = try run(Self.chinese + [0xFF, 0x0A] + Self.chinese + [0x41, 0xFF, 0xFF, 0xBF], .gb18030)
    #expect(result.text == "客户,京A\n\u{FFFD}\n客户,京A\nA\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(result.outcome.unreadableBytes == 4)
    #expect(result.outcome.exampleLines == [2, 4, 4])
  }

  @Test("broken UTF-8 is mended byte by byte and counted with its lines")
  func repair() throws {
    let text = Array("王\n".utf8)
    let result = try run(
      text + [0xE7, 0x8E, 0x0A] + text + [0xC0, 0xAF, 0x0A, 0xED, 0xA0, 0x80, 0xF4, 0x90], .utf8)
    #expect(
      result.text == "王\n\u{FFFD}\u{FFFD}\n王\n\u{FFFD}\u{FFFD}\n\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(result.outcome.unreadableBytes == 9)
    #expect(result.outcome.exampleLines == [2, 2, 4])
  }

  @Test(
    "clean UTF-8 needs no copy, nor does an empty file",
    arguments: ["", "a,b\n1,2\n", "客户,京A😀\n", "\u{FEFF}a\n"])
  func cleanFiles(_ text: String) throws {
    let result = try run(Array(text.utf8), .utf8)
    #expect(!result.outcome.wroteCopy)
    #expect(result.text == nil)
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
