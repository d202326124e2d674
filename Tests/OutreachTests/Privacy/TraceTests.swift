import Foundation
import Testing

@testable import Outreach

@Suite("Traces of a customer in files")
struct TraceTests {
  @Test("Texts are found wherever pieces are cut, as often as they stand there")
  func pieces() {
    let bytes = Array("C17,+8613912345678,C171 C17\nxC17;a@b.cn".utf8)
    for size in 1...bytes.count {
      var traces = ByteTraces(["C17", "a@b.cn", "13912345678", ""])
      for start in stride(from: 0, to: bytes.count, by: size) {
        traces.take(bytes[start..<min(start + size, bytes.count)])
      }
      traces.finish()
      // The number stands behind the digits of a country: part of a longer word.
      #expect(traces.count == 3, "pieces of \(size)")
    }
  }

  @Test("A text file, a workbook's parts and a damaged archive: found, found, and said that nobody can say")
  func kinds() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appendingPathComponent("a.csv")
    try Data("customer_id,phone\nC17,139\n".utf8).write(to: text)
    #expect(try FileTraces(["C17", "139"]).count(in: text.path) == 2)
    #expect(try FileTraces(["C1"]).count(in: text.path) == 0)

    // Made with Python 3.11: zipfile.ZipFile(…, compression=ZIP_DEFLATED) with one file of 40 lines "C17,x\n", one stored "no"
    let archive = try #require(
      Data(
        base64Encoded:
          "UEsDBBQAAAAIAAAAIQDaTAEhCwAAAPAAAAAFAAAAYS54bWxzNjTXqeByHjEkAFBLAwQUAAAAAAAAACEAHyiqZwIAAAACAAAABQAAAGIudHh0bm9QSwECFAMUAAAACAAAACEA2kwBIQsAAADwAAAABQAAAAAAAAAAAAAAgAEAAAAAYS54bWxQSwECFAMUAAAAAAAAACEAHyiqZwIAAAACAAAABQAAAAAAAAAAAAAAgAEuAAAAYi50eHRQSwUGAAAAAAIAAgBmAAAAUwAAAAAA"
      ))
    let book = folder.appendingPathComponent("a.xlsx")
    try archive.write(to: book)
    #expect(try FileTraces(["C17"]).count(in: book.path) == 40)
    try archive.dropLast(30).write(to: book)
    #expect(throws: OutreachError.self) { try FileTraces(["C17"]).count(in: book.path) }
    #expect(throws: OutreachError.self) { try FileTraces(["C17"]).count(in: folder.path + "/none.csv") }
  }
}
