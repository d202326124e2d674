import ContactQueue
import Foundation
import Histories
import Testing

@testable import Outreach

@Suite("What receipts add to a data folder")
struct OutreachTablesTests {
  private static let parties: [Pseudonym: TaskParty] = Dictionary(
    uniqueKeysWithValues: (1...4).map { number in
      (
        ReceiptFileTests.id(UInt64(number)),
        TaskParty(
          customerID: number == 4 ? "C,\"4\"" : "C\(number)", vin: "V\(number)",
          channel: number == 2 ? .sms : .phone,
          purpose: .marketing, campaign: "spring")
      )
    })

  /// Receipts of four tasks, no two of one moment for one task.
  private static let lines: [ReceiptFile.Line] = {
    let said: [(UInt64, Outcome, FailReason?, Int)] = [
      (1, .sent, nil, 0), (1, .failed, .noAnswer, 1), (1, .failed, .busy, 5), (1, .promised, nil, 9),
      (2, .delivered, nil, 2), (2, .failed, .optedOut, 7), (3, .failed, .doNotContact, 3),
      (4, .failed, .invalidAddress, 4), (9, .delivered, nil, 1),
    ]
    return said.enumerated().map { index, entry in
      ReceiptFile.Line(
        number: index + 2,
        receipt: Receipt(
          task: ReceiptFileTests.id(entry.0), outcome: entry.1, reason: entry.2,
          at: ReceiptFileTests.now - .days(Int64(20 - entry.3))),
        promisedOn: entry.1 == .promised ? Day(year: 2026, month: 8, day: 1) : nil)
    }
  }()

  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func text(_ name: String) -> String? {
      FileManager.default.contents(atPath: url.appendingPathComponent("outreach/\(name)").path).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
    var both: [String?] { [text("contacts.csv"), text("consents.csv")] }
  }

  @Test("calls are contacts of their own, a message stays one, and refusals become statements")
  func rows() throws {
    let folder = try Folder()
    let report = try OutreachTables(data: folder.url.path).add(Self.lines, parties: Self.parties)
    #expect(report == OutreachTables.Report(contacts: 6, newContacts: 6, refusals: 7, newRefusals: 7))
    let contacts = try #require(folder.text("contacts.csv")).components(separatedBy: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().map(String.init)
    }
    #expect(
      contacts[0] == [
        "customer_id", "vin", "at", "channel", "purpose", "campaign_id", "outcome", "promised_on",
      ])
    #expect(
      contacts[1] == ["C1", "V1", "2026-06-20T16:00:00Z", "phone", "marketing", "spring", "no_answer", ""])
    #expect(
      contacts.dropFirst().dropLast().map { $0[$0.count - 2] } == [
        "no_answer", "refused", "invalid", "no_answer", "refused", "promised",
      ])
    let consents = try StrictCSV.records(try #require(folder.text("consents.csv")))
    #expect(
      consents.dropFirst().map { $0.prefix(4).joined(separator: " ") } == [
        "C2 sms care false", "C2 sms marketing false", "C2 sms service false", "C3 all care false",
        "C3 all marketing false",
        "C3 all profiling false", "C3 all service false",
      ])
  }

  @Test("in any order, in any parts and as often as one likes, the files are the same")
  func order() throws {
    let folder = try Folder()
    _ = try OutreachTables(data: folder.url.path).add(Self.lines, parties: Self.parties)
    let expected = folder.both
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20 {
      let other = try Folder()
      let tables = try OutreachTables(data: other.url.path)
      let shuffled = (Self.lines + Self.lines).shuffled(using: &generator)
      let cut = Int.random(in: 0...shuffled.count, using: &generator)
      _ = try tables.add(Array(shuffled[..<cut]), parties: Self.parties)
      _ = try tables.add(Array(shuffled[cut...]), parties: Self.parties)
      let again = try tables.add(Self.lines, parties: Self.parties)
      #expect(other.both == expected)
      #expect(again.newContacts == 0 && again.newRefusals == 0)
    }
  }

  @Test("a file that is not ours is an error, and nothing changes")
  func foreign() throws {
    let folder = try Folder()
    let place = folder.url.appendingPathComponent("outreach")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Data("customer_id,at\nC1,2026\n".utf8).write(to: place.appendingPathComponent("contacts.csv"))
    let error = #expect(throws: OutreachError.self) {
      try OutreachTables(data: folder.url.path).add(Self.lines, parties: Self.parties)
    }
    #expect(error?.code == .badData)
    #expect(folder.both == ["customer_id,at\nC1,2026\n", nil])
  }

  @Test("an erased customer's rows go, the others stay, and no name of the customer is left")
  func erasure() throws {
    let folder = try Folder()
    let tables = try OutreachTables(data: folder.url.path)
    _ = try tables.add(Self.lines, parties: Self.parties)
    #expect(try tables.erase(customer: "C2") == 4)
    #expect(try tables.erase(customer: "C2") == 0)
    #expect(folder.both.allSatisfy { $0?.contains("C2") == false })
    #expect(folder.text("contacts.csv")?.contains("C1") == true)
  }

  @Test("there is no data folder, or none that can be written")
  func noFolder() throws {
    #expect(throws: OutreachError.self) { try OutreachTables(data: "/nowhere") }
  }
}
