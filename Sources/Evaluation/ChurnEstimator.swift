public import ChurnModel
import Features
import LinearAlgebra

/// How the coefficients of a churn model are estimated.
public enum ChurnEstimator: Sendable, Equatable {
  /// Ridge logistic regression.
  case ridge
  /// Firth's penalised likelihood, without a ridge penalty.
  case firth(FirthProfiles)
  /// Ridge logistic regression in which no coefficient goes against the direction that the catalogue expects; its
  /// penalty is chosen without the bounds.
  case expectedDirections
  /// An elastic net; its penalty is chosen along with the fit.
  case elasticNet(ElasticNetChoice)

  /// Whether there is a ridge penalty to choose before the fit.
  var hasPenalty: Bool {
    switch self {
    case .ridge, .expectedDirections: true
    case .firth, .elasticNet: false
    }
  }

  /// Fits rows of the catalogue's features.
  ///
  /// - Parameters:
  ///   - values: rows × features.
  ///   - labels: one a row.
  ///   - customers: one a row.
  ///   - dates: one a row, later ones greater.
  ///   - clusters: one a row, or nil; see `LogisticRegression`.
  /// - Throws: `ChurnModelError`.
  func fit(
    values: Matrix, labels: [Bool], customers: [Int32], dates: [Int32], clusters: [Int32]?,
    options: LogisticOptions, metadata: [String: String]
  ) throws(ChurnModelError) -> LogisticFit {
    switch self {
    case .ridge:
      return try LogisticRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, clusters: clusters, options: options,
        metadata: metadata)
    case .firth(let profiles):
      return try FirthRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, clusters: clusters, options: options,
        profiles: profiles, metadata: metadata)
    case .expectedDirections:
      return try ConstrainedRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, bounds: FeatureColumns.expectedBounds,
        clusters: clusters, options: options, metadata: metadata)
    case .elasticNet(let choice):
      return try choice.fit(
        features: FeatureColumns.all, values: values, labels: labels, groups: customers, dates: dates,
        clusters: clusters, options: options, metadata: metadata)
    }
  }
}

extension FeatureColumns {
  /// The direction that the catalogue expects of each number and flag, as bounds of its coefficient; features without a
  /// clear direction have none. They are directions on lapse: other targets may have others.
  public static let expectedBounds: [String: CoefficientBounds] = {
    var bounds: [String: CoefficientBounds] = [:]
    for definition in Catalogue.all where definition.use == .risk {
      if case .category = definition.kind { continue }
      switch definition.direction {
      case .raises: bounds[definition.name] = .nonNegative
      case .lowers: bounds[definition.name] = .nonPositive
      case .byCategory, .unclear: break
      }
    }
    return bounds
  }()
}
