import Foundation
import Testing

@testable import Histories

@Suite("Tables that receipts add to")
struct ReceivedTests {
  private static let header =
    "contact_id,customer_id,vin,at,channel,purpose,campaign_id,outcome,promised_on\r\n"
  private static let received =
    header + "t1,C1,,2024-03-01T01:00:00Z,phone,service,spring,reached,\r\n"
    + "t2,C2,,2024-02-29T17:00:00Z,sms,service,spring,delivered,\r\n"

  private static func group(_ files: [String: String]) throws -> Histories {
    try SmallGroup.files(files.merging(["outreach/contacts.csv": received]) { $1 }).load()
  }

  private static func contacts(_ histories: Histories) -> [String] {
    (0..<histories.contacts.days.count).map {
      "\(histories.contacts.days[$0]) \(Vocabularies.contactOutcome.word(histories.contacts.outcomes[$0]) ?? "-")"
    }.sorted()
  }

  @Test("without a table of its own the folder has one, in the folder's time zone")
  func alone() throws {
    let histories = try Self.group([:])
    #expect(Self.contacts(histories) == ["2024-03-01 delivered", "2024-03-01 reached"])
    #expect(
      histories.presentTables.contains("contacts") && !histories.report.absentTables.contains("contacts"))
    let berlin = try Self.group(["revisit.yaml": "timezone: Europe/Berlin\n"])
    #expect(Self.contacts(berlin) == ["2024-02-29 delivered", "2024-03-01 reached"])
  }

  @Test(
    "rows of both are there, however the folder's own table is made",
    arguments: [
      ["contacts.csv": "customer_id,at,outcome\nC1,2024-01-05 09:00:00,no_answer\n"],
      [
        "crm.csv": "who,day,how\nC1,2024-01-05,no_answer\n",
        "revisit.yaml":
          "tables:\n  customers: customers.csv\n  vehicles: vehicles.csv\n  visits: visits.csv\n  contacts:\n    sql: SELECT who AS customer_id, CAST(day AS TIMESTAMP) AS at, how AS outcome FROM read_csv('crm.csv')\n",
      ],
      [
        "revisit.yaml":
          "contacts:\n  - {customer_id: C1, at: 2024-01-05, outcome: no_answer}\ncustomers: customers.csv\nvehicles: vehicles.csv\nvisits: visits.csv\n"
      ],
    ])
  func united(files: [String: String]) throws {
    let histories = try Self.group(files)
    #expect(
      Self.contacts(histories) == ["2024-01-05 no_answer", "2024-03-01 delivered", "2024-03-01 reached"])
    let tables = histories.report.tables.filter { $0.table == "contacts" }
    #expect(tables.map(\.rows) == [1, 2] && tables.map(\.used) == [1, 2])
    #expect(tables[1].source == "outreach/contacts.csv")
  }

  @Test(
    "a mapping that reads the file itself does not read it twice",
    arguments: [
      "contacts: outreach/*.csv", "contacts: {file: outreach/contacts.csv}",
      "contacts:\n  sql: SELECT * FROM read_csv('outreach/contacts.csv', all_varchar = true)",
    ])
  func mapped(entry: String) throws {
    let yaml = "customers: customers.csv\nvehicles: vehicles.csv\nvisits: visits.csv\n\(entry)\n"
    #expect(Self.contacts(try Self.group(["revisit.yaml": yaml])).count == 2)
  }

  @Test("the file is UTF-8 also where the mapping says that exports are GB18030")
  func encoding() throws {
    let text = Self.header + "t1,客户甲,,2024-03-01T01:00:00Z,phone,service,春季,reached,\r\n"
    let files = try SmallGroup.files(["revisit.yaml": "encoding: gb18030\n", "outreach/contacts.csv": text])
    let gb: [UInt8] =
      Array("customer_id,name\n".utf8) + [0xBF, 0xCD, 0xBB, 0xA7, 0xBC, 0xD7] + Array(",x\nC1,y\nC2,z\n".utf8)
    try files.write(Data(gb), to: "customers.csv")
    let histories = try files.load()
    #expect(Self.contacts(histories) == ["2024-03-01 reached"])
  }

  @Test(
    "a refusal that a receipt brought holds from its day on, against an earlier grant of the folder's own")
  func refusal() throws {
    let histories = try SmallGroup.files([
      "consents.csv": "customer_id,channel,purpose,granted,at\nC1,all,service,true,2024-01-01\n",
      "outreach/consents.csv":
        "customer_id,channel,purpose,granted,at,source\r\nC1,sms,service,false,2024-02-01T01:00:00Z,outreach-1\r\n",
    ]).load()
    let before = histories.consents.standing(of: 0, asOf: Day(year: 2024, month: 1, day: 31))
    let after = histories.consents.standing(of: 0, asOf: Day(year: 2024, month: 2, day: 1))
    #expect(before.granted.channels(purpose: .service).contains(.sms))
    #expect(!after.granted.channels(purpose: .service).contains(.sms))
    #expect(after.refused.channels(purpose: .service) == .sms)
    #expect(after.granted.channels(purpose: .service).contains(.phone))
  }

  @Test("the copy that proves the as-of rule holds both")
  func changedCopy() throws {
    let files = try SmallGroup.files([
      "contacts.csv": "customer_id,at,outcome\nC1,2024-01-05 09:00:00,no_answer\n",
      "outreach/contacts.csv": Self.received,
    ])
    let copy = try ChangedCopy(of: files.path, asOf: Day(year: 2024, month: 3, day: 10))
    #expect(Self.contacts(try Histories.load(copy.path)) == Self.contacts(try files.load()))
  }

  @Test("orders are named by the hashes that were kept")
  func visitIDs() throws {
    let files = try SmallGroup.files()
    var options = Histories.LoadOptions()
    options.orderIdentities = true
    let histories = try Histories.load(files.path, options: options)
    let hash = try #require(histories.orderIdentities?[0])
    #expect(try Histories.visitIDs(files.path, identities: [hash, 7]) == [hash: "V1"])
    #expect(try Histories.load(files.path).orderIdentities == nil)
    #expect(try Histories.timeZone(of: files.path).identifier == "Asia/Shanghai")
  }
}
