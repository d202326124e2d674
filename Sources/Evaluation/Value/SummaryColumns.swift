public import Tables

/// Which columns of a table say how often and how long customers came.
public struct SummaryColumns: Sendable, Equatable {
  public var frequency: String
  public var recency: String
  public var age: String
  public var monetary: String?
  public var id: String?
  /// Visits in the hold-out.
  public var holdOut: String?
  /// Whether that column was named, not only found.
  public var isHoldOutNamed = false
  /// Length of the hold-out, the same in every row.
  public var holdOutLength: String?
  /// Σ ln of the intervals between visits in the unit of the times, from which the regularity of visits is known.
  public var logIntervals: String?

  /// The names that a user gave; `nil` where they gave none.
  public struct Given: Sendable {
    public var frequency: String?
    public var recency: String?
    public var age: String?
    public var monetary: String?
    public var id: String?
    public var holdOut: String?

    public init() {}

    var isEmpty: Bool { [frequency, recency, age, monetary, holdOut].allSatisfy { $0 == nil } }
  }

  /// Names that papers and packages give the columns, the first of them preferred.
  private enum Known {
    static let frequency = ["frequency", "x", "frequency_cal"]
    static let recency = ["recency", "t_x", "t.x", "recency_cal"]
    static let age = ["T", "T_cal", "T.cal"]
    static let monetary = ["monetary", "monetary_value", "monetary_value_cal", "zbar", "m.x", "m_x"]
    static let id = ["customer", "customer_id", "id", "ID", "cust", "Id"]
    static let holdOut = ["x_star", "x.star", "frequency_holdout"]
    static let logIntervals = ["litt"]
    static let holdOutLength = ["duration_holdout", "T_star", "T.star"]
  }

  /// Finds the columns.
  ///
  /// - Returns: `nil` when a table has not all of frequency, recency and T.
  /// - Throws: `TableError` (`unknownColumn`) for a given name that is not there.
  public init?(_ file: TableFile, given: Given) throws(TableError) {
    let names = Set(file.columns.map(\.name))
    func find(_ own: String?, _ option: String, _ known: [String]) throws(TableError) -> String? {
      if let own { return try file.column(own, role: option).name }
      return known.first(where: names.contains)
    }
    guard let frequency = try find(given.frequency, "--frequency", Known.frequency),
      let recency = try find(given.recency, "--recency", Known.recency),
      let age = try find(given.age, "--age", Known.age)
    else { return nil }
    self.frequency = frequency
    self.recency = recency
    self.age = age
    monetary = try find(given.monetary, "--monetary", Known.monetary)
    id = try find(given.id, "--id", Known.id)
    holdOut = try find(given.holdOut, "--holdout", Known.holdOut)
    isHoldOutNamed = given.holdOut != nil
    holdOutLength = try find(nil, "", Known.holdOutLength)
    logIntervals = try find(nil, "", Known.logIntervals)
    let all = self.names
    guard Set(all).count == all.count else {
      throw TableError(.unknownColumn, "Two options name the same column of \(file.path). Give each its own.")
    }
  }

  /// All of them.
  public var names: [String] {
    [frequency, recency, age, monetary, id, holdOut, holdOutLength, logIntervals].compactMap { $0 }
  }

  /// Whether a table is a log rather than a summary, by what was given and what it holds.
  public static func isLog(_ file: TableFile, given: Given, log: TransactionLog.Columns, isLogGiven: Bool)
    -> Bool
  {
    if isLogGiven { return true }
    guard given.isEmpty else { return false }
    let names = Set(file.columns.map(\.name))
    return names.contains(log.customer) && names.contains(log.date)
  }
}
