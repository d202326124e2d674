import LinearAlgebra

/// The design of a fit, found in one pass over the rows where there are many, else in two.
///
/// With many rows a sample tells which columns there are to be, and a single opening pass surveys all rows, measures
/// exact moments and evaluates the loss at the sample's coefficients. Should the survey of all rows ask for other
/// columns than the sample did (by a rare level, or a value that is seldom missing), the pass is made again with those.
struct DesignPreparation {
  let summaries: [FeatureSummary]
  let design: Design
  let dropped: [DroppedFeature]
  /// Coefficients near the optimum, intercept first; nil unless a warm start was asked for and there are many rows.
  let start: [Double]?
  /// Passes over all rows that surveyed and did nothing else.
  let surveyPasses: Int
  /// Passes over all rows that evaluated the objective.
  let evaluations: Int

  /// A column that is so much wider than the sample says holds values that the sample's coefficients are not for.
  private static let greatestScaleRatio = 100.0

  /// - Parameters:
  ///   - startsWarm: whether a start is looked for.
  ///   - clock: told of the phases before the opening pass.
  /// - Throws: `ChurnModelError` for values that cannot be used.
  init(
    _ data: TrainingData, _ options: LogisticOptions, _ workspaces: Workspaces, startsWarm: Bool,
    clock: inout PhaseClock
  ) throws(ChurnModelError) {
    let warmStart = WarmStart(data, options)
    // Bounds are those of the table; provisional moments alone may be those of any sample.
    let values = DesignBuilder.valueColumns(
      options.winsorisedShare > 0 ? data : warmStart?.sample ?? data, options)
    let forecast = warmStart.flatMap { try? FeatureSurvey.run($0.sample, parallel: options.parallel) }
    var summaries: [FeatureSummary]
    if let forecast {
      summaries = forecast
    } else {
      summaries = try FeatureSurvey.run(data, parallel: options.parallel)
    }
    var builder = DesignBuilder(
      data: forecast == nil ? data : warmStart?.sample ?? data, options: options, summaries: summaries,
      values: values)
    var columns = builder.provisionalColumns()
    var exact = columns
    var isForecast = forecast != nil
    let precision = data.steeringPrecision
    var (point, evaluations) = ([Double]?.none, 0)
    var findings: OpeningPass.Findings
    clock.finish("survey")
    while true {
      if startsWarm, let warmStart {
        point = warmStart.coefficients(columns, workspaces)
        clock.finish("warm start")
      }
      let pass = OpeningPass(
        data: data, columns: columns, start: point, surveys: isForecast,
        precision: precision)
      findings = try pass.run(workspaces)
      evaluations += point == nil ? 0 : 1
      guard isForecast, let found = findings.summaries else { break }
      isForecast = false
      summaries = found
      builder = DesignBuilder(data: data, options: options, summaries: summaries, values: values)
      exact = builder.provisionalColumns()
      if exact.count == columns.count, zip(exact, columns).allSatisfy({ $0.isMadeLike($1) }) { break }
      columns = exact
    }
    var finished = builder
    var (design, kept) = finished.design(exact, findings.moments)
    if precision == .single, !design.isWellConditioned {
      // Single precision does not tell columns that nearly depend on each other from those that do.
      let again = OpeningPass(
        data: data, columns: columns, start: nil, surveys: false, precision: .double)
      finished = builder
      (design, kept) = finished.design(exact, try again.run(workspaces).moments)
    }
    // A sample that all rows contradict, by a value far beyond it, is no start.
    let isAlike = zip(kept, design.columns).allSatisfy {
      $1.scale < Self.greatestScaleRatio * columns[$0].scale
    }
    if isAlike, let point, let evaluation = findings.evaluation, evaluation.logLoss < data.nullLogLoss {
      start = QuadraticStart(
        provisional: columns, design: design, kept: kept, penalties: design.penalties(data.features, options)
      ).coefficients(at: point, evaluation)
    } else {
      start = nil
    }
    self.summaries = summaries
    self.design = design
    dropped = finished.dropped
    surveyPasses = forecast == nil ? 1 : 0
    self.evaluations = evaluations
  }
}

extension Design {
  /// Reciprocal condition of correlations that errors of single precision do not reach.
  private static let leastSingleCondition = 1e-5

  /// Whether single precision tells its columns apart.
  var isWellConditioned: Bool {
    (try? Cholesky(correlations)).map { $0.reciprocalCondition >= Self.leastSingleCondition } ?? false
  }
}

extension DesignColumn {
  /// Whether both are made of the raw values in the same way but for units.
  fileprivate func isMadeLike(_ other: DesignColumn) -> Bool {
    feature == other.feature && term == other.term
  }
}
