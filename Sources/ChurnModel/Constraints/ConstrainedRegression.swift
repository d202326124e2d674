public import LinearAlgebra
internal import Foundation

/// Ridge logistic regression whose coefficients stay within bounds, such as the direction that is expected of a feature.
///
/// The objective is that of `LogisticRegression`, minimised over lower ≤ β ≤ upper by `BoundedNewton`: the exact
/// optimum of a convex problem, with the conditions of Karush, Kuhn and Tucker in the result. The certificate's
/// theorem holds with the projected gradient in place of the gradient: whatever the multipliers hold back can only
/// raise the objective within the bounds.
public enum ConstrainedRegression {
  /// Fits a model; `constraints` of the result holds the conditions of the optimum.
  ///
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, raw; NaN where a value is missing.
  ///   - labels: one a row.
  ///   - bounds: by the names of design columns (numbers and flags: the features' names); the others are free.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - clusters: one a row, see `LogisticRegression`; asks for clustered and robust errors.
  ///   - options: see there.
  ///   - metadata: kept with the model.
  /// - Throws: `ChurnModelError` that says what is wrong with the data, the bounds or the options.
  /// - Complexity: O(rows × columns²) per Newton step, and O(columns³) for each bound that is met or left.
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], bounds: [String: CoefficientBounds],
    weights: [Double]? = nil, clusters: [Int32]? = nil, options: LogisticOptions = LogisticOptions(),
    metadata: [String: String] = [:]
  ) throws(ChurnModelError) -> LogisticFit {
    var prepared = try FitPreparation(
      features: features, values: values, labels: labels, weights: weights, clusters: clusters,
      options: options, dropsDependentColumns: false)
    let standardised = try StandardisedBounds(
      bounds, prepared.design, dropped: prepared.dropped, features: features)
    let objective = prepared.objective(penalties: prepared.penalties)
    let solution = try solve(objective, standardised, prepared)
    // The multipliers are those of the returned coefficients: one more pass.
    let value = objective.evaluate(solution.point, prepared.workspaces)
    let evaluations = prepared.workspaces.fullPasses - prepared.designPasses
    prepared.finish("solve")
    let fitted = prepared.fitted(solution.point)
    let kkt = KKTConditions(
      design: fitted, bounds: standardised, coefficients: solution.point, gradient: value.gradient)
    let model = try LogisticModel(
      features: features, columns: fitted.columns, intercept: solution.point[0], penalty: options.penalty,
      training: prepared.summary(
        value, objective: value.objective, gradientNorm: kkt.stationarity, iterations: solution.iterations),
      dropped: prepared.dropped,
      metadata: metadata.merging(["estimator": EstimationMethod.bounded.rawValue]) { own, _ in own })
    let inference = try ConstrainedInference(prepared, value: value, solution: solution)
    let table = inference.coefficients(model)
    let certificate = try inference.certificate(evaluations: evaluations, stationarity: kkt.stationarity)
    prepared.finish("inference")
    return LogisticFit(
      model: model, coefficients: table, certificate: certificate,
      effectiveParameters: inference.effectiveParameters, phases: prepared.clock.phases, design: fitted,
      predictedObjective: value.objective, options: options, information: inference.information,
      constraints: kkt)
  }

  /// Greatest element of a gradient that has vanished, and the length of a step that it then cannot cause at a proper
  /// minimum, in standardised units.
  private static let vanishedGradient = 1e-9
  private static let longestLastStep = 1e-4

  private static func solve(
    _ objective: ObjectivePass, _ bounds: StandardisedBounds, _ prepared: FitPreparation
  ) throws(ChurnModelError) -> BoundedNewton.Solution {
    let options = prepared.options
    let undetermined = Undetermined(prepared.design)
    let solver = BoundedNewton(
      lower: bounds.lower, upper: bounds.upper, tolerance: options.tolerance,
      maximumIterations: options.maximumIterations)
    var last: ObjectiveValue?
    let solution: BoundedNewton.Solution
    do {
      solution = try solver.minimise(from: prepared.nullCoefficients) { coefficients in
        let value = objective.evaluate(coefficients, prepared.workspaces)
        last = value
        return BoundedNewton.Value(
          objective: value.objective, gradient: value.gradient, hessian: value.hessian)
      }
    } catch {
      throw undetermined.singular(last ?? objective.evaluate(prepared.nullCoefficients, prepared.workspaces))
    }
    let norm = solution.projectedGradient.reduce(0) { max($0, $1.magnitude) }
    let step = zip(solution.point, solution.lastPoint).map { $0 - $1 }
    if norm <= vanishedGradient,
      zip(step, objective.penalties).dropFirst().contains(where: { $1 == 0 && $0.magnitude > longestLastStep }
      )
    {
      throw undetermined.separated(change: step)
    }
    guard solution.isConverged else {
      throw ChurnModelError(
        .notConverged,
        "the solver within bounds stopped after \(solution.iterations) steps with a projected gradient of \(norm); "
          + "raise the tolerance, the number of iterations or the penalty")
    }
    return solution
  }
}
