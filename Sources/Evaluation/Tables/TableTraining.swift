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
    let values = rows.map { PenaltyChoice.subset(table.values, $0) } ?? table.values
    let labels = rows.map { $0.map { table.labels[$0] } } ?? table.labels
    let weights = table.weights.map { all in rows.map { $0.map { all[$0] } } ?? all }
    let groups = rows.map { $0.map { table.groups[$0] } } ?? table.groups
    let data = Rows(values: values, labels: labels, weights: weights, groups: groups)
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
    let groups: [Int32]
  }

  private func learn(
    _ data: Rows, _ metadata: [String: String], _ progress: (String) -> Void
  ) throws(ChurnModelError) -> TableFit {
    switch learner {
    case .terms(let options):
      // Without ids the learner keeps equal rows together by itself, in whatever order they stand.
      let fit = try TermRegression.fit(
        features: table.features, values: data.values, labels: data.labels, weights: data.weights,
        groups: table.schema.id == nil ? nil : data.groups, options: options, metadata: metadata,
        progress: progress)
      return .terms(fit)
    case .coefficients(var options, let choosesPenalty):
      if choosesPenalty {
        options.penalty = PenaltyChoice.choose(
          features: table.features, values: data.values, labels: data.labels, weights: data.weights,
          customers: data.groups, options: options)
      }
      let fit = try LogisticRegression.fit(
        features: table.features, values: data.values, labels: data.labels, weights: data.weights,
        options: options, metadata: metadata)
      return .coefficients(fit)
    }
  }

  /// The calibrator, by rows that are held out of the fit's coefficients; shapes, pairs and penalties stay.
  private func calibrate(_ fit: TableFit, _ data: Rows) throws(ChurnModelError) -> CalibrationChoice? {
    try ProbabilityCalibration.choose(
      calibration, labels: data.labels, weights: data.weights, groups: data.groups
    ) { (heldOut) throws(ChurnModelError) in
      switch (fit, learner) {
      case (.terms(let fit), .terms(let options)):
        return try fit.heldOutMargins(
          values: PenaltyChoice.subset(data.values, heldOut.rows),
          labels: heldOut.rows.map { data.labels[$0] },
          weights: data.weights.map { all in heldOut.rows.map { all[$0] } }, folds: heldOut.folds,
          options: options)
      case (.coefficients(let fit), .coefficients(var options, _)):
        options.penalty = fit.model.penalty
        return try heldOut.margins(data.values) { [options] (rows, values) throws(ChurnModelError) in
          try LogisticRegression.fit(
            features: table.features, values: values, labels: rows.map { data.labels[$0] },
            weights: data.weights.map { all in rows.map { all[$0] } }, options: options
          ).model
        }
      default: preconditionFailure("a fit is of its learner's kind")
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
    model.probabilities(PenaltyChoice.subset(table.values, rows))
  }
}
