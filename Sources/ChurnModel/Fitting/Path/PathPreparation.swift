import LinearAlgebra

/// Checked data and their design, as the fits of a path need them.
struct PathPreparation {
  let data: TrainingData
  let summaries: [FeatureSummary]
  let workspaces: Workspaces
  let design: Design
  let dropped: [DroppedFeature]
  let options: LogisticOptions
  var path: RegularisationPath.Options
  var clock = PhaseClock()

  init(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]?, offsets: [Double]?,
    options: LogisticOptions, path: RegularisationPath.Options
  ) throws(ChurnModelError) {
    try options.check()
    try options.checkFactors(features)
    try path.check()
    data = try TrainingData(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      parallel: options.parallel)
    workspaces = Workspaces(parallel: options.parallel)
    let prepared = try DesignPreparation(data, options, workspaces, startsWarm: false, clock: &clock)
    summaries = prepared.summaries
    design = prepared.design
    dropped = prepared.dropped
    self.options = options
    self.path = path
    clock.finish("design")
  }

  func solver(_ rows: GroupedRows) -> PathSolver {
    PathSolver(
      expansion: Expansion(features: data.features, columns: design.columns), rows: rows, options: options,
      path: path, factors: design.penaltyFactors(data.features, options),
      magnitudes: [1]
        + design.columns.map {
          $0.greatestMagnitude(kind: data.features[$0.feature].kind, summary: summaries[$0.feature])
        },
      steering: design.isWellConditioned ? data.steeringPrecision : .double)
  }
}
