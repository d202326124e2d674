public import ChurnModel

/// The learner of tables: all that is learned from rows is learned in here, from the rows it is given and no others.
///
/// Cross-validation and the final fit both go through `fit`; whoever wants another learner puts it there.
public struct TableTraining: Sendable {
  public let table: TrainingTable
  public var options = LogisticOptions()
  /// Whether the penalty is chosen by cross-validation inside the rows of the fit; otherwise the one in `options` is taken.
  public var choosesPenalty = true

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
    rows: [Int]? = nil, metadata: [String: String] = [:]
  ) throws(ChurnModelError) -> LogisticFit {
    let values = rows.map { PenaltyChoice.subset(table.values, $0) } ?? table.values
    let labels = rows.map { $0.map { table.labels[$0] } } ?? table.labels
    let weights = table.weights.map { all in rows.map { $0.map { all[$0] } } ?? all }
    var options = options
    if choosesPenalty {
      options.penalty = PenaltyChoice.choose(
        features: table.features, values: values, labels: labels, weights: weights,
        customers: rows.map { $0.map { table.groups[$0] } } ?? table.groups, options: options)
    }
    return try LogisticRegression.fit(
      features: table.features, values: values, labels: labels, weights: weights, options: options,
      metadata: metadata)
  }

  /// The model's probabilities of some rows.
  ///
  /// - Complexity: O(rows × features)
  public func probabilities(_ model: LogisticModel, rows: [Int]) -> [Double] {
    PenaltyChoice.scores(model, PenaltyChoice.subset(table.values, rows))
  }
}
