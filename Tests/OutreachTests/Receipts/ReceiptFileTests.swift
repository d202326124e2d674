import ContactQueue
import Foundation
import Histories
import Testing

@testable import Outreach

@Suite("Receipts")
struct ReceiptFileTests {
  static let time = LocalTime(TimeZone(identifier: "Asia/Shanghai")!)
  static let now = time.moment(Day(year: 2026, month: 7, day: 10), minute: 0)
  static func id(_ number: UInt64) -> Pseudonym { Pseudonym(high: 7, low: number) }

  static func read(_ text: String, name: String = "r.csv", on day: Day? = nil) throws -> ReceiptFile {
    try read(Data(text.utf8), name: name, on: day)
  }

  static func read(_ data: Data, name: String = "r.csv", on day: Day? = nil) throws -> ReceiptFile {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "receipts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try data.write(to: file)
    return try ReceiptFile(file.path, time: time, on: day, now: now)
  }

  @Test("outcomes, their reasons and times are read, in the dealers' zone where none is named")
  func lines() throws {
    let file = try Self.read(
      """
      task,outcome,at,reason,promised_on,note
      \(Self.id(1).text),delivered,2026-07-01T01:00:00Z,,,
      \(Self.id(2).text),no_answer,2026-07-01 09:00,,,rang twice
      \(Self.id(3).text),FAILED,2026/7/1 9:00:00,opted_out,,
      \(Self.id(4).text),booked,2026-07-01T09:00+08:00,,2026-07-20,
      \(Self.id(5).text),failed,2026-07-01 09:00,,,
      \(Self.id(6).text),,,,,
      """)
    let at = Moment(milliseconds: 1_782_867_600_000)
    #expect(
      file.lines.map(\.receipt) == [
        Receipt(task: Self.id(1), outcome: .delivered, at: at),
        Receipt(task: Self.id(2), outcome: .failed, reason: .noAnswer, at: at),
        Receipt(task: Self.id(3), outcome: .failed, reason: .optedOut, at: at),
        Receipt(task: Self.id(4), outcome: .booked, at: at),
        Receipt(task: Self.id(5), outcome: .failed, reason: .other, at: at),
      ])
    #expect(file.lines.map(\.number) == [2, 3, 4, 5, 6])
    #expect(file.lines[3].promisedOn == Day(year: 2026, month: 7, day: 20))
    #expect(file.flaws.isEmpty && file.blank == 1)
  }

  @Test("lines that cannot be used are told by number and reason, the others are used")
  func flaws() throws {
    let id = Self.id(1).text
    let file = try Self.read(
      """
      outcome,task,at,reason,promised_on
      delivered,13912345678,2026-07-01,,
      called,\(id),2026-07-01,,
      delivered,\(id),2026-07-01,busy,
      busy,\(id),2026-07-01,refused,
      failed,\(id),2026-07-01,bad mood,
      delivered,\(id),,,
      delivered,\(id),2026-02-30,,
      delivered,\(id),2026-08-01,,
      promised,\(id),2026-07-01,,soon
      "delivered",\(id),2026-07-01,,
      """)
    #expect(file.flaws.map(\.line) == Array(2...10))
    #expect(
      file.flaws.map(\.flaw) == [.task, .outcome, .reason, .reason, .reason, .time, .time, .future, .day])
    #expect(file.lines.map(\.number) == [11])
  }

  @Test("rows without a time have the day that is given")
  func given() throws {
    let file = try Self.read(
      "task,outcome\n\(Self.id(1).text),reached\n", on: Day(year: 2026, month: 7, day: 1))
    #expect(file.lines.map(\.receipt.at.iso) == ["2026-07-01T04:00:00Z"])
  }

  @Test("JSON lines say the same")
  func json() throws {
    let file = try Self.read(
      """
      {"task":"\(Self.id(1).text)","outcome":"delivered","at":"2026-07-01T01:00:00Z"}

      {"task":"\(Self.id(2).text)","outcome":"failed","reason":"invalid","at":"2026-07-01T01:00:00Z"}
      not json
      """, name: "r.jsonl")
    #expect(file.lines.map(\.receipt.reason) == [nil, .invalidAddress])
    #expect(file.flaws.map(\.line) == [4] && file.flaws.map(\.flaw) == [.form])
  }

  @Test("a call list that was filled in is a file of receipts, in Chinese and GB18030 too")
  func callList() throws {
    var options = ExportOptions()
    options.format = .csv
    options.isChinese = true
    options.encoding = .gb18030
    let paper = try ExportPaper(
      SampleTasks.tasks(3), channel: .phone, stem: "s", createdAt: Self.now, options: options)
    options.encoding = .utf8
    let plain = try ExportPaper(
      SampleTasks.tasks(3), channel: .phone, stem: "s", createdAt: Self.now, options: options)
    let text = String(decoding: plain.files[0].bytes.dropFirst(3), as: UTF8.self)
    #expect(try paper.files[0].bytes == GB18030.bytes(text))
    var lines = text.components(separatedBy: "\r\n")
    var cells = lines[2].components(separatedBy: ",")
    (cells[cells.count - 10], cells[cells.count - 8]) = ("booked", "2026-07-01 10:00")
    lines[2] = cells.joined(separator: ",")
    let filled = lines.joined(separator: "\r\n")
    let file = try Self.read(Data(try GB18030.bytes(filled)))
    #expect(file.isGuessedGB18030)
    #expect(file.lines.map(\.receipt.task.low) == [1])
    #expect(file.lines.map(\.receipt.outcome) == [.booked])
    #expect(file.blank == 2)
  }

  @Test("a file that is none is an error, and so is one that is not there")
  func noReceipts() throws {
    let error = #expect(throws: OutreachError.self) { try Self.read("name,phone\nx,y\n") }
    #expect(error?.code == .badData)
    #expect(throws: OutreachError.self) { try Self.read("task,outcome\n\"x") }
    let missing = #expect(throws: OutreachError.self) {
      try ReceiptFile("/nowhere.csv", time: Self.time, now: Self.now)
    }
    #expect(missing?.code == .inputMissing)
  }

  @Test("every outcome and every reason of the queue can be said")
  func words() {
    let meanings = ReceiptWord.allCases.map(\.meaning)
    #expect(Set(meanings.map(\.outcome)) == Set(Outcome.allCases).subtracting([.released]))
    #expect(Set(Vocabularies.contactOutcome.words).isSubset(of: ReceiptWord.allCases.map(\.rawValue)))
  }
}
