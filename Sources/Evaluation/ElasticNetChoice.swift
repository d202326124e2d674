public import ChurnModel
import LinearAlgebra

/// An elastic net and how its λ is chosen.
public struct ElasticNetChoice: Sendable, Equatable {
  /// Which rows are held out together.
  public enum Folds: String, Sendable, CaseIterable {
    /// Ten folds; the rows of a customer stay together.
    case customer
    /// Each as-of date but the first, judged by fits on earlier dates alone.
    case time
  }

  /// α in 0...1: 1 is the lasso, 0 the ridge.
  public var mixing: Double
  /// λ; nil chooses it by cross-validation. Default nil.
  public var penalty: Double?
  /// How λ is chosen. Default the lowest log loss.
  public var rule = PenaltySelection.Rule.minimum
  /// Which rows are held out together. Default customers.
  public var folds = Folds.customer

  /// How many λ are tried; at least 1. Default 100.
  public var count = 100

  private static let folds = 10

  public init(mixing: Double) {
    self.mixing = mixing
  }

  /// Fits rows.
  ///
  /// - Parameters:
  ///   - groups: one a row, equal for rows that stay together, such as those of one customer.
  ///   - dates: one a row, later ones greater; needed for folds by time.
  ///   - clusters: one a row, or nil; see `LogisticRegression`.
  ///   - options: its penalty is not used.
  /// - Throws: `ChurnModelError`.
  func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil, groups: [Int32], dates: [Int32]? = nil, clusters: [Int32]? = nil,
    options: LogisticOptions, metadata: [String: String]
  ) throws(ChurnModelError) -> LogisticFit {
    var path = RegularisationPath.Options()
    path.mixing = mixing
    path.count = count
    path.penalties = penalty.map { [$0] }
    return try ElasticNetRegression.fit(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      clusters: clusters, folds: penalty == nil ? folds(groups, dates) : nil, rule: rule, options: options,
      path: path, metadata: metadata)
  }

  /// Ten folds, or as many as there are groups.
  private func folds(_ groups: [Int32], _ dates: [Int32]?) -> CrossValidationFolds {
    if folds == .time, let dates { return .forward(dates) }
    var distinct: Set<Int32> = []
    for group in groups {
      distinct.insert(group)
      if distinct.count == Self.folds { break }
    }
    return .grouped(groups, folds: max(distinct.count, 2))
  }
}
