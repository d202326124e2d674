import Foundation
import Testing

@testable import Outreach

@Suite("Comma-separated exports")
struct CSVTextTests {
  private static let letters: [Unicode.Scalar] = Array(
    "=+-@\t\r\n,\"' a1張é😀＝＋－＠\u{0}\u{FEFF}".unicodeScalars)

  private static func randomRows(seed: UInt64) -> [[String]] {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let width = 1 + next(5)
    return (0..<20).map { _ in
      (0..<width).map { _ in
        String(String.UnicodeScalarView((0..<next(7)).map { _ in letters[next(letters.count)] }))
      }
    }
  }

  @Test("a strict reader gets back every cell; of those that a spreadsheet would run, one apostrophe more")
  func roundTrip() throws {
    for seed in 0..<60 {
      let rows = Self.randomRows(seed: UInt64(seed))
      var text = CSVText()
      for row in rows { text.add(row) }
      let read = try StrictCSV.records(String(decoding: try text.bytes(.utf8), as: UTF8.self))
      #expect(
        read.map { $0.map { Array($0.unicodeScalars) } }
          == rows.map { $0.map { Array(CSVText.harmless($0).unicodeScalars) } })
      for cell in read.joined() {
        #expect(cell.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } != true)
      }
    }
  }

  @Test("our own reader gets back what it wrote as data, whatever stands in the cells")
  func ownReader() throws {
    for seed in 0..<60 {
      // A record of empty cells is an empty line, and passed over.
      let rows = Self.randomRows(seed: UInt64(seed)).map { ["x"] + $0 }
      var text = CSVText(isForSpreadsheets: false)
      for row in rows { text.add(row) }
      let written = String(decoding: try text.bytes(.utf8), as: UTF8.self)
      let read = try CSVRecords(written, name: "t").records.map(\.cells)
      #expect(
        read.map { $0.map { Array($0.unicodeScalars) } } == rows.map { $0.map { Array($0.unicodeScalars) } })
    }
  }

  @Test(
    "what a spreadsheet would run gets an apostrophe, a phone number in E.164 does not",
    arguments: [
      ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2", "'-2"),
      ("@SUM(1)", "'@SUM(1)"),
      ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("\r\n=1", "'\r\n=1"), ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""),
      ("+8613912345678", "+8613912345678"), ("+8613912345678+1", "'+8613912345678+1"), ("+0123", "'+0123"),
    ])
  func injection(cell: String, expected: String) {
    #expect(CSVText.harmless(cell) == expected)
  }

  @Test("UTF-8 for people begins with a byte order mark")
  func mark() throws {
    var text = CSVText()
    text.add(["a"])
    #expect(try text.bytes(.utf8WithMark) == [0xEF, 0xBB, 0xBF, 0x61, 13, 10])
    #expect(try text.bytes(.utf8) == [0x61, 13, 10])
  }

  @Test(
    "GB18030 is what iconv reads back, also characters of four bytes",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/iconv"), "skipped: there is no iconv")
  )
  func gb18030() throws {
    let sample = "张伟,Müller,€,😀,𠮷,ﷺ,\u{E000}\u{10FFFF}"
    let bytes = try GB18030.bytes(sample)
    #expect(bytes.starts(with: [0xD5, 0xC5, 0xCE, 0xB0]))
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("gb-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = try Shell.run("/usr/bin/iconv", ["-f", "GB18030", "-t", "UTF-8", file.path])
    #expect(String(decoding: output, as: UTF8.self) == sample)
  }
}

enum Shell {
  static func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data
  }
}
