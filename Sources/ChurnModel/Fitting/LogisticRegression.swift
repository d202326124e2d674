public import LinearAlgebra
internal import Foundation

/// Ridge logistic regression on raw feature columns.
///
/// The features become standardised design columns x (see `FeatureColumn.Kind` and `LogisticOptions`), and the
/// coefficients β with the intercept β₀ minimise
///
///     (1/Σw)·Σ wᵢ·(log(1 + exp ηᵢ) − yᵢ·ηᵢ) + (λ/2)·Σⱼ fⱼ·βⱼ²,   ηᵢ = oᵢ + β₀ + xᵢ·β
///
/// with row weights w, offsets o (0 by default) and penalty factors f (1 by default). The intercept is not penalised.
/// For lasso and elastic net, and for many λ at once, see `RegularisationPath`. With λ = 0 this is the classical maximum likelihood fit. The method is Newton's
/// (iteratively reweighted least squares), from the fit of a sample when there are many rows; design columns are made
/// panel by panel in each pass and never stored.
///
/// How values are prepared: bounds of numeric and logarithm features are quantiles of the training rows; missing
/// values stand at the training mean, with an indicator column `<name>_na` where enough rows miss the feature
/// (features missing in the same rows share the first one's); rare levels are pooled into `other`, the most frequent
/// level is the base, missing is a level of its own. Constant columns, and columns that repeat an earlier one, are
/// dropped and listed.
public enum LogisticRegression {
  /// Fits a model.
  ///
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, raw; NaN where a value is missing.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 each. A weight of 0 leaves the row out.
  ///   - offsets: one a row, added to its margin, such as the margin of another model; nil for 0 each. The model does not
  ///     keep them: who scores rows adds theirs.
  ///   - clusters: one a row, equal for rows that may depend on each other, such as those of one customer; asks for
  ///     clustered and robust errors.
  ///   - options: see there.
  ///   - metadata: kept with the model.
  /// - Throws: `ChurnModelError` that says what is wrong with the data or the options.
  /// - Complexity: O(rows × columns²) per Newton step, about three of them over all rows.
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil, clusters: [Int32]? = nil, options: LogisticOptions = LogisticOptions(),
    metadata: [String: String] = [:]
  ) throws(ChurnModelError) -> LogisticFit {
    try options.check()
    var clock = PhaseClock()
    let data = try TrainingData(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      parallel: options.parallel)
    try options.checkFactors(features)
    let clusters = try clusters.map { clusters throws(ChurnModelError) in
      try ClusterOrder(clusters: clusters, weights: data.weights)
    }
    let workspaces = Workspaces(parallel: options.parallel)
    let prepared = try DesignPreparation(data, options, workspaces, startsWarm: true, clock: &clock)
    let preparing = workspaces.fullPasses
    clock.finish("design")
    let design = prepared.design
    let expansion = Expansion(features: features, columns: design.columns)
    let start = prepared.start ?? [data.nullMargin] + [Double](repeating: 0, count: design.columns.count)
    let greatest = design.greatestMagnitudes(features, prepared.summaries)
    let solver = NewtonSolver(
      objective: ObjectivePass(
        expansion: expansion, data: data, penalties: design.penalties(features, options)),
      workspaces: workspaces, maximumIterations: options.maximumIterations,
      undetermined: Undetermined(design), steering: data.steeringPrecision,
      greatest: data.hasManyRows ? greatest : nil)
    let solution = try solver.minimise(from: start, tolerance: options.tolerance)
    clock.finish("solve")
    let fitted = Design(
      columns: zip(design.columns, solution.coefficients.dropFirst()).map { $0.with(coefficient: $1) },
      correlations: design.correlations)
    let model = try LogisticModel(
      features: features, columns: fitted.columns, intercept: solution.coefficients[0],
      penalty: options.penalty,
      training: try TrainingSummary(data, solution, options), dropped: prepared.dropped, metadata: metadata)
    let inference = FitInference(
      data: data, options: options, clusters: clusters, design: design, expansion: expansion,
      solution: solution)
    let certificate = inference.certificate(
      greatest: greatest, prepared: prepared, workspaces: workspaces,
      evaluations: prepared.evaluations + workspaces.fullPasses - preparing)
    let table = inference.coefficients(model)
    clock.finish("inference")
    return LogisticFit(
      model: model, coefficients: table, certificate: certificate,
      effectiveParameters: inference.effectiveParameters, phases: clock.phases, design: fitted,
      predictedObjective: solution.predictedObjective, options: options, information: inference.information)
  }
}

extension TrainingSummary {
  fileprivate init(
    _ data: TrainingData, _ solution: NewtonSolver.Solution, _ options: LogisticOptions
  ) throws(ChurnModelError) {
    self.init(
      rows: data.rowsUsed, positives: data.positives, totalWeight: data.totalWeight,
      logLoss: solution.reported.logLoss, nullLogLoss: try NullFit(data, options).logLoss,
      objective: solution.reported.objective, gradientNorm: solution.reported.gradientNorm,
      iterations: solution.iterations)
  }
}

extension DesignColumn {
  fileprivate func with(coefficient: Double) -> DesignColumn {
    var column = self
    column.coefficient = coefficient
    return column
  }
}
