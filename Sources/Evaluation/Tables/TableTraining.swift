public import ChurnModel

/// The learner of tables: all that is learned from rows is learned in here, from the rows it is given and no others.
///
/// Cross-validation and the final fit both go through `fit`; whoever wants another learner puts it there.
public struct TableTraining: Sendable {
  public let table: TrainingTable
  public var learner = TableLearner.terms(TermOptions())

  public init(_ table: TrainingTable) {
    self.table = table
  }

  /// Learns from some rows: shapes of terms, penalty and coefficients.
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
    let offsets = table.offsets.map { all in rows.map { $0.map { all[$0] } } ?? all }
    let groups = rows.map { $0.map { table.groups[$0] } } ?? table.groups
    switch learner {
    case .terms(let options):
      // Without ids the learner keeps equal rows together by itself, in whatever order they stand.
      let fit = try TermRegression.fit(
        features: table.features, values: values, labels: labels, weights: weights,
        groups: table.schema.id == nil ? nil : groups, options: options, metadata: metadata,
        progress: progress)
      return .terms(fit)
    case .coefficients(var options, let choosesPenalty, let directions):
      try MonotoneDirection.check(directions.keys.sorted(), "direction", table.features)
      if choosesPenalty {
        options.penalty = PenaltyChoice.choose(
          features: table.features, values: values, labels: labels, weights: weights, offsets: offsets,
          customers: groups, options: options)
      }
      guard directions.isEmpty else {
        return .coefficients(
          try ConstrainedRegression.fit(
            features: table.features, values: values, labels: labels,
            bounds: directions.mapValues(\.bounds), weights: weights, options: options, metadata: metadata))
      }
      let fit = try LogisticRegression.fit(
        features: table.features, values: values, labels: labels, weights: weights, offsets: offsets,
        options: options, metadata: metadata)
      return .coefficients(fit)
    case .elasticNet(let choice, let options):
      let fit = try choice.fit(
        features: table.features, values: values, labels: labels, weights: weights, offsets: offsets,
        groups: groups, options: options, metadata: metadata)
      return .coefficients(fit)
    }
  }

  /// The model's probabilities of some rows.
  ///
  /// - Complexity: O(rows × features)
  public func probabilities(_ model: AnyModel, rows: [Int]) -> [Double] {
    model.probabilities(
      PenaltyChoice.subset(table.values, rows), offsets: table.offsets.map { all in rows.map { all[$0] } })
  }
}
