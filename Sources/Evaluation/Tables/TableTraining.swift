public import ChurnModel
internal import LinearAlgebra
internal import Statistics

/// The learner of tables: all that is learned from rows is learned in here, from the rows it is given and no others.
///
/// Cross-validation and the final fit both go through `fit`; whoever wants another learner puts it there.
public struct TableTraining: Sendable {
  public let table: TrainingTable
  public var learner = TableLearner.terms(TermOptions())
  /// Which calibrator the model gets.
  public var calibration = CalibrationRule.auto
  /// Share of positives among those who will be scored, between 0 and 1 exclusively, where rows of one class were sampled;
  /// nil where the rows stand for them.
  public var populationRate: Double?
  /// Whether fits keep what intervals are made of.
  public var keepsCovariance = false
  /// Whether coefficients get errors that take the rows of one id together, by one more pass; without ids there are none.
  public var clusteredErrors = false
  /// Which coefficients of Firth's fits get a profile.
  public var profiles = FirthProfiles.none
  /// Whether every feature is tested by a fit without it.
  public var testsFeatures = false

  public init(_ table: TrainingTable) {
    self.table = table
  }

  /// Learns from some rows: shapes of terms, penalty and coefficients, then calibrator and share of positives.
  ///
  /// - Parameters:
  ///   - rows: row numbers; nil for all.
  ///   - metadata: kept with the model.
  /// - Throws: `ChurnModelError`.
  public func fit(
    rows: [Int]? = nil, metadata: [String: String] = [:], progress: (String) -> Void = { _ in }
  ) throws(ChurnModelError) -> TableFit {
    let all = Rows(
      values: table.values, labels: table.labels, weights: table.weights, offsets: table.offsets,
      groups: table.groups)
    let data = rows.map { all.subset($0, values: table.values.selecting($0)) } ?? all
    var fit = try learn(data, metadata, progress)
    let correction = try correction(data)
    if calibration != .none { progress("calibration") }
    fit.link = ProbabilityLink(calibration: try calibrate(fit, data), correction: correction)
    if !keepsCovariance { fit.dropSolution() }
    return fit
  }

  /// What is learned from.
  private struct Rows {
    let values: Matrix
    let labels: [Bool]
    let weights: [Double]?
    let offsets: [Double]?
    let groups: [Int32]

    /// Some of the rows, whose values are at hand.
    func subset(_ rows: [Int], values: Matrix) -> Rows {
      Rows(
        values: values, labels: rows.map { labels[$0] }, weights: weights.map { all in rows.map { all[$0] } },
        offsets: offsets.map { all in rows.map { all[$0] } }, groups: rows.map { groups[$0] })
    }
  }

  private func learn(
    _ data: Rows, _ metadata: [String: String], _ progress: (String) -> Void
  ) throws(ChurnModelError) -> TableFit {
    if case .terms(let options) = learner {
      // Without ids the learner keeps equal rows together by itself, in whatever order they stand.
      let fit = try TermRegression.fit(
        features: table.features, values: data.values, labels: data.labels, weights: data.weights,
        groups: table.schema.id == nil ? nil : data.groups, options: options, metadata: metadata,
        progress: progress)
      return .terms(fit)
    }
    var fit = try coefficients(
      data, clusters: clusteredErrors && table.schema.id != nil ? data.groups : nil, profiles: profiles,
      metadata)
    if testsFeatures {
      progress("tests of features")
      try fit.testFeatures(
        values: data.values, labels: data.labels, weights: data.weights, offsets: data.offsets)
    }
    return .coefficients(fit)
  }

  /// Coefficients as the learner estimates them.
  ///
  /// - Parameters:
  ///   - penalty: one that stands; nil chooses it as the learner says.
  ///   - clusters: see `LogisticRegression`.
  private func coefficients(
    _ data: Rows, penalty: Double? = nil, clusters: [Int32]? = nil, profiles: FirthProfiles = .none,
    _ metadata: [String: String]
  ) throws(ChurnModelError) -> LogisticFit {
    switch learner {
    case .terms: preconditionFailure("terms have no coefficients")
    case .coefficients(var options, let choosesPenalty, let directions):
      try MonotoneDirection.check(directions.keys.sorted(), "direction", table.features)
      options.penalty = penalty ?? (choosesPenalty ? chosenPenalty(data, options) : options.penalty)
      guard directions.isEmpty else {
        return try ConstrainedRegression.fit(
          features: table.features, values: data.values, labels: data.labels,
          bounds: directions.mapValues(\.bounds), weights: data.weights, clusters: clusters, options: options,
          metadata: metadata)
      }
      return try LogisticRegression.fit(
        features: table.features, values: data.values, labels: data.labels, weights: data.weights,
        offsets: data.offsets, clusters: clusters, options: options, metadata: metadata)
    case .firth(let options):
      return try FirthRegression.fit(
        features: table.features, values: data.values, labels: data.labels, weights: data.weights,
        clusters: clusters, options: options, profiles: profiles, metadata: metadata)
    case .elasticNet(var choice, let options):
      choice.penalty = penalty ?? choice.penalty
      return try choice.fit(
        features: table.features, values: data.values, labels: data.labels, weights: data.weights,
        offsets: data.offsets, groups: data.groups, clusters: clusters, options: options, metadata: metadata)
    }
  }

  private func chosenPenalty(_ data: Rows, _ options: LogisticOptions) -> Double {
    PenaltyChoice.choose(
      features: table.features, values: data.values, labels: data.labels, weights: data.weights,
      offsets: data.offsets, customers: data.groups, options: options)
  }

  /// The calibrator, by rows that are held out of the fit's coefficients; shapes, pairs and penalties stay.
  private func calibrate(_ fit: TableFit, _ data: Rows) throws(ChurnModelError) -> CalibrationChoice? {
    try ProbabilityCalibration.choose(
      calibration, labels: data.labels, weights: data.weights, groups: data.groups
    ) { (heldOut) throws(ChurnModelError) in
      switch (fit, learner) {
      case (.terms(let fit), .terms(let options)):
        let own = data.subset(heldOut.rows, values: data.values.selecting(heldOut.rows))
        return try fit.heldOutMargins(
          values: own.values, labels: own.labels, weights: own.weights, folds: heldOut.folds, options: options
        )
      case (.coefficients(let fit), _):
        return try heldOut.margins(data.values, offsets: data.offsets) {
          (rows, values) throws(ChurnModelError) in
          .coefficients(
            try coefficients(data.subset(rows, values: values), penalty: fit.model.penalty, [:]).model)
        }
      case (.terms, _): preconditionFailure("a fit is of its learner's kind")
      }
    }
  }

  /// From the weighted share of positives among the rows to that of the population.
  private func correction(_ data: Rows) throws(ChurnModelError) -> PriorCorrection? {
    guard let populationRate else { return nil }
    var (positive, total) = (0.0, 0.0)
    for (row, isPositive) in data.labels.enumerated() {
      let weight = data.weights?[row] ?? 1
      total += weight
      if isPositive { positive += weight }
    }
    do {
      return try PriorCorrection(population: populationRate, sample: positive / total)
    } catch {
      throw ChurnModelError(.invalidOption, error.message)
    }
  }

  /// The model's probabilities of some rows.
  ///
  /// - Complexity: O(rows × features)
  public func probabilities(_ model: AnyModel, rows: [Int]) -> [Double] {
    model.probabilities(
      table.values.selecting(rows), offsets: table.offsets.map { all in rows.map { all[$0] } })
  }
}
