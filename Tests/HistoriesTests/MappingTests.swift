import Foundation
import Testing

@testable import Histories

@Suite("The mapping file")
struct MappingTests {
  private func mapping(_ yaml: String) throws -> Mapping {
    let files = try DataFiles(["revisit.yaml": yaml])
    return try Mapping(file: files.url.appendingPathComponent(Mapping.fileName))
  }

  private func failure(_ yaml: String) throws -> HistoriesError? {
    #expect(throws: HistoriesError.self) { try mapping(yaml) }
  }

  @Test("every kind of source is understood, below `tables` and beside it")
  func sources() throws {
    let mapping = try mapping(
      """
      dealer_group: Lakeside Motors
      timezone: Europe/Berlin
      currency: eur
      encoding: GBK
      tables:
        customers: exports/owner_*.csv
        vehicles: {file: exports/cars.parquet}
        visits:
          sql: |
            SELECT 1 AS visit_id;
      schedules:
        - {model: '*', powertrain: ICE, months: 6, first_service_km: 05000, km: ~}
        - {model: X, months: null}
      """)
    #expect(mapping.dealerGroup == "Lakeside Motors")
    #expect(mapping.timeZone == "Europe/Berlin")
    #expect(mapping.currency == "EUR")
    #expect(mapping.encoding == .gb18030)
    guard case .files("exports/owner_*.csv") = mapping.sources["customers"],
      case .files("exports/cars.parquet") = mapping.sources["vehicles"],
      case .sql("SELECT 1 AS visit_id") = mapping.sources["visits"],
      case .rows(let rows) = mapping.sources["schedules"]
    else {
      Issue.record("a source was not understood")
      return
    }
    #expect(
      rows == [
        ["model": "*", "powertrain": "ICE", "months": "6", "first_service_km": "05000"], ["model": "X"],
      ])
    #expect(mapping.sources.count == 4)
  }

  @Test("values stay the text that was written: numbers with leading zeros, days, words for yes")
  func scalars() throws {
    let mapping = try mapping(
      "dealer_group: 007\ndealers:\n- {dealer_id: 007, name: yes, opens_on: 2024-03-05}\n")
    #expect(mapping.dealerGroup == "007")
    guard case .rows(let rows) = mapping.sources["dealers"] else {
      Issue.record("rows were not understood")
      return
    }
    #expect(rows == [["dealer_id": "007", "name": "yes", "opens_on": "2024-03-05"]])
  }

  @Test("without a mapping of tables, the files named after the tables count")
  func settingsOnly() throws {
    let files = try SmallGroup.files(["revisit.yaml": "currency: JPY\n"])
    let histories = try files.load()
    #expect(histories.currency == "JPY")
    #expect(histories.moneyScale == 1)
    #expect(histories.orders.count == 1)
  }

  @Test(
    "what is wrong is named, with the nearest right name",
    arguments: [
      ("tabels: {customers: a.csv}", ["revisit.yaml", "`tabels`", "Did you mean `tables`?"]),
      ("tables: {custmers: a.csv}", ["`custmers`", "Did you mean `customers`?"]),
      ("zzzzzzzzzzzzzzz: 1", ["`zzzzzzzzzzzzzzz`", "revisit schema"]),
      ("timezone: Asia/Shangai", ["Asia/Shangai", "Asia/Shanghai"]),
      ("timezone:", ["timezone"]),
      ("encoding: latin-9", ["latin-9", "utf-8 or gb18030"]),
      ("currency: yuan", ["yuan", "ISO 4217"]),
      ("tables: customers.csv", ["tables"]),
      ("customers: {sql: SELECT 1, file: a.csv}", ["customers"]),
      ("customers: {query: SELECT 1}", ["customers"]),
      ("customers: []", ["customers"]),
      ("customers: [{}]", ["customers"]),
      ("customers: [a, b]", ["customers"]),
      ("customers:", ["customers"]),
      ("", ["no entries"]),
      ("# nothing\n", ["no entries"]),
      ("- a\n- b\n", ["no entries"]),
      ("tables: {customers: 'a.csv}", ["not valid YAML"]),
      ("a: b: c", ["not valid YAML"]),
    ])
  func mistakes(_ yaml: String, _ words: [String]) throws {
    let error = try failure(yaml)
    #expect(error?.code == .badData)
    for word in words {
      #expect(error?.description.contains(word) == true, "\(error?.description ?? "") lacks \(word)")
    }
    #expect(error?.next.isEmpty == false)
  }

  @Test("a mapping that is no UTF-8 is refused with what to do")
  func notUTF8() throws {
    let files = try DataFiles()
    try files.write(Data([0x64, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]), to: Mapping.fileName)
    let error = #expect(throws: HistoriesError.self) {
      try Mapping(file: files.url.appendingPathComponent(Mapping.fileName))
    }
    #expect(error?.next == "Save it as UTF-8.")
  }

  @Test(
    "encodings are known by their usual names",
    arguments: [
      ("UTF-8", TextEncoding.utf8), ("utf8", .utf8), ("utf_8", .utf8), ("GB18030", .gb18030),
      ("gbk", .gb18030),
      ("GB2312", .gb18030), ("cp936", .gb18030),
    ])
  func encodings(_ name: String, _ expected: TextEncoding) {
    #expect(TextEncoding(name: name) == expected)
    #expect(TextEncoding(name: name + "x") == nil)
  }

  @Test("the nearest name is found by edit distance, none when all are far")
  func nearestName() {
    let names = CanonicalTable.all.map(\.name)
    #expect(CanonicalTable.nearest(to: "visit", among: names) == "visits")
    #expect(CanonicalTable.nearest(to: "Custommers", among: names) == "customers")
    #expect(CanonicalTable.nearest(to: "qqqqqqqqqqqqqq", among: names) == nil)
    #expect(CanonicalTable.nearest(to: "visits", among: []) == nil)
    #expect(CanonicalTable.editDistance("kitten", "sitting") == 3)
    #expect(CanonicalTable.editDistance("", "abc") == 3)
    #expect(CanonicalTable.editDistance("abc", "") == 3)
  }

  @Test(
    "file names in SQL become absolute; everything else stays as it is",
    arguments: [
      ("SELECT * FROM read_csv('a/b_*.csv')", "SELECT * FROM read_csv('/data/a/b_*.csv')"),
      ("FROM 'A.PARQUET', 'b.csv.gz'", "FROM '/data/A.PARQUET', '/data/b.csv.gz'"),
      ("FROM '/data/a.csv'", "FROM '/data/a.csv'"),
      ("FROM 'it''s.csv' WHERE x = 'it''s'", "FROM '/data/it''s.csv' WHERE x = 'it''s'"),
      ("SELECT '首保', \"it's.csv\" FROM 'a.csv'", "SELECT '首保', \"it's.csv\" FROM '/data/a.csv'"),
      ("-- it's a note\nSELECT * FROM 'a.csv'", "-- it's a note\nSELECT * FROM '/data/a.csv'"),
      ("/* it's */ SELECT * FROM 'a.csv'", "/* it's */ SELECT * FROM '/data/a.csv'"),
      ("SELECT $$it's$$ FROM 'a.csv'", "SELECT $$it's$$ FROM '/data/a.csv'"),
      ("SELECT 1 -- it's", "SELECT 1 -- it's"),
      ("SELECT 'open", "SELECT 'open"),
      ("SELECT a - b, c / d, $1", "SELECT a - b, c / d, $1"),
      ("", ""),
    ])
  func sqlPaths(_ sql: String, _ expected: String) {
    #expect(SQLPaths.absolute(sql, folder: "/data") == expected)
  }
}
