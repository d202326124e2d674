public import ChurnModel
import Features
import LinearAlgebra

/// What a churn model is, and how it is estimated.
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
  /// A curve for every feature and maps for the pairs that need one; what they are smoothed by is estimated.
  case terms

  /// Whether there is a ridge penalty to choose before the fit.
  var hasPenalty: Bool {
    switch self {
    case .ridge, .expectedDirections: true
    case .firth, .elasticNet, .terms: false
    }
  }

  /// The same coefficients with a penalty that stands, without what takes long and only people read.
  private func refitting(penalty: Double) -> ChurnEstimator {
    switch self {
    case .firth: return .firth(.none)
    case .elasticNet(var choice):
      choice.penalty = penalty
      return .elasticNet(choice)
    case .ridge, .expectedDirections, .terms: return self
    }
  }

  /// The margin of each held-out row by coefficients that have not seen it; what was chosen for the fit stays.
  ///
  /// - Parameters:
  ///   - values: rows × features.
  ///   - labels: one a row.
  ///   - customers: one a row.
  ///   - options: as for `fit`.
  /// - Throws: `ChurnModelError`.
  func heldOutMargins(
    of heldOut: HeldOutRows, fit: TableFit, values: Matrix, labels: [Bool], customers: [Int32],
    options: LogisticOptions
  ) throws(ChurnModelError) -> [Double] {
    switch fit {
    case .terms(let fit):
      return try fit.heldOutMargins(
        values: values.selecting(heldOut.rows), labels: heldOut.rows.map { labels[$0] },
        weights: nil, folds: heldOut.folds, options: TermOptions())
    case .coefficients(let fit):
      let estimator = refitting(penalty: fit.model.penalty)
      return try heldOut.margins(values) { (rows, values) throws(ChurnModelError) in
        try estimator.fit(
          values: values, labels: rows.map { labels[$0] }, customers: rows.map { customers[$0] }, dates: [],
          clusteredErrors: false, options: options, metadata: [:], progress: { _ in }
        ).model
      }
    }
  }

  /// Fits rows of the catalogue's features.
  ///
  /// - Parameters:
  ///   - values: rows × features.
  ///   - labels: one a row.
  ///   - customers: one a row.
  ///   - dates: one a row, later ones greater.
  ///   - clusteredErrors: whether coefficients get errors clustered by customer.
  ///   - progress: is told what is being done.
  /// - Throws: `ChurnModelError`.
  func fit(
    values: Matrix, labels: [Bool], customers: [Int32], dates: [Int32], clusteredErrors: Bool,
    options: LogisticOptions, metadata: [String: String], progress: (String) -> Void
  ) throws(ChurnModelError) -> TableFit {
    let clusters = clusteredErrors ? customers : nil
    switch self {
    case .ridge:
      let fit = try LogisticRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, clusters: clusters, options: options,
        metadata: metadata)
      return .coefficients(fit)
    case .firth(let profiles):
      let fit = try FirthRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, clusters: clusters, options: options,
        profiles: profiles, metadata: metadata)
      return .coefficients(fit)
    case .expectedDirections:
      let fit = try ConstrainedRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, bounds: FeatureColumns.expectedBounds,
        clusters: clusters, options: options, metadata: metadata)
      return .coefficients(fit)
    case .elasticNet(let choice):
      let fit = try choice.fit(
        features: FeatureColumns.all, values: values, labels: labels, groups: customers, dates: dates,
        clusters: clusters, options: options, metadata: metadata)
      return .coefficients(fit)
    case .terms:
      let fit = try TermRegression.fit(
        features: FeatureColumns.all, values: values, labels: labels, groups: customers, metadata: metadata,
        progress: progress)
      return .terms(fit)
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
