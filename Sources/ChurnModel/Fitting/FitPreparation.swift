import LinearAlgebra

/// What every fit does before it solves: check the data, survey them, and prepare the design.
struct FitPreparation {
  let data: TrainingData
  let options: LogisticOptions
  let clusters: ClusterOrder?
  let summaries: [FeatureSummary]
  let design: Design
  let dropped: [DroppedFeature]
  let expansion: Expansion
  let workspaces: Workspaces
  /// Passes over all rows that the design took.
  let designPasses: Int
  private let surveyPasses: Int
  private(set) var clock: PhaseClock

  /// - Parameter dropsDependentColumns: whether columns that are sums of earlier ones are left out, and listed.
  /// - Throws: `ChurnModelError` that says what is wrong with the data or the options.
  init(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]?, clusters: [Int32]?,
    options: LogisticOptions, dropsDependentColumns: Bool
  ) throws(ChurnModelError) {
    try options.check()
    var clock = PhaseClock()
    let data = try TrainingData(features: features, values: values, labels: labels, weights: weights)
    self.clusters = try clusters.map { clusters throws(ChurnModelError) in
      try ClusterOrder(clusters: clusters, weights: data.weights)
    }
    workspaces = Workspaces(parallel: options.parallel)
    let prepared = try DesignPreparation(data, options, workspaces, startsWarm: false, clock: &clock)
    summaries = prepared.summaries
    surveyPasses = prepared.surveyPasses
    let whole = prepared.design
    let kept = dropsDependentColumns ? whole.independentColumns() : Array(whole.columns.indices)
    let dependent = Set(whole.columns.indices).subtracting(kept).sorted()
    design = whole.keeping(kept)
    dropped =
      prepared.dropped
      + dependent.map { position in
        let column = whole.columns[position]
        return DroppedFeature(
          feature: features[column.feature].name, column: column.name,
          reason: "it depends on the columns before it")
      }
    designPasses = workspaces.fullPasses
    clock.finish("design")
    expansion = Expansion(features: features, columns: design.columns)
    self.data = data
    self.options = options
    self.clock = clock
  }

  /// Ends the phase that began with the end of the one before.
  mutating func finish(_ phase: String) {
    clock.finish(phase)
  }

  /// λⱼ, one a coefficient, the intercept's 0 first.
  var penalties: [Double] { design.penalties(data.features, options) }

  /// The objective over all rows.
  func objective(penalties: [Double]) -> ObjectivePass {
    ObjectivePass(expansion: expansion, data: data, penalties: penalties)
  }

  /// The intercept alone, intercept first.
  var nullCoefficients: [Double] {
    var start = [Double](repeating: 0, count: expansion.panelColumns)
    start[0] = data.nullMargin
    return start
  }

  /// The design with the coefficients of a solution.
  ///
  /// - Parameter coefficients: standardised, intercept first.
  func fitted(_ coefficients: [Double]) -> Design {
    Design(
      columns: zip(design.columns, coefficients.dropFirst()).map { column, coefficient in
        var column = column
        column.coefficient = coefficient
        return column
      }, correlations: design.correlations)
  }

  /// - Parameters:
  ///   - value: where the solver evaluated last.
  ///   - objective: there; with whatever penalty the estimator has.
  func summary(
    _ value: ObjectiveValue, objective: Double, gradientNorm: Double, iterations: Int
  ) -> TrainingSummary {
    TrainingSummary(
      rows: data.rowsUsed, positives: data.positives, totalWeight: data.totalWeight, logLoss: value.logLoss,
      nullLogLoss: data.nullLogLoss, objective: objective, gradientNorm: gradientNorm, iterations: iterations)
  }

  /// The greatest magnitude of each panel column, the intercept's 1 first.
  var greatestMagnitudes: [Double] {
    design.greatestMagnitudes(data.features, summaries)
  }

  /// Passes over the data so far.
  ///
  /// - Parameter others: passes over all rows without the workspaces, beside survey and bounds.
  func passes(evaluations: Int, others: Int) -> Certificate.Passes {
    let boundsReadAll = data.rows <= options.boundRows
    return Certificate.Passes(
      full: surveyPasses + (boundsReadAll ? 1 : 0) + workspaces.fullPasses + others, evaluations: evaluations,
      sample: (boundsReadAll ? 0 : 1) + workspaces.samplePasses)
  }
}
