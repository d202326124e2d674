import LinearAlgebra

/// Newton's method (iteratively reweighted least squares) with step halving.
struct NewtonSolver {
  let objective: ObjectivePass
  let workspaces: Workspaces
  let maximumIterations: Int
  /// Says which columns are to blame when coefficients are not determined.
  let undetermined: Undetermined
  /// Of Hessians, as long as what they prove does not suffer from it.
  var steering = GramPrecision.double
  /// The greatest magnitude of each column, the intercept's 1 first, by which the solver proves the gradient after its
  /// last step; nil to see it vanish before.
  var greatest: [Double]?

  /// Where the solver stopped.
  struct Solution {
    /// Intercept first, standardised.
    var coefficients: [Double]
    /// Objective and derivatives at the last coefficients that were evaluated.
    let value: ObjectiveValue
    /// Newton steps taken.
    let iterations: Int
    /// The factorised Hessian of `value`.
    let factor: Cholesky
    /// The objective at `coefficients` by the quadratic model at the last evaluation, f − λ²/2.
    let predictedObjective: Double
    /// ½·Σ λⱼ·βⱼ² at `coefficients`.
    var penalty = 0.0
    /// Proven bound on the elements of the gradient at `coefficients`, where the solver stopped for its sake.
    var gradientBound: Double?

    /// What is told of the fit: the last evaluation, or, where the step after it was still of weight, what follows for the
    /// returned coefficients up to the third power of that step.
    var reported: (objective: Double, logLoss: Double, gradientNorm: Double) {
      guard let gradientBound else { return (value.objective, value.logLoss, value.gradientNorm) }
      return (predictedObjective, predictedObjective - penalty, gradientBound)
    }
  }

  /// Relative rounding error of an objective summed over many rows: a smaller rise is not a rise.
  private static let roundingError = 1e-14
  /// Halvings after which a step is shorter than rounding error.
  private static let mostHalvings = 50
  /// Reciprocal condition of the Hessian below which no digit of the coefficients can be trusted.
  private static let leastCondition = 1e-13
  /// The same for a Hessian in single precision, whose rounding is another step's error at most.
  private static let leastSingleCondition = 1e-6
  /// Mean log loss below which the features predict every label: the maximum is at infinity.
  private static let separatedLogLoss = 1e-7

  /// Length of a Newton step in standardised units that a vanished gradient cannot cause at a proper minimum.
  private static let longestLastStep = 1e-4
  /// Greatest element of a gradient that has vanished.
  private static let vanishedGradient = 1e-9
  /// Rounding of a Hessian beyond which a fit does not end with it.
  private static let mostRounding = 0.1

  /// Minimises the objective from `start` until no element of its gradient exceeds `tolerance`.
  ///
  /// Every step lowers the objective (a full step that does not is halved). After the tolerance is met, one more
  /// Newton step is made with the derivatives at hand: it squares the remaining error, so that the result depends on
  /// neither start nor order of the rows beyond rounding. What that proves stands at `Certificate`; with `greatest`,
  /// the solver stops as soon as it proves that the tolerance is met after that step.
  func minimise(from start: [Double], tolerance: Double) throws(ChurnModelError) -> Solution {
    var coefficients = start
    var value = objective.evaluate(coefficients, workspaces, precision: steering)
    var iterations = 0
    while true {
      if value.precision == .single, !isSteady(value) {
        value = objective.evaluate(coefficients, workspaces)
      }
      let factor = try factorise(value, coefficients)
      let direction = factor.solve(value.gradient)
      let rounding = greatest == nil ? .none : HessianRounding(value, factor: factor)
      let last = greatest.map {
        LastStep(value, direction: direction, greatest: $0, rounding: rounding)
      }
      let bound = value.gradientNorm <= tolerance ? nil : last.map(\.gradientBound)
      // Below a loose tolerance a long step may still be an honest one: it is taken.
      if min(value.gradientNorm, bound ?? .infinity) <= tolerance, !mayRunOff(direction) {
        guard rounding.share <= Self.mostRounding else {
          value = objective.evaluate(coefficients, workspaces)
          continue
        }
        let polished = zip(coefficients, direction).map { $0 - $1 }
        let descent = zip(value.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        return Solution(
          coefficients: polished, value: value, iterations: iterations, factor: factor,
          predictedObjective: value.objective - descent / 2, penalty: objective.penalty(polished),
          gradientBound: bound)
      }
      if value.gradientNorm <= min(tolerance, Self.vanishedGradient), mayRunOff(direction) {
        throw undetermined.separated(change: direction.map { -$0 })
      }
      guard iterations < maximumIterations else { throw notConverged(value, iterations) }
      (coefficients, value) = try descend(
        from: coefficients, value, along: direction,
        rounding.share <= Self.mostRounding ? steering : .double, iterations)
      iterations += 1
    }
  }

  private func descend(
    from coefficients: [Double], _ value: ObjectiveValue, along direction: [Double],
    _ precision: GramPrecision, _ iterations: Int
  ) throws(ChurnModelError) -> ([Double], ObjectiveValue) {
    let limit = value.objective + Self.roundingError * value.objective.magnitude
    var length = 1.0
    for _ in 0..<Self.mostHalvings {
      let candidate = zip(coefficients, direction).map { $0 - length * $1 }
      let candidateValue = objective.evaluate(candidate, workspaces, precision: precision)
      if candidateValue.objective <= limit { return (candidate, candidateValue) }
      length /= 2
    }
    throw notConverged(value, iterations)
  }

  /// Whether the last step is long enough for a coefficient that runs off to infinity; those with a penalty cannot.
  private func mayRunOff(_ step: [Double]) -> Bool {
    zip(objective.penalties, step).dropFirst().contains { $0 == 0 && $1.magnitude > Self.longestLastStep }
  }

  /// Whether nothing but the data holds the coefficients.
  private var isUnpenalised: Bool { objective.penalties.allSatisfy { $0 == 0 } }

  /// Whether rounding does not matter to the step that a Hessian in single precision gives.
  private func isSteady(_ value: ObjectiveValue) -> Bool {
    (try? Cholesky(value.hessian)).map { $0.reciprocalCondition >= Self.leastSingleCondition } ?? false
  }

  private func factorise(
    _ value: ObjectiveValue, _ coefficients: [Double]
  ) throws(ChurnModelError) -> Cholesky {
    if isUnpenalised, value.logLoss < Self.separatedLogLoss {
      throw undetermined.separatedCompletely(coefficients: coefficients)
    }
    do {
      let factor = try Cholesky(value.hessian)
      if factor.reciprocalCondition >= Self.leastCondition { return factor }
    } catch {
      // Reported below, together with matrices that are barely definite.
    }
    throw undetermined.singular(value)
  }

  private func notConverged(_ value: ObjectiveValue, _ iterations: Int) -> ChurnModelError {
    ChurnModelError(
      .notConverged,
      "the solver stopped after \(iterations) steps with a gradient of \(value.gradientNorm); raise the tolerance, "
        + "the number of iterations or the penalty")
  }
}
