import Histories
import Tables
import Testing

@Suite("Transaction logs")
struct TransactionLogTests {
  private static let until = Day(year: 2026, month: 12, day: 31)

  private static func log(
    _ folder: TableFolder, _ name: String, _ text: String,
    columns: TransactionLog.Columns = TransactionLog.Columns(), until: Day = until
  ) throws -> TransactionLog {
    try TransactionLog(
      folder.file(text.split(whereSeparator: \.isNewline).map(String.init), name: name), columns: columns,
      until: until)
  }

  @Test("transactions of one day are one, days ascend, customers keep their names and their order")
  func days() throws {
    let folder = try TableFolder()
    let log = try Self.log(
      folder, "t.csv",
      """
      customer,date,amount
      0007,2026-03-02,5
      b,2026-01-05,1.5
      0007,2026-01-01,2
      0007,2026-03-02,0.25
      """)
    #expect(log.count == 2 && log.customers.texts[0] == "0007" && log.customers.texts[1] == "b")
    #expect(log.range(0).map { log.days[$0].description } == ["2026-01-01", "2026-03-02"])
    #expect(log.range(0).map { log.amounts[$0] } == [2, 5.25])
    #expect(log.range(1).map { log.amounts[$0] } == [1.5])
    #expect(log.counts.rows == 4)
    #expect(
      log.span.lowerBound.description == "2026-01-01" && log.span.upperBound.description == "2026-03-02")
  }

  @Test("the order of rows changes no sum by a bit")
  func order() throws {
    let folder = try TableFolder()
    let amounts = (0..<200).map { Double($0 * 7919 % 200) / 7 + 1e-9 }
    func text(_ order: some Sequence<Int>) -> String {
      "customer,date,amount\n" + order.map { "a,2026-01-0\(1 + $0 % 2),\(amounts[$0])\n" }.joined()
    }
    let first = try Self.log(folder, "a.csv", text(0..<200))
    let second = try Self.log(folder, "b.csv", text((0..<200).reversed()))
    #expect(first.amounts == second.amounts && first.amounts.count == 2)
  }

  @Test("what is left out is counted by its rule")
  func counts() throws {
    let folder = try TableFolder()
    let log = try Self.log(
      folder, "t.csv",
      """
      customer,date,amount
      a,2026-01-01,1
      ,2026-01-02,1
      a,,1
      a,2026-01-03,-5
      a,2026-01-04,
      a,2027-01-04,9
      """)
    var expected = TransactionLog.RowCounts()
    expected.rows = 6
    (expected.withoutCustomer, expected.withoutDate, expected.returns) = (1, 1, 1)
    (expected.withoutAmount, expected.later) = (1, 1)
    #expect(log.counts == expected)
    #expect(log.days.map(\.description) == ["2026-01-01", "2026-01-04"])
    #expect(log.amounts[0] == 1 && log.amounts[1].isNaN)
  }

  @Test("dates are read as YYYY-MM-DD, YYYY/MM/DD, YYYYMMDD and with a time of day")
  func dates() throws {
    let folder = try TableFolder()
    for (name, date) in [
      ("a.csv", "2026-07-31"), ("b.csv", "2026/07/31"), ("c.csv", "20260731"),
      ("d.csv", "2026-07-31 23:59:00"),
    ] {
      let log = try Self.log(folder, name, "customer,date,amount\na,\(date),1\nb,\(date),1\n")
      #expect(log.days.map(\.description) == ["2026-07-31", "2026-07-31"], "\(date)")
    }
  }

  @Test(
    "a cell that is no date or no number is an error with column and row",
    arguments: [
      ("a,2026-01-01,1\na,2026-02-30,1\n", "date", 2), ("a,2026-01-01,1\na,soon,1\n", "date", 2),
      ("a,20260101,1\na,20261301,1\n", "date", 2),
      ("a,2026-01-01,1\na,2026-01-02,1\na,2026-01-02,much\n", "amount", 3),
    ])
  func unreadable(rows: String, column: String, row: Int) throws {
    let folder = try TableFolder()
    let error = #expect(throws: TableError.self) {
      try Self.log(folder, "t.csv", "customer,date,amount\n" + rows)
    }
    #expect(
      error?.message.contains("\"\(column)\"") == true && error?.message.contains("row \(row)") == true,
      "\(error!)")
    #expect(error?.code == .badData)
  }

  @Test("numbers between blanks without names are columns 1, 2, 3")
  func blanks() throws {
    let folder = try TableFolder()
    var columns = TransactionLog.Columns()
    (columns.customer, columns.date, columns.amount) = ("1", "3", "5")
    let log = try Self.log(
      folder, "t.txt",
      " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n\r\n 00021 0002 19970101  3   63.34\r\n",
      columns: columns)
    #expect(log.count == 2 && log.customers.texts[1] == "00021")
    #expect(log.days.map(\.description) == ["1997-01-01", "1997-01-18", "1997-01-01"])
    #expect(log.amounts == [29.33, 29.73, 63.34])
    #expect(throws: TableError.self) { try Self.log(folder, "u.txt", "1 2 3\n1 2\n", columns: columns) }
  }

  @Test("a log without one usable row says why")
  func nothing() throws {
    let folder = try TableFolder()
    let error = #expect(throws: TableError.self) {
      try Self.log(folder, "t.csv", "customer,date,amount\na,2026-01-01,-1\nb,,1\n")
    }
    #expect(error?.message.contains("1 row with a negative amount") == true, "\(error!)")
  }
}
