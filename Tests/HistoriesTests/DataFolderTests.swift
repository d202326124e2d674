import Foundation
import Testing

@testable import Histories

@Suite("Data folders")
struct DataFolderTests {
  private static let gbCustomers =
    Data("customer_id,name\nC1,".utf8) + Data([0xCD, 0xF5, 0xCE, 0xB0]) + Data("\nC2,Han Mei\n".utf8)

  @Test("a folder that is not there, or is a file, is named")
  func missingFolder() throws {
    let files = try DataFiles(["file": ""])
    for path in [files.path + "/nowhere", files.path + "/file"] {
      let error = #expect(throws: HistoriesError.self) { try DataFolder(path) }
      #expect(error?.code == .inputMissing)
      #expect(error?.what.contains(path) == true)
      #expect(error?.next.isEmpty == false)
    }
  }

  @Test("a missing table is named with the file that may be meant")
  func missingTable() throws {
    let files = try DataFiles(["customers.csv": SmallGroup.customers, "visit.csv": SmallGroup.visits])
    let error = #expect(throws: HistoriesError.self) { try DataFolder(files.path) }
    #expect(error?.code == .inputMissing)
    #expect(error?.what.contains("`visits`") == true)
    #expect(error?.what.contains("is visit.csv meant?") == true)
  }

  @Test("a file whose name is nearly a table's is remarked upon")
  func strangers() throws {
    let histories = try SmallGroup.files(["survey.csv": "customer_id\n", "readme.txt": "x"]).load()
    #expect(histories.report.remarks == ["survey.csv is not read; if it is `surveys`, rename it."])
  }

  @Test("a folder of readable files is read in place")
  func noTwin() throws {
    let files = try SmallGroup.files()
    let folder = try DataFolder(files.path)
    #expect(folder.readable == folder.folder)
  }

  @Test("the twin of a folder that needs transcoding is private and goes with its owner")
  func twin() throws {
    let files = try SmallGroup.files(["notes/more.csv": "a\n"])
    try files.write(Self.gbCustomers, to: "customers.csv")
    var folder: DataFolder? = try DataFolder(files.path)
    let twin = try #require(folder).readable
    #expect(twin != folder?.folder)
    let manager = FileManager.default
    #expect(try manager.attributesOfItem(atPath: twin.path)[.posixPermissions] as? Int == 0o700)
    let copy = twin.appendingPathComponent("customers.csv").path
    #expect(try manager.attributesOfItem(atPath: copy)[.posixPermissions] as? Int == 0o600)
    #expect(try String(contentsOfFile: copy, encoding: .utf8) == "customer_id,name\nC1,王伟\nC2,Han Mei\n")
    #expect(try manager.destinationOfSymbolicLink(atPath: twin.path + "/visits.csv").hasSuffix("/visits.csv"))
    #expect(manager.fileExists(atPath: twin.path + "/notes/more.csv"))
    #expect(folder?.displayName(copy) == "customers.csv")
    #expect(folder?.guessed == ["customers.csv"])
    folder = nil
    #expect(!manager.fileExists(atPath: twin.path))
    #expect(try Data(contentsOf: files.url.appendingPathComponent("customers.csv")) == Self.gbCustomers)
  }

  @Test("a file in GB18030 is recognised, and the report says so")
  func guessedEncoding() throws {
    let files = try SmallGroup.files()
    try files.write(Self.gbCustomers, to: "customers.csv")
    let histories = try files.load()
    #expect(histories.customers.names[0] == "王伟")
    #expect(histories.report.remarks.count == 1)
    #expect(histories.report.remarks.first?.contains("customers.csv") == true)
  }

  @Test("a few bad bytes in a UTF-8 file do not turn the whole file into another encoding")
  func strayBytes() throws {
    let files = try SmallGroup.files()
    try files.write(
      Data("customer_id,name\nC1,王伟王\nC2,张三".utf8) + Data([0xFF]) + Data("\nC3,李四\n".utf8) + Data([0xB0]),
      to: "customers.csv")
    let histories = try files.load()
    #expect(histories.customers.names[0] == "王伟王")
    #expect(histories.customers.names[1] == "张三\u{FFFD}")
    #expect(histories.customers.names[2] == "李四")
    #expect(
      histories.report.lines.first
        == "customers.csv|bytes that are no text in the file's encoding|mended|2|customers.csv:2: customers.csv:4:"
    )
  }

  @Test("the mapping's encoding counts for every text file, whatever the case of its name")
  func mappedEncoding() throws {
    let files = try SmallGroup.files([
      "revisit.yaml": "encoding: gb18030\ntables: {customers: OWNER.CSV, visits: visits.csv}\n"
    ])
    try files.write(Self.gbCustomers, to: "OWNER.CSV")
    let histories = try files.load()
    #expect(histories.customers.names[0] == "王伟")
    #expect(histories.report.remarks.isEmpty)
    #expect(histories.report.tables.first?.source == "OWNER.CSV")
  }

  @Test("links below the folder are read like files; hidden files and links that lead out are not")
  func links() throws {
    let elsewhere = try DataFiles(["v.csv": SmallGroup.visits])
    let files = try DataFiles([
      "customers.csv": SmallGroup.customers, ".visits.csv": "broken", ".hidden/visits.csv": "broken",
      "exports/v.csv": SmallGroup.visits,
      "revisit.yaml": "tables: {customers: customers.csv, visits: '*visits.csv'}\n",
    ])
    let link = files.path + "/visits.csv"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "exports/v.csv")
    let histories = try files.load()
    #expect(histories.orders.count == 1)
    #expect(histories.report.tables.last?.source == "visits.csv")

    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: elsewhere.path + "/v.csv")
    let error = #expect(throws: HistoriesError.self) { try files.load() }
    #expect(error?.code == .inputMissing)
    #expect(error?.next.contains("lead out of the folder") == true)
  }

  @Test("a mapped file that is not there is named")
  func missingFile() throws {
    let files = try SmallGroup.files(["revisit.yaml": "tables: {customers: 'own*.csv', visits: visits.csv}\n"]
    )
    let error = #expect(throws: HistoriesError.self) { try files.load() }
    #expect(error?.code == .inputMissing)
    #expect(error?.what.contains("no file matches own*.csv") == true)
  }
}
