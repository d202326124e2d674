/// A fitted logistic regression: all that is needed to score raw feature rows and to explain the scores.
public struct LogisticModel: Sendable {
  /// What each raw column means, in the order in which rows must be given.
  public let features: [FeatureColumn]
  /// The design columns with their coefficients.
  public let columns: [DesignColumn]
  /// Margin (log-odds) of the average training row.
  public let intercept: Double
  /// Ridge penalty λ of the fit.
  public let penalty: Double
  /// About the training data and the fit.
  public let training: TrainingSummary
  /// Columns that the model does without, and why.
  public let droppedFeatures: [DroppedFeature]
  /// Whatever else is to be kept: label, horizon, as-of dates, hash of the feature catalogue.
  public var metadata: [String: String]
  /// How margins become probabilities.
  public var link = ProbabilityLink.logistic

  let plan: ScoringPlan

  /// - Throws: `ChurnModelError` (`damagedModel`, `invalidFeatures`) when the parts contradict each other or hold
  ///   numbers that are not finite.
  init(
    features: [FeatureColumn], columns: [DesignColumn], intercept: Double, penalty: Double,
    training: TrainingSummary, dropped: [DroppedFeature], metadata: [String: String]
  ) throws(ChurnModelError) {
    self.features = features
    self.columns = columns
    self.intercept = intercept
    self.penalty = penalty
    self.training = training
    self.droppedFeatures = dropped
    self.metadata = metadata
    try Self.check(features, columns, intercept, penalty, training)
    plan = ScoringPlan(features: features, columns: columns, intercept: intercept)
  }

  private static func check(
    _ features: [FeatureColumn], _ columns: [DesignColumn], _ intercept: Double, _ penalty: Double,
    _ training: TrainingSummary
  ) throws(ChurnModelError) {
    func require(_ holds: Bool, _ problem: String) throws(ChurnModelError) {
      guard holds else {
        throw ChurnModelError(
          .damagedModel, "the model is damaged: \(problem); train it again or restore the file")
      }
    }
    try TrainingData.checkNames(features)
    let numbers = [
      intercept, penalty, training.totalWeight, training.logLoss, training.nullLogLoss, training.objective,
      training.gradientNorm,
    ]
    try require(numbers.allSatisfy(\.isFinite), "a figure is not a finite number")
    for column in columns {
      try require(features.indices.contains(column.feature), "column \(column.name) belongs to no feature")
      try require(
        column.mean.isFinite && column.coefficient.isFinite && column.scale.isFinite && column.scale > 0,
        "column \(column.name) has a mean, scale or coefficient that cannot be")
      let kind = features[column.feature].kind
      try require(kind != .unused, "column \(column.name) reads a feature that is unused")
      switch column.term {
      case .value(let lower, let upper, let fill):
        try require(!kind.isCategory, "column \(column.name) reads a category as a number")
        try require(
          fill.isFinite && lower?.isFinite ?? true && upper?.isFinite ?? true,
          "column \(column.name) has a bound or fill that is not finite")
      case .missing: break
      case .level, .otherLevels:
        let levels = column.term.levels
        try require(
          levels.allSatisfy((0..<kind.levelCount).contains),
          "column \(column.name) has a level that its feature does not have")
      }
    }
  }
}

extension FeatureColumn.Kind {
  /// Whether values are indices of levels.
  var isCategory: Bool {
    if case .category = self { true } else { false }
  }

  /// Number of levels of a category, 0 of other kinds.
  var levelCount: Int {
    if case .category(let levels) = self { levels.count } else { 0 }
  }
}

extension DesignColumn.Term {
  /// The levels at which the column is 1.
  var levels: [Int] {
    switch self {
    case .level(let level): [level]
    case .otherLevels(let levels): levels
    case .value, .missing: []
    }
  }
}
