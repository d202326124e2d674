public import BuyTillYouDie
public import CustomerValue
internal import Foundation
public import LinearAlgebra

/// What customers are worth by a model of their visits, and how well the model describes them.
public struct ValueAssessment: Sendable {
  public let histories: PurchaseHistories
  public let models: VisitModels
  /// `nil` when no amounts are known.
  public let spend: SpendModel?
  public let valuation: LifetimeValuation
  public let frequency: FrequencyFit
  /// `nil` without dates.
  public let tracking: RepeatTracking?
  /// `nil` without a hold-out.
  public let holdOut: HoldOutComparison?
  public let alive: AliveMatrix
  /// `nil` when no intervals were asked for, or none can be told.
  public let total: TotalVisits?

  /// - Parameters:
  ///   - models: fitted to these histories.
  ///   - withIntervals: adds the interval of the total.
  /// - Throws: `RepeatModelError` for a horizon or a discount that is not possible.
  /// - Complexity: O(customers), and O(days × weeks) for the tracking.
  public init(
    _ histories: PurchaseHistories, models: VisitModels, options: ValueOptions, withIntervals: Bool = false,
    parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    self.histories = histories
    self.models = models
    let spend = histories.spend.map { own in
      SpendModel(SpendSample(counts: own.counts, means: own.means), parallel: parallel)
    }
    // Without one amount above 0 there is no money to speak of.
    self.spend = spend.flatMap { $0.sample.customers > 0 ? $0 : nil }
    valuation = try LifetimeValuation(
      histories, groups: models.groups, spend: self.spend, options: options, parallel: parallel)
    frequency = try FrequencyFit(histories, models, parallel: parallel)
    tracking = try histories.calendar.map { calendar throws(RepeatModelError) in
      try RepeatTracking(calendar, models, unit: histories.unit)
    }
    holdOut = try histories.holdOut.map { holdOut throws(RepeatModelError) in
      try HoldOutComparison(histories, holdOut, models, parallel: parallel)
    }
    alive = AliveMatrix(histories, models)
    total = withIntervals ? try TotalVisits(histories, models, options, parallel: parallel) : nil
  }
}

extension FrequencyFit {
  /// Expected is the sum of all customers' chances to have come so often by the end of the calibration.
  init(_ histories: PurchaseHistories, _ models: VisitModels, parallel: Parallel) throws(RepeatModelError) {
    var actual = [Int](repeating: 0, count: Self.mostRepeats + 1)
    for visits in histories.fittedVisits() { actual[min(visits.repeats, Self.mostRepeats)] += 1 }
    var expected = [Double](repeating: 0, count: Self.mostRepeats + 1)
    for group in models.groups {
      let own =
        group.models.isUniform
        ? Self.expected(
          ages: histories.fittedVisits(of: group.customers).map(\.age), group.models.base, parallel)
        : Self.expected(group.visits(histories), group.models, parallel)
      for index in own.indices { expected[index] += own[index] }
    }
    self.init(actual: actual, expected: expected)
  }

  private static let blockSize = 1 << 10

  /// Of customers with a model of their own each.
  private static func expected(
    _ visits: [RepeatHistory], _ models: RepeatModels, _ parallel: Parallel
  ) -> [Double] {
    let (size, blocks) = (mostRepeats + 1, Parallel.blockCount(count: visits.count, blockSize: blockSize))
    let sums = [Double](unsafeUninitializedCapacity: size * blocks) { sums, count in
      nonisolated(unsafe) let sums = sums
      parallel.forEachBlock(count: visits.count, blockSize: blockSize) { block in
        var own = [Double](repeating: 0, count: size)
        for customer in block.range {
          add(
            models[customer].probabilities(upTo: mostRepeats - 1, within: visits[customer].age), to: &own)
        }
        for index in 0..<size { sums.initializeElement(at: block.index * size + index, to: own[index]) }
      }
      count = size * blocks
    }
    return (0..<size).map { index in
      stride(from: index, to: sums.count, by: size).reduce(0) { $0 + sums[$1] }
    }
  }

  private static func add(_ probabilities: [Double], to sums: inout [Double]) {
    for index in probabilities.indices { sums[index] += probabilities[index] }
    sums[mostRepeats] += max(1 - probabilities.reduce(0, +), 0)
  }

  /// Ages beyond so many different ones are put together: no bar shows the difference.
  private static let mostAges = 1_000

