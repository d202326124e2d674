public import Histories
public import Tables

extension SegmentPopulation {
  /// The customers of a log with a row on or before a date.
  ///
  /// Recency is the days since the last row, money the sum of the amounts that are known.
  /// - Parameter events: whether frequency counts rows or days with rows.
  /// - Throws: `RetentionError` when there is nobody.
  /// - Complexity: O(days of all customers).
  public init(log: TransactionLog, asOf: Day, events: Events) throws(RetentionError) {
    var keys: [UInt64] = []
    var (recencies, counts, amounts): ([Double], [Double], [Double]) = ([], [], [])
    for customer in 0..<log.count {
      var last = Day.none
      var (count, amount) = (0, Double.nan)
      for index in log.range(customer) {
        guard log.days[index] <= asOf else { break }
        last = log.days[index]
        count += events == .days ? 1 : Int(log.rows[index])
        if !log.amounts[index].isNaN { amount = log.amounts[index] + (amount.isNaN ? 0 : amount) }
      }
      guard !last.isNone else { continue }
      keys.append(UInt64(customer))
      recencies.append(Double(asOf - last))
      counts.append(Double(count))
      amounts.append(amount)
    }
    guard !keys.isEmpty else {
      throw RetentionError(
        .nobodyActive,
        "The log begins on \(log.span.lowerBound): nobody has ordered by \(asOf). Choose a later date.")
    }
    self.init(
      asOf: asOf, customers: log.customers, keys: keys, recencyDays: recencies, counts: counts,
      amounts: amounts, events: events)
  }
}
