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

  /// Whether there is a ridge penalty to choose.
  var hasPenalty: Bool {
    if case .firth = self { false } else { true }
  }

  /// The same coefficients without what takes long and only people read.
  var withoutProfiles: ChurnEstimator {
    if case .firth = self { .firth(.none) } else { self }
  }

  /// Fits rows of the catalogue's features.
  ///
  /// - Parameters:
  ///   - values: rows × features.
  ///   - labels: one a row.
  ///   - clusters: one a row, or nil; see `LogisticRegression`.
  /// - Throws: `ChurnModelError`.
  func fit(
    values: Matrix, labels: [Bool], clusters: [Int32]?, options: LogisticOptions, metadata: [String: String]
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