  private static func expected(ages: [Double], _ model: RepeatModel, _ parallel: Parallel) -> [Double] {
    let sorted = ages.sorted()
    // Neighbours of one step count with their mean age.
    let step = sorted.last.map { $0 / Double(mostAges) } ?? 0
    var distinct: [(sum: Double, count: Double, first: Double)] = []
    for age in sorted {
      if let last = distinct.last, age - last.first <= step {
        distinct[distinct.count - 1].sum += age
        distinct[distinct.count - 1].count += 1
      } else {
        distinct.append((age, 1, age))
      }
    }
    let spans = distinct
    let size = mostRepeats + 1
    let shares = [Double](unsafeUninitializedCapacity: spans.count * size) { shares, count in
      nonisolated(unsafe) let shares = shares
      parallel.forEachBlock(count: spans.count, blockSize: 1) { block in
        let span = spans[block.index]
        let own = model.probabilities(upTo: mostRepeats - 1, within: span.sum / span.count)
        for index in own.indices {
          shares.initializeElement(at: block.index * size + index, to: span.count * own[index])
        }
        shares.initializeElement(
          at: block.index * size + mostRepeats, to: span.count * max(1 - own.reduce(0, +), 0))
      }
      count = spans.count * size
    }
    return (0..<size).map { index in
      stride(from: index, to: shares.count, by: size).reduce(0) { $0 + shares[$1] }
    }
  }
}

extension HoldOutComparison {
  init(
    _ histories: PurchaseHistories, _ holdOut: PurchaseHistories.HoldOut, _ models: VisitModels,
    parallel: Parallel
  ) throws(RepeatModelError) {
    let horizon = try RepeatHorizon(time: holdOut.length)
    var predicted = [Double](repeating: 0, count: histories.count)
    for group in models.groups {
      let rows = group.customers ?? Array(0..<Int32(histories.count))
      let expected = RepeatForecast(
        group.visits(histories), group.models, [horizon], parallel: parallel
      ).expected
      for (row, value) in zip(rows, expected) { predicted[Int(row)] = value }
    }
    self.init(
      length: holdOut.length, repeats: histories.visits.map(\.repeats), actual: holdOut.visits,
      predicted: predicted)
  }
}

extension RepeatTracking {
  private static let daysPerWeek = 7

  /// Expected are the repeats of customers of whom nothing but their origin is known.
  init(_ calendar: VisitCalendar, _ models: VisitModels, unit: TimeUnit) throws(RepeatModelError) {
    let days = calendar.origins.count
    // By age in days at the end of a day: what one customer is expected to have made.
    var byAge = [Double](repeating: 0, count: days)
    for age in 1..<max(days, 1) {
      byAge[age] = try models.expectedRepeats(ofNewWithin: Double(age) / unit.days)
    }
    let ends = stride(from: Self.daysPerWeek, to: days + Self.daysPerWeek, by: Self.daysPerWeek).map {
      min($0, days)
    }
    var (actual, expected): ([Double], [Double]) = ([], [])
    var (start, before) = (0, 0.0)
    for end in ends {
      actual.append(calendar.repeats[start..<end].reduce(0) { $0 + Double($1) })
      var sum = 0.0
      for day in 0..<end where calendar.origins[day] > 0 {
        sum += Double(calendar.origins[day]) * byAge[end - 1 - day]
      }
      expected.append(sum - before)
      (start, before) = (end, sum)
    }
    self.init(
      actual: actual, expected: expected,
      calibrationWeeks: Double(calendar.calibrationDays) / Double(Self.daysPerWeek),
      weeks: ends.map { Double($0) / Double(Self.daysPerWeek) })
  }
}

extension AliveMatrix {
  private static let columns = [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100]
  private static let rows = 8

  /// For customers as old as the oldest, by the model that speaks for most of them.
  init(_ histories: PurchaseHistories, _ models: VisitModels) {
    let age = histories.visits.reduce(0) { max($0, $1.age) }
    let most = histories.visits.reduce(0) { max($0, $1.repeats) }
    let repeats = Self.columns.filter { $0 <= most }
    let recencies = (0...Self.rows).map { age * Double($0) / Double(Self.rows) }
    let probabilities = recencies.map { recency in
      repeats.map { repeats in
        // Who came again has a last visit, who did not has none.
        (repeats == 0) == (recency == 0)
          ? models.main.model.probabilityAlive(RepeatHistory(repeats: repeats, last: recency, age: age))
          : Double.nan
      }
    }
    self.init(age: age, repeats: repeats, recencies: recencies, probabilities: probabilities)
  }
}
