import Foundation
import Testing

@testable import Histories

@Suite("Reading tables")
struct TableReaderTests {
  private static let vin = SmallGroup.vinA

  @Test("values that cannot be read are counted once, with file, row and column, and taken as missing")
  func unreadableValues() throws {
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(Self.vin),2024-03-05,repair,１２３４５,￥1,-,是", "V2,C1,\(Self.vin),2024/3/6,repair,见备注,2,,否",
          "V3,C1,\(Self.vin),2024年3月7日,repair,,\" \",　,", "V4,C1,\(Self.vin),未知,repair,见备注,,,",
          "V5,C1,\(Self.vin),,repair,,,,",
        ], columns: "visit_id,customer_id,vin,opened_at,classes,odometer_km,customer_paid,discount,booked")
    ]).load()
    let orders = histories.orders
    #expect(histories.usableDays("C1", Self.vin) == ["2024-03-05", "2024-03-06", "2024-03-07"])
    #expect((0..<3).map { orders.odometers[$0] } == [12345, -1, -1])
    #expect((0..<3).map { orders.customerPaid[$0] } == [100, 200, Money.none])
    #expect(orders.flags[0] == .booked)
    #expect(
      histories.report.lines == [
        "visits|discount: unreadable number|missing|1|visits.csv:1:discount",
        "visits|odometer_km: unreadable number|missing|2|visits.csv:2:odometer_km visits.csv:4:odometer_km",
        "visits|opened_at: unreadable time|dropped|1|visits.csv:4:opened_at",
        "visits|opened_at is missing|dropped|1|visits.csv:5:opened_at",
      ])
    #expect(histories.report.tables.last.map { [$0.rows, $0.used] } == [5, 3])
  }

  @Test("a row whose required cells are both unreadable is dropped once")
  func droppedOnce() throws {
    let histories = try SmallGroup.files([
      "surveys.csv": "customer_id,date,score\nC1,x,y\nC9,x,5\nC1,2024-01-01,4\n",
      "packages.csv": "vin,bought_on\n\(Self.vin),x\nZ,\n",
      "purchases.csv": "customer_id,vin,date\nC1,\(Self.vin),x\nC1,\(Self.vin),\nC1,\(Self.vin),2020-01-05\n",
      "schedules.csv": "first_service_months,first_service_km,months,km\nx,y,z,1\n0,1,1,1\n",
      "ownerships.csv": "vin,customer_id,from\nZ,C9,x\n",
    ]).load()
    for table in histories.report.tables {
      let dropped = histories.report.findings.filter { $0.table == table.table && $0.outcome == .dropped }
      #expect(table.rows == table.used + dropped.reduce(0) { $0 + $1.count }, "\(table.table)")
    }
    #expect(histories.report.count(of: "date is missing", in: "purchases") == 1)
    #expect(histories.report.count(of: "date: unreadable day") == 3)
  }

  @Test("rows with too many cells are set aside and counted; the rows after them keep their numbers")
  func tooManyCells() throws {
    let histories = try SmallGroup.files([
      "customers.csv":
        "customer_id,name\nC1,Li\nC7,Wang,Wei,and,more\nC2,Han\n,Nobody\nC8,a,b\nC2,again\nC3\n"
    ]).load()
    #expect(histories.customers.count == 3)
    #expect(histories.customers.names.value(2) == nil)
    #expect(
      histories.report.lines == [
        "customers|customer_id is missing|dropped|1|customers.csv:4:customer_id",
        "customers|customer_id stands twice|dropped|1|customers.csv:6:customer_id",
        "customers|row has more cells than the header|dropped|2|customers.csv:2: customers.csv:5:",
      ])
    #expect(histories.report.tables.first.map { [$0.rows, $0.used] } == [7, 3])
  }

  @Test("rows that DuckDB's reader refuses deep in a long file are counted, too")
  func rejectedRows() throws {
    var text = "customer_id,name\n"
    for row in 1...60_000 { text += row == 50_001 ? "C\(row),a,b,c\n" : "C\(row),Name\n" }
    let histories = try SmallGroup.files(["customers.csv": text + "C1,again\n"]).load()
    #expect(histories.customers.count == 59_999)
    #expect(histories.report.tables.first.map { [$0.rows, $0.used] } == [60_001, 59_999])
    #expect(histories.report.examples(of: "customer_id stands twice").map(\.row) == [60_001])
    let broken = histories.report.findings.filter {
      $0.table == "customers" && $0.examples.map(\.row) == [50_001]
    }
    #expect(broken.map(\.count) == [1])
  }

  @Test("a comma at the end of every line is no further cell")
  func trailingCommas() throws {
    let histories = try SmallGroup.files(["customers.csv": "customer_id,name,\nC1,Li,\nC2,Han,\n"]).load()
    #expect(histories.customers.count == 2)
    #expect(histories.report.findings.isEmpty)
  }

  @Test("several files are one table; examples name the right file and row")
  func severalFiles() throws {
    let files = try SmallGroup.files([
      "revisit.yaml":
        "tables: {customers: 'exports/owner_*.csv', visits: visits.csv, vehicles: vehicles.csv}\n",
      "exports/owner_1.csv": "customer_id,name\nC1,Li\n,x\nC2,Han\n",
      "exports/owner_2.csv": "name,customer_id\nx,\nx,C2\n",
      "exports/owner_3.csv": "customer_id\nC3\nC3\n", "exports/other.csv": "broken\n",
      "exports/deep/owner_4.csv": "broken\n",
    ])
    let histories = try files.load()
    #expect(histories.customers.count == 3)
    #expect(
      histories.report.lines == [
        "customers|customer_id is missing|dropped|2|exports/owner_1.csv:2:customer_id exports/owner_2.csv:1:customer_id",
        "customers|customer_id stands twice|dropped|2|exports/owner_2.csv:2:customer_id exports/owner_3.csv:2:customer_id",
      ])
    #expect(histories.report.tables.first?.source == "exports/owner_*.csv")
  }

  @Test("row numbers count on over many chunks and files")
  func manyChunks() throws {
    var first = "customer_id,name\n"
    for row in 1...5000 { first += row == 4321 ? ",x\n" : "A\(row),x\n" }
    var second = "customer_id\n"
    for row in 1...5000 { second += row == 3210 ? "A1\n" : "B\(row)\n" }
    let histories = try SmallGroup.files([
      "revisit.yaml":
        "tables: {customers: 'c?.csv', visits: {sql: \"SELECT 'V' AS visit_id, 'A1' AS customer_id, '\(Self.vin)' AS vin, DATE '2024-01-01' AS opened_at\"}}\n",
      "c1.csv": first, "c2.csv": second,
    ]).load()
    #expect(
      histories.report.examples(of: "customer_id is missing").map { "\($0.file):\($0.row)" } == [
        "c1.csv:4321"
      ])
    #expect(
      histories.report.examples(of: "customer_id stands twice").map { "\($0.file):\($0.row)" } == [
        "c2.csv:3210"
      ])
    #expect(histories.orders.count == 1)
  }

  @Test("a missing required column and an unknown one are named with what to do")
  func columns() throws {
    let missing = try SmallGroup.files(["customers.csv": "name,phone\nx,y\n"])
    let error = #expect(throws: HistoriesError.self) { try missing.load() }
    #expect(error?.what == "customers.csv: column `customer_id` of table `customers` is missing.")
    #expect(error?.next.contains("revisit.yaml") == true)

    let unknown = try SmallGroup.files(["customers.csv": "customer_id,fone\nx,y\n"])
    let second = #expect(throws: HistoriesError.self) { try unknown.load() }
    #expect(second?.what == "customers.csv: table `customers` has no column `fone`.")
    #expect(second?.next == "Did you mean `phone`?")
  }

  @Test("blank keys are missing keys, however they are blank")
  func blankKeys() throws {
    let histories = try SmallGroup.files([
      "customers.csv": "customer_id,name\nC1,Li\n\"  \",x\n\u{3000},y\nC2,Han\n",
      "vehicles.csv": "vin,customer_id,model\n\(Self.vin),C1,\"  \"\n\" \",C1,\n",
      "visits.csv": SmallGroup.visits([
        "V1,C1,\"   \",2024-03-05,repair", "V2,\u{3000},\(Self.vin),2024-03-05,repair",
        "\" \",C1,\(Self.vin),2024-03-05,repair",
      ]),
    ]).load()
    #expect(histories.customers.count == 2)
    #expect(histories.vehicles.count == 1)
    #expect(histories.vehicles.models[0] == -1)
    #expect(histories.usableDays("C1", Self.vin) == ["2024-03-05"])
    #expect(histories.report.count(of: "customer_id is missing") == 2)
    #expect(histories.report.count(of: "vin is missing") == 1)
    #expect(histories.report.count(of: "visit_id is missing") == 1)
    #expect(histories.report.count(of: "vin: taken from the customer's only vehicle") == 1)
  }

  @Test("dates that stand for nothing are missing; the far future of an open end is kept")
  func nullDates() throws {
    let histories = try SmallGroup.files([
      "vehicles.csv":
        "vin,customer_id,delivered_on,warranty_ends_on\n\(Self.vin),C1,-infinity,infinity\n\(SmallGroup.vinB),C2,1900-01-01,9999-12-31\n",
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(Self.vin),1900-01-01 00:00:00,repair,,,", "V2,C1,\(Self.vin),infinity,repair,,,",
          "V3,C1,\(Self.vin),2024-03-05 08:00:00,repair,1900-01-01 00:00:00,1900-01-01 00:00:00,1900-01-01 00:00:00",
          "V4,C1,\(Self.vin),1985-01-01,repair,,,",
        ], columns: "visit_id,customer_id,vin,opened_at,classes,closed_at,promised_at,recorded_at"),
    ]).load()
    #expect(histories.vehicles.deliveredOn[0].isNone && histories.vehicles.deliveredOn[1].isNone)
    #expect(histories.vehicles.warrantyEndsOn[0].isNone)
    #expect(histories.vehicles.warrantyEndsOn[1].description == "9999-12-31")
    #expect(histories.usableDays("C1", Self.vin) == ["2024-03-05"])
    #expect(histories.orders.count == 2)
    #expect(histories.orders.flags[1] == [])
    #expect(histories.orders.knownOn[1] == histories.orders.openedOn[1])
    #expect(histories.report.count(of: "opened_at is missing") == 2)
    #expect(histories.report.count(of: "dated before 1990") == 1)
    #expect(histories.report.count(of: "closed before it was opened") == 0)
  }

  @Test("empty tables load as nothing; without customers or orders the error says so")
  func emptyTables() throws {
    let histories = try SmallGroup.files([
      "surveys.csv": "customer_id,date,score\n", "ownerships.csv": "vin,customer_id,from\n",
      "contacts.csv": "customer_id,at\n", "complaints.csv": "customer_id,opened_on\n",
      "packages.csv": "vin,bought_on\n",
    ]).load()
    #expect(histories.surveys.days.count == 0)
    #expect(histories.surveys.starts.count == histories.customers.count + 1)
    #expect(histories.presentTables.contains("surveys"))
    for (table, text, reason) in [
      ("customers", "customer_id\n", "holds no row."), ("visits", SmallGroup.visits([]), "holds no row."),
      (
        "visits", SmallGroup.visits(["V1,C9,\(Self.vin),2024-03-05,repair"]),
        "holds no usable row: customer_id: missing or not among the customers"
      ),
    ] {
      let error = #expect(throws: HistoriesError.self) {
        _ = try SmallGroup.files(["\(table).csv": text]).load()
      }
      #expect(error?.code == .badData)
      #expect(error?.what.hasPrefix("Table `\(table)` (\(table).csv) \(reason)") == true)
    }
  }

  @Test("optional tables that are not there are listed as absent")
  func absentTables() throws {
    let histories = try DataFiles(["customers.csv": SmallGroup.customers, "visits.csv": SmallGroup.visits])
      .load()
    for table in [
      "vehicles", "surveys", "complaints", "contacts", "packages", "ownerships", "purchases", "schedules",
    ] {
      #expect(histories.report.absentTables.contains(table))
      #expect(!histories.presentTables.contains(table))
    }
    #expect(histories.vehicles.count == 1)
    #expect(histories.report.findings.isEmpty)
    #expect(histories.relations.startsOn[0].description == "2024-03-05")
  }
}
