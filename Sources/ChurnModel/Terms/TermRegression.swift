public import LinearAlgebra

/// Fits a logistic regression on terms: a curve for every feature, and maps for the few pairs of features that need one.
///
/// First every feature has a term of its own (`TermBasis`), as smooth as the marginal likelihood wants it (`TermSolver`).
/// Then pairs are taken in turn: those whose interaction gains most on held-out rows (`PairSearch`) get a term, all terms
/// are fitted again, and what the new ones tell is no longer found in the residuals, so that of two features that
/// say the same only one is paired. It ends when no pair gains enough. Where all of it gains little for the number of terms,
/// folds decide how much stronger all penalties are to be, up to nothing but the intercept. Knots, pairs and penalties come from
/// `TermOptions.structureRows` rows at most; the coefficients are the exact optimum on all rows.
///
/// A category with more levels than `TermOptions.levels` enters as a number that its levels' effects make (`LevelColumns`).
///
/// Where directions are asked for and the optimum does not keep them by itself, all of it is done again with them held
/// (`DirectedTermSolver`): penalties, pairs and coefficients are those that are best under the directions.
public enum TermRegression {
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, missing values NaN, categories as indices of levels.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 everywhere. A weight of 2 counts as the row twice.
  ///   - groups: rows of one group (a customer, say) stay together wherever rows are held out, and count for what they
  ///     say together (`GroupDependence`); nil for none.
  ///   - progress: is told what is being done.
  /// - Throws: `ChurnModelError`.
  /// - Complexity: O(steps × rows × terms² + steps × coefficients³)
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    groups: [Int32]? = nil, options: TermOptions = TermOptions(), metadata: [String: String] = [:],
    progress: (String) -> Void = { _ in }
  ) throws(ChurnModelError) -> TermFit {
    try options.check()
    try options.check(features)
    let data = try TrainingData(features: features, values: values, labels: labels, weights: weights)
    if let groups, groups.count != data.rows {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(data.rows) rows, but there are \(groups.count) groups; give one for every row")
    }
    _ = try FeatureSurvey.run(data, parallel: options.parallel)
    guard
      let (levels, replaced) = try LevelColumns.find(
        data, groups: groups, options: options, progress: progress)
    else { return try fit(data, groups, options, metadata, progress) }
    var fit = try fit(replaced, groups, levels.options(options, features), metadata, progress)
    fit.model = try levels.restored(fit.model, features: features)
    fit.levels = levels
    return fit
  }

  private static func fit(
    _ data: TrainingData, _ groups: [Int32]?, _ options: TermOptions, _ metadata: [String: String],
    _ progress: (String) -> Void
  ) throws(ChurnModelError) -> TermFit {
    var search = try StructureSearch(data: data, groups: groups, options: options)
    if let fit = try search.fit(metadata: metadata, progress) { return fit }
    var directed = search.holdingDirections()
    guard let fit = try directed.fit(metadata: metadata, progress) else {
      preconditionFailure("held directions are kept")
    }
    return fit
  }
}
