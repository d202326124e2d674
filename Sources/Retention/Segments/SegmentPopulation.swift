public import Histories

/// Whose recency, frequency and money are looked at, and what they are: one row each, ascending by key.
public struct SegmentPopulation: Sendable {
  /// What a row stands for.
  public enum Unit: String, Sendable, CaseIterable {
    /// All vehicles of a customer together.
    case customer
    /// One customer with one vehicle.
    case relation
  }

  /// What the scores of recency and frequency are made of.
  public enum Measures: String, Sendable, CaseIterable {
    /// Days since the last service visit against the expected interval, and visits against those expected.
    case service
    /// Days and visits as they are.
    case plain
  }

  /// What `frequency` counts.
  public enum Events: String, Sendable, CaseIterable {
    /// Qualified visits of 730 days.
    case visits
    /// Rows of a log.
    case orders
    /// Days on which a log has rows.
    case days
  }

  /// What `monetary` is.
  public enum Money: String, Sendable {
    /// Payments less cost of the orders that customer or package paid something for, in 730 days.
    case margin
    /// What the customer paid in 730 days.
    case paid
    /// Sum of a log's amounts.
    case amount
  }

  /// How keys are named.
  public enum Names: Sendable {
    /// Keys are of customers and vehicles of histories.
    case histories(Histories)
    /// Keys are places in this list of ids.
    case ids(TextDictionary)
  }

  public let asOf: Day
  public let unit: Unit
  public let measures: Measures
  public let events: Events
  public let money: Money
  /// Share of the paid orders whose cost is known; `nil` where money is no margin.
  public let costCoverage: Double?
  public let names: Names
  /// One a row, ascending, the same for the same customer or relation at every date.
  public let keys: [UInt64]
  /// What is scored, one a row; NaN where it is not known.
  public let recency: [Double]
  public let frequency: [Double]
  public let monetary: [Double]
  /// Days since the last event.
  public let recencyDays: [Double]
  /// Events, as `events` says.
  public let counts: [Double]
  /// What was paid in currency units.
  public let paid: [Double]

  public var count: Int { keys.count }
  /// ISO 4217 code; `nil` where a log does not say.
  public var currency: String? {
    if case .histories(let histories) = names { histories.currency } else { nil }
  }
  public var dealerGroup: String? {
    if case .histories(let histories) = names { histories.dealerGroup } else { nil }
  }

  /// Plain measures of customers.
  ///
  /// - Parameters:
  ///   - customers: the ids that `keys` are places in.
  ///   - keys: ascending.
  ///   - recencyDays: days since the last event, one a key.
  ///   - counts: events, one a key.
  ///   - amounts: sums, one a key.
  init(
    asOf: Day, customers: TextDictionary, keys: [UInt64], recencyDays: [Double], counts: [Double],
    amounts: [Double], events: Events
  ) {
    self.asOf = asOf
    unit = .customer
    measures = .plain
    self.events = events
    money = .amount
    costCoverage = nil
    names = .ids(customers)
    self.keys = keys
    recency = recencyDays
    frequency = counts
    monetary = amounts
    self.recencyDays = recencyDays
    self.counts = counts
    paid = amounts
  }

  init(
    histories: Histories, asOf: Day, unit: Unit, measures: Measures, money: Money, costCoverage: Double?,
    rows: [ActivityRow]
  ) {
    self.asOf = asOf
    self.unit = unit
    self.measures = measures
    events = .visits
    self.money = money
    self.costCoverage = costCoverage
    names = .histories(histories)
    keys = rows.map(\.key)
    recencyDays = rows.map(\.recencyDays)
    counts = rows.map(\.visits)
    paid = rows.map(\.paid)
    monetary = money == .margin ? rows.map(\.margin) : paid
    recency = measures == .service ? rows.map(\.recencyRatio) : recencyDays
    frequency = measures == .service ? rows.map(\.frequencyRatio) : counts
  }

  // MARK: Names of rows

  /// What makes up the key of a customer, or of one with a vehicle.
  static func key(customer: Int32, vehicle: Int32?) -> UInt64 {
    UInt64(UInt32(customer)) << 32 | UInt64(UInt32((vehicle ?? -1) + 1))
  }

  /// The customer's id.
  public func customer(_ key: UInt64) -> String {
    switch names {
    case .ids(let ids): ids.texts[Int(key)]
    case .histories(let histories): histories.customers.ids.texts[Int(key >> 32)]
    }
  }

  /// The vehicle's VIN; `nil` where a row stands for all of a customer's.
  public func vehicle(_ key: UInt64) -> String? {
    guard case .histories(let histories) = names, let vehicle = Self.vehicle(key) else { return nil }
    return histories.vehicles.vins.texts[vehicle]
  }

  private static func vehicle(_ key: UInt64) -> Int? {
    let number = Int(key & 0xFFFF_FFFF)
    return number > 0 ? number - 1 : nil
  }

  /// Where the rows of one customer begin; one more element than customers.
  var customerStarts: [Int] {
    guard unit == .relation else { return Array(0...count) }
    return keys.indices.filter { $0 == 0 || keys[$0] >> 32 != keys[$0 - 1] >> 32 } + [count]
  }
}
