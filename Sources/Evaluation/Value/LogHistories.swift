internal import BuyTillYouDie
public import CustomerValue
internal import Foundation
public import Histories
public import Tables

/// The histories of a log's customers up to the end of the calibration, and what they did afterwards.
public struct LogHistories: Sendable {
  public let histories: PurchaseHistories
  /// The number in the log of each customer.
  public let customers: [Int32]
  /// Customers whose first transaction lies after the calibration: left out.
  public let lateCustomers: Int

  /// - Parameters:
  ///   - calibrationEnd: last day of the calibration; `nil` for the whole log without a hold-out.
  ///   - end: the day until which the log is complete.
  /// - Throws: `TableError` when the calibration ends where it says nothing.
  /// - Complexity: O(transactions), one pass.
  public init(
    _ log: TransactionLog, calibrationEnd: Day?, end: Day, unit: TimeUnit
  ) throws(TableError) {
    let lastDay = calibrationEnd ?? end
    if let calibrationEnd { try Self.check(calibrationEnd, end, log) }
    var gathering = Gathering(log, lastDay: lastDay, end: end, unit: unit)
    for customer in 0..<log.count { gathering.add(customer, log) }
    customers = gathering.customers
    lateCustomers = gathering.lateCustomers
    var histories = PurchaseHistories(unit: unit, visits: gathering.visits)
    histories.logIntervals = gathering.logIntervals
    if !log.amounts.isEmpty {
      histories.spend = PurchaseHistories.Spend(counts: gathering.spendCounts, means: gathering.meanSpends)
    }
    if calibrationEnd != nil {
      histories.holdOut = PurchaseHistories.HoldOut(
        length: Double(end - lastDay) / unit.days, visits: gathering.later)
    }
    histories.calendar = gathering.calendar
    self.histories = histories
  }

  private static func check(_ calibrationEnd: Day, _ end: Day, _ log: TransactionLog) throws(TableError) {
    guard calibrationEnd < end else {
      throw TableError(
        .badData,
        "The calibration ends on \(calibrationEnd), but the log reaches no further than \(end): nothing is left to compare "
          + "with. Choose an earlier --calibration-end, or leave it out.")
    }
    guard calibrationEnd > log.span.lowerBound else {
      throw TableError(
        .badData,
        "The calibration ends on \(calibrationEnd), but the log begins on \(log.span.lowerBound). Choose a later "
          + "--calibration-end.")
    }
  }
}

/// What one pass over the customers makes.
private struct Gathering {
  var visits: [RepeatHistory] = []
  var customers: [Int32] = []
  var spendCounts: [Int32] = []
  var meanSpends: [Double] = []
  var later: [Int32] = []
  var calendar: VisitCalendar
  var logIntervals = 0.0
  var lateCustomers = 0

  private let firstDay: Day
  private let lastDay: Day
  private let end: Day
  private let daysPerUnit: Double
  private let logUnit: Double

  init(_ transactions: TransactionLog, lastDay: Day, end: Day, unit: TimeUnit) {
    firstDay = transactions.span.lowerBound
    self.lastDay = lastDay
    self.end = end
    daysPerUnit = unit.days
    logUnit = log(unit.days)
    let days = [Int32](repeating: 0, count: end - firstDay + 1)
    calendar = VisitCalendar(origins: days, repeats: days, calibrationDays: lastDay - firstDay + 1)
    visits.reserveCapacity(transactions.count)
    customers.reserveCapacity(transactions.count)
    later.reserveCapacity(transactions.count)
  }

  mutating func add(_ customer: Int, _ transactions: TransactionLog) {
    let range = transactions.range(customer)
    // Of customers without a transaction that counts nothing is known.
    guard let first = range.first else { return }
    let origin = transactions.days[first]
    guard origin <= lastDay else {
      lateCustomers += 1
      return
    }
    customers.append(Int32(customer))
    calendar.origins[origin - firstDay] += 1
    var (repeats, laterVisits, amounts) = (0, Int32(0), Int32(0))
    var (last, sum) = (origin, 0.0)
    for index in range.dropFirst() where transactions.days[index] <= end {
      let day = transactions.days[index]
      calendar.repeats[day - firstDay] += 1
      guard day <= lastDay else {
        laterVisits += 1
        continue
      }
      logIntervals += log(Double(day - last)) - logUnit
      repeats += 1
      last = day
      if !transactions.amounts.isEmpty, !transactions.amounts[index].isNaN {
        amounts += 1
        sum += transactions.amounts[index]
      }
    }
    visits.append(
      RepeatHistory(
        repeats: repeats, last: Double(last - origin) / daysPerUnit,
        age: Double(lastDay - origin) / daysPerUnit))
    later.append(laterVisits)
    if !transactions.amounts.isEmpty {
      spendCounts.append(amounts)
      meanSpends.append(amounts > 0 ? sum / Double(amounts) : 0)
    }
  }
}
