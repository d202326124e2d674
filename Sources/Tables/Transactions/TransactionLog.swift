public import Histories

/// Who bought on which days for how much: a table of transactions, one run of days a customer.
///
/// Several transactions of a customer on one day are one, with the sum of their amounts.
public struct TransactionLog: Sendable {
  /// The names of the columns.
  public struct Columns: Sendable {
    public var customer = "customer"
    public var date = "date"
    /// `nil` for a log without amounts.
    public var amount: String? = "amount"

    public init() {}

    /// The columns named, and the usual names for the others.
    public init(customer: String?, date: String?, amount: String?) {
      self.customer = customer ?? self.customer
      self.date = date ?? self.date
      self.amount = amount ?? self.amount
    }
  }

  /// What became of the file's rows.
  public struct RowCounts: Sendable, Equatable {
    public var rows = 0
    /// Rows without a customer, and without a date: left out.
    public var withoutCustomer = 0
    public var withoutDate = 0
    /// Rows with a negative amount, taken for returns: left out.
    public var returns = 0
    /// Rows later than the last day asked for: left out.
    public var later = 0
    /// Rows without an amount: visits whose money is not known.
    public var withoutAmount = 0

    public init() {}
  }

  /// The customers by their numbers, in the order in which the file names them first.
  public let customers: TextDictionary
  /// Where each customer's days begin, and the end of all: one more element than customers.
  public let starts: [Int]
  /// Ascending for each customer, every day once.
  public let days: [Day]
  /// Of each day; NaN where no amount of it is known. Empty for a log without amounts.
  public let amounts: [Double]
  /// Of each day, how many rows of the file it is.
  public let rows: [Int32]
  public let counts: RowCounts
  /// The first and the last day of all.
  public let span: ClosedRange<Day>

  public var count: Int { starts.count - 1 }

  /// The days of one customer, as indices of `days` and `amounts`.
  public func range(_ customer: Int) -> Range<Int> { starts[customer]..<starts[customer + 1] }

  /// Reads a log.
  ///
  /// - Parameter until: rows of later days are left out and counted.
  /// - Throws: `TableError` naming the column, and the row where one is to blame.
  /// - Complexity: O(rows · log(days of a customer)), on one thread but for the sorting.
  public init(
    _ file: TableFile, columns: Columns, until: Day, progress: (Int) -> Void = { _ in }
  ) throws(TableError) {
    _ = try file.column(columns.customer, role: "--customer")
    _ = try file.column(columns.date, role: "--date")
    if let amount = columns.amount { _ = try file.column(amount, role: "--amount") }
    let names = [columns.customer, columns.date, columns.amount].compactMap { $0 }
    guard Set(names).count == names.count else {
      throw TableError(
        .unknownColumn, "--customer, --date and --amount name one column twice. Give each its own.")
    }
    let table = try file.load(names, asTexts: [columns.customer], progress: progress)
    let rows = try TransactionRows(table, hasAmounts: columns.amount != nil, until: until)
    guard let dictionary = table.columns[0].dictionary, let span = rows.span else {
      throw TableError(
        .badData,
        "\(file.path) holds no transaction that can be used: \(rows.counts.reasons(until: until)). Check the columns that --customer, "
          + "--date and --amount name\(rows.counts.later > 0 ? ", or choose a later date" : "").")
    }
    let sorted = SortedTransactions(rows, customers: dictionary.count)
    customers = dictionary
    starts = sorted.starts
    days = sorted.days
    amounts = sorted.amounts
    self.rows = sorted.rows
    counts = rows.counts
    self.span = span
  }
}

extension TransactionLog.RowCounts {
  /// Why rows are left out, for an error.
  fileprivate func reasons(until: Day) -> String {
    let all = [
      (withoutCustomer, "without a customer"), (withoutDate, "without a date"),
      (returns, "with a negative amount"), (later, "later than \(until)"),
    ]
    let told = all.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? "row" : "rows") \($0.1)" }
    return told.isEmpty ? "it has no rows" : told.joined(separator: ", ")
  }
}

/// The rows that count, column by column.
struct TransactionRows {
  /// One a row of the file: the customer's number, −1 for rows that do not count.
  private(set) var customers: [Int32]
  private(set) var days: [Day]
  /// NaN where it is not known; empty without amounts.
  private(set) var amounts: [Double]
  private(set) var counts = TransactionLog.RowCounts()
  /// `nil` when no row counts.
  private(set) var span: ClosedRange<Day>?

  /// - Parameter table: customers as texts, dates, and amounts if there are any.
  init(_ table: Table, hasAmounts: Bool, until: Day) throws(TableError) {
    days = try table.days(1, role: "--date")
    amounts = hasAmounts ? try table.numbers(2, role: "--amount") : []
    let missing = table.columns[0].dictionary.map { dictionary in
      (0..<dictionary.count).map { MissingText.isMissing(dictionary.texts[$0]) }
    }
    customers = table.values(of: 0).map { code in
      code.isNaN || missing?[Int(code)] == true ? -1 : Int32(code)
    }
    counts.rows = table.rows
    var (first, last) = (Day(.max), Day.none)
    for row in customers.indices {
      guard isUsed(row, until: until) else {
        customers[row] = -1
        continue
      }
      if hasAmounts, amounts[row].isNaN { counts.withoutAmount += 1 }
      first = min(first, days[row])
      last = max(last, days[row])
    }
    span = first <= last ? first...last : nil
  }

  private mutating func isUsed(_ row: Int, until: Day) -> Bool {
    if customers[row] < 0 {
      counts.withoutCustomer += 1
    } else if days[row].isNone {
      counts.withoutDate += 1
    } else if days[row] > until {
      counts.later += 1
    } else if !amounts.isEmpty, amounts[row] < 0 {
      counts.returns += 1
    } else {
      return true
    }
    return false
  }
}
