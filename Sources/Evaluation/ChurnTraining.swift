public import ChurnModel
public import Features
public import Histories
public import LinearAlgebra

/// Trains a churn model on several as-of dates and judges it on the last one, on customers it has not seen.
///
/// Sides are drawn by a hash of the customer's id: a customer is always on the same side, so none is ever on both.
public struct ChurnTraining: Sendable {
  public var label = LapseLabel.due
  /// Share of the customers kept for the test; 0 trains on all and judges nothing.
  public var testShare = 0.3
  /// More training rows than this are thinned by customer: beyond it a model of this kind gains nothing.
  public var maximumRows = 600_000
  public var options = LogisticOptions()
  /// Whether the penalty is chosen by cross-validation; otherwise the one in `options` is taken.
  public var choosesPenalty = true
  /// What kind of model it is, and how it is estimated.
  public var estimator = ChurnEstimator.ridge
  /// Which calibrator the model gets.
  public var calibration = CalibrationRule.none
  /// Whether errors clustered by customer are computed, by one more pass over the rows.
  public var clusteredErrors = false
  /// Whether every feature that has a coefficient is tested by a fit without it.
  public var testsFeatures = false
  public var parallel = Parallel.standard
  /// Further dates that the caller goes on with, wanting every feature: the pass for peers serves them, too.
  public var alsoAt: [Day] = []

  public init() {}

  /// One as-of date with what its relations became.
  public struct DateSummary: Sendable {
    public let asOf: Day
    public let isTest: Bool
    /// Relations active at the date.
    public let active: Int
    public let censored: Int
    public let naturalLosses: Int
    /// Relations of this side with a label.
    public let rows: Int
    public let lapsed: Int
  }

  /// What the out-of-time test says.
  public struct Test: Sendable {
    public let asOf: Day
    public let relations: [Int32]
    public let labels: [Bool]
    public let probabilities: [Double]
    public let model: RankingMetrics
    /// The plain rule beside it: rank by days overdue.
    public let plainRule: RankingMetrics
  }

  public struct Result: Sendable {
    public let fit: TableFit
    public let dates: [DateSummary]
    /// `nil` with a test share of 0.
    public let test: Test?
    /// What was known at the dates `alsoAt`, ascending.
    public let furtherViews: [AsOfView]
  }

  /// The default dates: the last one as late as every label allows, four more before it, a quarter of a year apart,
  /// as long as a year of history lies before them.
  ///
  /// - Throws: `EvaluationError` when the data are too short for a training date and a test date.
  public static func defaultDates(
    _ histories: Histories, label: LapseLabel
  ) throws(EvaluationError) -> [Day] {
    let daysApart = 91
    let historyDays = 365
    // A mistyped year must not make the history look longer than it is.
    let orders = histories.orders
    let first =
      (0..<orders.count).lazy.filter { !orders.flags[$0].contains(.unusable) }
      .map { orders.openedOn[$0] }.min() ?? histories.dataEnd
    let earliest = first + historyDays
    let horizon = label.longestHorizon(in: histories)
    let last = histories.dataEnd - horizon
    let dates = (0..<5).map { last - $0 * daysApart }.filter { $0 >= earliest }
    guard dates.count >= 2 else {
      throw EvaluationError(
        .notEnoughData,
        "The data reach from \(first) to \(histories.dataEnd): the label \(label) needs a year before and "
          + "\(horizon) days after each of two dates. Choose --label fixed:180 or dates with --as-of."
      )
    }
    return dates.reversed()
  }

