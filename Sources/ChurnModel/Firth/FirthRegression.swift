public import LinearAlgebra
internal import Foundation

/// Logistic regression by Firth's penalised likelihood: finite and nearly unbiased coefficients where classes are
/// separated or events are few.
///
/// The coefficients maximise log L(β) + ½·log det I(β), I the information, with no ridge penalty; the derivatives
/// stand at `FirthPass` (Firth 1993, Biometrika 80, 27–38; Heinze and Schemper 2002, Statistics in Medicine 21,
/// 2409–2419). Features are prepared as `LogisticRegression` does; the estimates do not depend on the standardisation.
/// Columns that are linear combinations of others are dropped and listed: the information would be singular.
///
/// A weight of 2 is the row twice. As the maximum of any penalised likelihood, the fitted mean is pulled a little
/// towards one half.
public enum FirthRegression {
  /// Fits a model; `firth` of the result holds the penalised likelihood and the profiles.
  ///
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, raw; NaN where a value is missing.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - clusters: one a row, see `LogisticRegression`; asks for clustered and robust errors.
  ///   - options: see there; its penalty is not used.
  ///   - profiles: the coefficients that get tests and intervals by the profile likelihood.
  ///   - level: confidence level of these intervals, between 0 and 1.
  ///   - metadata: kept with the model.
  /// - Throws: `ChurnModelError` that says what is wrong with the data or the options.
  /// - Complexity: O(rows × columns²) per step, two passes each; some twenty steps for every profile.
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    clusters: [Int32]? = nil, options: LogisticOptions = LogisticOptions(), profiles: FirthProfiles = .none,
    level: Double = 0.95, metadata: [String: String] = [:]
  ) throws(ChurnModelError) -> LogisticFit {
    guard level > 0, level < 1 else {
      throw ChurnModelError(.invalidOption, "the confidence level is \(level); choose one between 0 and 1")
    }
    var options = options
    options.penalty = 0
    var prepared = try FitPreparation(
      features: features, values: values, labels: labels, weights: weights, clusters: clusters,
      options: options, dropsDependentColumns: true)
    let pass = FirthPass(objective: prepared.objective(penalties: prepared.nullCoefficients.map { _ in 0 }))
    let solution = try solve(pass, prepared)
    prepared.finish("solve")
    let evaluations = prepared.workspaces.fullPasses - prepared.designPasses
    let fitted = prepared.fitted(solution.point.coefficients)
    let model = try LogisticModel(
      features: features, columns: fitted.columns, intercept: solution.point.coefficients[0], penalty: 0,
      training: prepared.summary(
        solution.point.value, objective: solution.point.objective, gradientNorm: solution.gradientNorm,
        iterations: solution.iterations), dropped: prepared.dropped,
      metadata: metadata.merging(["estimator": EstimationMethod.firth.rawValue]) { own, _ in own })
    let inference = FitInference(
      data: prepared.data, options: options, clusters: prepared.clusters, design: prepared.design,
      expansion: prepared.expansion,
      solution: NewtonSolver.Solution(
        coefficients: solution.point.coefficients, value: solution.point.value,
        iterations: solution.iterations, factor: solution.point.information,
        predictedObjective: solution.point.objective))
    let table = inference.coefficients(model, method: .firth)
    prepared.finish("inference")
    let report = FirthReport(
      penalisedLogLikelihood: penalisedLogLikelihood(solution.point, pass, fitted),
      profiles: try self.profiles(profiles, level, solution, pass, fitted, options))
    prepared.finish("profiles")
    let certificate = Certificate(
      unproven: solution,
      passes: prepared.passes(
        evaluations: evaluations, others: options.robustErrors || clusters != nil ? 1 : 0))
    return LogisticFit(
      model: model, coefficients: table, certificate: certificate,
      effectiveParameters: Double(model.columns.count + 1), phases: prepared.clock.phases, design: fitted,
      predictedObjective: solution.point.value.logLoss, options: options, information: inference.information,
      firth: report)
  }

  private static func solve(
    _ pass: FirthPass, _ prepared: FitPreparation
  ) throws(ChurnModelError) -> FirthSolver.Solution {
    let start = prepared.nullCoefficients
    guard let point = pass.point(start, prepared.workspaces) else {
      throw Undetermined(prepared.design).singular(pass.objective.evaluate(start, prepared.workspaces))
    }
    let solver = FirthSolver(
      pass: pass, workspaces: prepared.workspaces, maximumIterations: prepared.options.maximumIterations)
    return try solver.maximise(from: point, tolerance: prepared.options.tolerance)
  }

  /// Columns of the unstandardised design are scale times those of the standardised one: so is the information.
  private static func penalisedLogLikelihood(
    _ point: FirthPass.Point, _ pass: FirthPass, _ design: Design
  ) -> Double {
    let scales = design.columns.reduce(0) { $0 + log($1.scale) }
    return scales - pass.objective.data.totalWeight * point.objective
  }

  private static func positions(
    _ choice: FirthProfiles, _ names: [String]
  ) throws(ChurnModelError) -> [Int] {
    switch choice {
    case .none: return []
    case .all: return Array(names.indices)
    case .columns(let columns):
      var chosen: [Int] = []
      for column in columns {
        guard let index = names.firstIndex(of: column) else {
          throw ChurnModelError(
            .invalidFeatures, "there is no column \"\(column)\" to profile; name one of the model's columns")
        }
        chosen.append(index)
      }
      return chosen
    }
  }

  private static func profiles(
    _ choice: FirthProfiles, _ level: Double, _ solution: FirthSolver.Solution, _ pass: FirthPass,
    _ design: Design, _ options: LogisticOptions
  ) throws(ChurnModelError) -> [FirthReport.Profile] {
    let names = ["(intercept)"] + design.columns.map(\.name)
    let chosen = try positions(choice, names)
    let profiler = FirthProfiler(
      pass: pass, estimate: solution.point, factor: solution.factor,
      maximumIterations: options.maximumIterations, tolerance: options.tolerance, level: level)
    // The original intercept is what remains when every value is 0, not when it is the mean.
    let combinations = chosen.map { index in
      var combination = [Double](repeating: 0, count: names.count)
      guard index == 0 else {
        combination[index] = 1 / design.columns[index - 1].scale
        return combination
      }
      return [1] + design.columns.map { -$0.mean / $0.scale }
    }
    var results = [Result<FirthReport.Profile, ChurnModelError>?](repeating: nil, count: chosen.count)
    results.withUnsafeMutableBufferPointer { results in
      // Each call writes its own element only, and goes over the rows alone.
      nonisolated(unsafe) let results = results
      options.parallel.forEachBlock(count: chosen.count, blockSize: 1) { block in
        let position = block.index
        results[position] = Result { () throws(ChurnModelError) in
          try profiler.profile(
            names[chosen[position]], combinations[position], Workspaces(parallel: Parallel(threads: 1)))
        }
      }
    }
    var profiles: [FirthReport.Profile] = []
    for result in results { if let result { profiles.append(try result.get()) } }
    return profiles
  }
}

extension Certificate {
  /// That of a penalised likelihood which is not known to be self-concordant: no gap is proven.
  fileprivate init(unproven solution: FirthSolver.Solution, passes: Passes) {
    gradientNorm = solution.gradientNorm
    returnedGradientNorm = nil
    returnedGradientBound = nil
    squaredNewtonDecrement = max(solution.squaredDecrement, 0)
    gapBoundBeforeLastStep = nil
    gapBound = nil
    reciprocalCondition = solution.factor.reciprocalCondition
    self.passes = passes
  }
}
