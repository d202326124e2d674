extension AnyModel {
  /// The same model for rows of another layout; see `LogisticModel.bound`.
  ///
  /// - Throws: `ChurnModelError` (`otherFeatures`).
  public func bound(to features: [FeatureColumn]) throws(ChurnModelError) -> AnyModel {
    switch self {
    case .coefficients(let model): .coefficients(try model.bound(to: features))
    case .terms(let model): .terms(try model.bound(to: features))
    }
  }

  /// What each feature adds to the margin of one row, in log-odds against the average training row; all of them and the
  /// intercept add up to the margin. What a pair adds goes to its two features in halves.
  ///
  /// - Parameter row: one raw value a feature.
  /// - Returns: one element a feature.
  public func contributions(row: UnsafeBufferPointer<Double>) -> [Double] {
    switch self {
    case .coefficients(let model):
      return model.contributions(row: row)
    case .terms(let model):
      var sums = [Double](repeating: 0, count: model.features.count)
      for (term, addition) in zip(model.terms, model.contributions(row)) {
        for feature in term.features { sums[feature] += addition / Double(term.features.count) }
      }
      return sums
    }
  }

  /// Where the margin goes with each feature, as far as the feature's own part of the model tells: above 0 when it
  /// rises, below 0 when it falls, 0 for categories and for features without such a part.
  ///
  /// A curve's trend is the covariance of its values with the order of its knots, which are quantiles.
  ///
  /// - Returns: one element a feature.
  public var trends: [Double] {
    var trends = [Double](repeating: 0, count: features.count)
    switch self {
    case .coefficients(let model):
      for column in model.columns {
        if case .value = column.term { trends[column.feature] = column.coefficient }
      }
    case .terms(let model):
      for term in model.terms where term.features.count == 1 { trends[term.features[0]] = term.trend }
    }
    return trends
  }
}

extension TermModel.Term {
  fileprivate var trend: Double {
    guard case .knots(let knots) = scales[0].nodes else { return 0 }
    let middle = Double(knots.count - 1) / 2
    return zip(values, knots.indices).reduce(0) { $0 + $1.0 * (Double($1.1) - middle) }
  }
}