  /// Fits and judges.
  ///
  /// - Parameters:
  ///   - dates: as-of dates; the last is the test date when there are several. A single date trains and tests at once,
  ///     on different customers.
  ///   - progress: is told what is being done.
  /// - Throws: `EvaluationError` or `ChurnModelError`.
  public func run(
    _ histories: Histories, dates: [Day], metadata: [String: String] = [:],
    progress: (String) -> Void = { _ in }
  ) throws -> Result {
    let dates = Array(Set(dates)).sorted()
    guard let testDate = dates.last else { throw EvaluationError(.badDates, "No as-of date is given.") }
    guard testDate < histories.dataEnd else {
      throw EvaluationError(
        .badDates,
        "No label is known at \(testDate): the data end on \(histories.dataEnd). Choose earlier dates.")
    }
    let trainingDates = dates.count > 1 && testShare > 0 ? Array(dates.dropLast()) : dates
    let sides = CustomerSides(histories: histories, testShare: testShare)

    var summaries: [DateSummary] = []
    progress("features of \(trainingDates.map(\.description).joined(separator: ", "))")
    let sweep = FeatureSweep(
      histories: histories, dates: dates + alsoAt, scope: label.scope, everythingAt: alsoAt,
      parallel: parallel)
    let furtherViews = sweep.views.filter { alsoAt.contains($0.asOf) }
    let testView = sweep.view(asOf: testDate)
    let populations = sweep.selecting(dates).populations(label: label)
    let kept = thinned(
      zip(trainingDates, populations).map { date, all in
        let kept = all.filtered { relation, outcome in
          outcome.map(Self.isLabelled) == true && !sides.isTest(relation)
        }
        summaries.append(Self.summary(date, isTest: false, all: all, kept: kept))
        return kept
      }, sides: sides)
    let labels = kept.flatMap { $0.outcomes.map { $0 == .lapsed } }
    let values = Matrix(rows: labels.count, columns: Feature.count) { elements in
      sweep.selecting(trainingDates).writeFeatures(of: kept.map(\.relations), into: elements)
    }
    guard !labels.isEmpty else {
      throw EvaluationError(
        .notEnoughData,
        "No relation is active with a known label at \(trainingDates.map(\.description).joined(separator: ", ")). "
          + "Choose other dates with --as-of, or a shorter label such as --label fixed:180.")
    }
    var options = options
    let customers = kept.flatMap { population in
      population.relations.map { histories.relations.customers[Int($0)] }
    }
    if choosesPenalty, estimator.hasPenalty {
      progress("penalty")
      options.penalty = PenaltyChoice.choose(
        values: values, labels: labels, customers: customers, options: options)
    }
    progress("fit")
    var fit = try estimator.fit(
      values: values, labels: labels, customers: customers,
      dates: zip(trainingDates, kept).flatMap { Array(repeating: Int32($0.number), count: $1.count) },
      clusteredErrors: clusteredErrors, options: options,
      metadata: metadata.merging([
        "label": label.description, "as_of": trainingDates.map(\.description).joined(separator: ","),
        "features": Catalogue.signature,
      ]) { own, _ in own }, progress: progress)
    if testsFeatures, case .coefficients(var coefficients) = fit {
      progress("tests of features")
      try coefficients.testFeatures(values: values, labels: labels)
      fit = .coefficients(coefficients)
    }
    if calibration != .none { progress("calibration") }
    fit.link.calibration = try ProbabilityCalibration.choose(
      calibration, labels: labels, weights: nil, groups: customers
    ) { [options] (heldOut) throws(ChurnModelError) in
      try estimator.heldOutMargins(
        of: heldOut, fit: fit, values: values, labels: labels, customers: customers, options: options)
    }
    guard testShare > 0, let testView, let all = populations.last else {
      return Result(fit: fit, dates: summaries, test: nil, furtherViews: furtherViews)
    }
    progress("test at \(testDate)")
    let tested = all.filtered { relation, outcome in
      outcome.map(Self.isLabelled) == true && sides.isTest(relation)
    }
    summaries.append(Self.summary(testDate, isTest: true, all: all, kept: tested))
    let test = try ModelTest.run(fit.model, view: testView, population: tested)
    return Result(fit: fit, dates: summaries, test: test, furtherViews: furtherViews)
  }

  static func isLabelled(_ outcome: LapseOutcome) -> Bool {
    outcome == .stayed || outcome == .lapsed
  }

  private static func summary(_ date: Day, isTest: Bool, all: Population, kept: Population) -> DateSummary {
    DateSummary(
      asOf: date, isTest: isTest, active: all.count, censored: all.count(of: .censored),
      naturalLosses: all.count(of: .naturalLoss), rows: kept.count, lapsed: kept.count(of: .lapsed))
  }

  private func thinned(_ populations: [Population], sides: CustomerSides) -> [Population] {
    let total = populations.reduce(0) { $0 + $1.count }
    guard total > maximumRows else { return populations }
    let share = Double(maximumRows) / Double(total)
    return populations.map { $0.filtered { relation, _ in sides.isSampled(relation, share: share) } }
  }
}

/// Which side of the split a relation's customer is on; drawn from the customer's id alone.
struct CustomerSides {
  private let histories: Histories
  private let testThreshold: UInt64

  init(histories: Histories, testShare: Double) {
    self.histories = histories
    testThreshold = Self.threshold(testShare)
  }

  private static func threshold(_ share: Double) -> UInt64 {
    UInt64(min(max(share, 0), 1) * 4_294_967_295)
  }

  private func draw(_ relation: Int32) -> UInt64 {
    let customer = Int(histories.relations.customers[Int(relation)])
    return KeyHash.hash(histories.customers.ids.texts.bytes(customer))
  }

  func isTest(_ relation: Int32) -> Bool {
    testThreshold > 0 && draw(relation) & 0xFFFF_FFFF <= testThreshold
  }

  /// Whether the relation is in a sample of this share; independent of the side.
  func isSampled(_ relation: Int32, share: Double) -> Bool {
    draw(relation) >> 32 <= Self.threshold(share)
  }
}
