public import BuyTillYouDie

/// What is known of customers whose value is asked for: when they came, what they paid, and perhaps what came later.
public struct PurchaseHistories: Sendable {
  public var unit: TimeUnit
  /// Visits of each customer, times in `unit`.
  public var visits: [RepeatHistory]
  /// Σ ln of all intervals between successive visits, in `unit`; `nil` when only sums of them are known.
  public var logIntervals: Double?
  /// Whether models are fitted to each customer, as many elements as customers; `nil` for all. Of the others nobody knows
  /// whether they were there at their origin: they are valued, but say nothing of what customers do.
  public var isFitted: [Bool]?
  /// Amounts known of each customer, and their means; `nil` when there is no money at all.
  public var spend: Spend?
  /// What came after the calibration.
  public var holdOut: HoldOut?
  /// Origins and repeats by day; `nil` where no dates are known.
  public var calendar: VisitCalendar?

  public var count: Int { visits.count }

  public init(unit: TimeUnit, visits: [RepeatHistory]) {
    self.unit = unit
    self.visits = visits
  }

  /// Visits of the customers that models are fitted to, of some or of all.
  public func fittedVisits(of customers: [Int32]? = nil) -> [RepeatHistory] {
    guard let isFitted else { return customers.map { rows in rows.map { visits[Int($0)] } } ?? visits }
    let rows = customers ?? Array(0..<Int32(count))
    return rows.compactMap { isFitted[Int($0)] ? visits[Int($0)] : nil }
  }

  /// Amounts of each customer, as many elements as customers.
  public struct Spend: Sendable {
    /// Amounts that are known of the repeats.
    public var counts: [Int32]
    /// Their means, in the unit of amounts; 0 for a count of 0.
    public var means: [Double]

    public init(counts: [Int32], means: [Double]) {
      self.counts = counts
      self.means = means
    }
  }

  /// What customers did in the time after the calibration.
  public struct HoldOut: Sendable {
    /// Its length in `unit`.
    public var length: Double
    /// Visits of each customer.
    public var visits: [Int32]

    public init(length: Double, visits: [Int32]) {
      self.length = length
      self.visits = visits
    }
  }
}

/// How many customers began, and how many repeats there were, on each day since the first origin.
public struct VisitCalendar: Sendable {
  /// Origins by day; customers that begin after the calibration do not count.
  public var origins: [Int32]
  /// Repeats of these customers by day, in calibration and hold-out; as long as `origins`.
  public var repeats: [Int32]
  /// Days of the calibration, from the first origin to its end, both counted.
  public var calibrationDays: Int

  public init(origins: [Int32], repeats: [Int32], calibrationDays: Int) {
    precondition(
      origins.count == repeats.count && calibrationDays <= origins.count, "every day has both counts")
    self.origins = origins
    self.repeats = repeats
    self.calibrationDays = calibrationDays
  }
}
