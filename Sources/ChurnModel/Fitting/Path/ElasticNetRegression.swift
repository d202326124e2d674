public import LinearAlgebra

/// Elastic-net logistic regression with the λ that does best on held-out rows.
///
/// The objective is that of `RegularisationPath`; with α = 0 it is that of `LogisticRegression`, which then makes the
/// fit. Columns whose coefficient is 0 are left out of the model, so that scoring does not ask for them.
///
/// **Certificate.** At the solution β let rⱼ be the element of the subdifferential of the objective that is nearest to 0;
/// `Certificate.gradientNorm` is max |rⱼ|, the greatest violation of the conditions of Karush, Kuhn and Tucker. The
/// theorem at `Certificate` holds with r in place of the gradient: |βⱼ + vⱼ| ≥ |βⱼ| + sⱼvⱼ for any subgradient s, so
/// what the penalty adds along v can only raise the objective further.
///
/// **Inference.** Labels chose the columns and λ; so errors are given the columns and signs chosen, and there are neither
/// p values nor intervals with α > 0 (see `CoefficientTable.areTested`).
public enum ElasticNetRegression {
  /// Fits a model; `selection` of the result holds the path.
  ///
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, raw; NaN where a value is missing.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - offsets: one a row, added to its margin; nil for 0 each. The model does not keep them.
  ///   - clusters: one a row, see `LogisticRegression`; asks for clustered and robust errors.
  ///   - folds: which rows are fitted and held out; nil takes the least λ of the path, for when one λ is given.
  ///   - rule: how λ is chosen.
  ///   - options: how columns are made, penalty factors and threads; its penalty is not used.
  ///   - path: α, λ and tolerance. Chosen λ end where the lasso's do, unless `leastRatio` is given.
  ///   - metadata: kept with the model.
  /// - Throws: `ChurnModelError` that says what is wrong with the data, the folds or the options.
  /// - Complexity: that of `RegularisationPath.crossValidate`, and a pass over the rows with their Gram matrix.
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil, clusters: [Int32]? = nil, folds: CrossValidationFolds?,
    rule: PenaltySelection.Rule = .minimum, options: LogisticOptions = LogisticOptions(),
    path: RegularisationPath.Options = RegularisationPath.Options(), metadata: [String: String] = [:]
  ) throws(ChurnModelError) -> LogisticFit {
    var preparation = try PathPreparation(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      options: options, path: path)
    if path.leastRatio == nil { preparation.path.leastRatio = leastRatio(preparation) }
    let selection = try select(&preparation, folds, rule)
    guard path.mixing > 0 else {
      var ridge = options
      ridge.penalty = selection.point.penalty
      var fit = try LogisticRegression.fit(
        features: features, values: values, labels: labels, weights: weights, offsets: offsets,
        clusters: clusters, options: ridge, metadata: metadata)
      fit.selection = selection
      return fit
    }
    var metadata = metadata
    metadata[RegularisationPath.columnsKey] = "\(selection.path.columns.count)"
    metadata["estimator"] = EstimationMethod.elasticNet.rawValue
    let order = try clusters.map { clusters throws(ChurnModelError) in
      try ClusterOrder(clusters: clusters, weights: preparation.data.weights)
    }
    let inference = try ElasticNetInference(preparation, selection, clusters: order)
    let model = try selection.path.selectedModel(at: selection.chosen, metadata: metadata)
    let table = inference.coefficients(model)
    let certificate = inference.certificate(passes: selection.path.passes)
    preparation.clock.finish("inference")
    var chosen = options
    chosen.penalty = selection.point.penalty
    return LogisticFit(
      model: model, coefficients: table, certificate: certificate,
      effectiveParameters: inference.effectiveParameters, phases: preparation.clock.phases,
      design: inference.design, predictedObjective: selection.point.objective, options: chosen,
      information: inference.information, selection: selection)
  }

  /// Least over greatest λ of the lasso, with more rows than columns and without.
  private static let (wideRatio, narrowRatio) = (1e-4, 1e-2)

  /// The ratio with which every path ends at the λ at which the lasso's ends: λ_max is that of the lasso over α, and most
  /// of a ridge's path would lie above all λ that do well.
  private static func leastRatio(_ preparation: PathPreparation) -> Double {
    let isWide = preparation.data.rowsUsed > preparation.design.columns.count
    return (isWide ? wideRatio : narrowRatio) * max(preparation.path.mixing, PathSolver.leastMixing)
  }

  private static func select(
    _ preparation: inout PathPreparation, _ folds: CrossValidationFolds?, _ rule: PenaltySelection.Rule
  ) throws(ChurnModelError) -> PenaltySelection {
    guard let folds else {
      let path = try RegularisationPath.fit(&preparation)
      return PenaltySelection(path: path, validation: nil, rule: nil, chosen: path.points.count - 1)
    }
    let validated = try RegularisationPath.crossValidate(&preparation, folds: folds)
    return PenaltySelection(
      path: validated.path, validation: validated, rule: rule, chosen: rule.choice(validated))
  }
}

extension RegularisationPath {
  /// Key of the number of design columns that a model was chosen from, among its metadata.
  public static let columnsKey = "penalty_columns"

  /// The model at one λ without the columns whose coefficient is 0.
  fileprivate func selectedModel(
    at index: Int, metadata: [String: String]
  ) throws(ChurnModelError) -> LogisticModel {
    let whole = try model(at: index, metadata: metadata)
    let left = whole.columns.filter { $0.coefficient == 0 }.map { column in
      DroppedFeature(
        feature: whole.features[column.feature].name, column: column.name,
        reason: "the penalty leaves its coefficient at 0")
    }
    return try LogisticModel(
      features: whole.features, columns: whole.columns.filter { $0.coefficient != 0 },
      intercept: whole.intercept, penalty: whole.penalty, training: whole.training,
      dropped: whole.droppedFeatures + left, metadata: whole.metadata)
  }
}
