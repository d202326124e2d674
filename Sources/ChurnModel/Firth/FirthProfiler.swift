internal import Foundation
import LinearAlgebra
import Statistics

/// Tests and confidence limits of single coefficients by the profile of Firth's penalised likelihood (Heinze and
/// Schemper 2002, section 2).
///
/// The profile D(t) is twice the fall of the penalised log-likelihood when the coefficient is t. Its root grows almost
/// linearly on each side of the estimate, so that Newton's method on √D finds a limit in a few fits, each from the one
/// before moved along the quadratic model.
struct FirthProfiler: Sendable {
  let pass: FirthPass
  let estimate: FirthPass.Point
  /// H*⁻¹ at the estimate.
  let factor: Cholesky
  let maximumIterations: Int
  /// Of the fit.
  let tolerance: Double
  let level: Double

  /// That of the fits with a coefficient held: what their gradient leaves of the likelihood goes with its square.
  private var profileTolerance: Double { max(tolerance, pow(tolerance, Self.toleranceExponent)) }
  private static let toleranceExponent = 2.0 / 3

  /// Relative distance of √D from its aim at which one last step ends the search.
  private static let aimTolerance = 1e-6
  private static let mostSteps = 60
  /// A step away from the estimate is at most so many times the distance already gone.
  private static let longestStretch = 2.0

  /// The profile of the combination aᵀβ that gives a coefficient in its own units.
  ///
  /// - Parameters:
  ///   - combination: a.
  ///   - name: of the coefficient.
  func profile(_ name: String, _ combination: [Double], _ workspaces: Workspaces) throws(ChurnModelError)
    -> FirthReport.Profile
  {
    let solver = FirthSolver(pass: pass, workspaces: workspaces, maximumIterations: maximumIterations)
    let centre = Position(
      point: estimate, factor: factor, value: dot(combination, estimate.coefficients), fall: 0, slope: 0)
    let null = try moved(centre, to: 0, combination, solver)
    let statistic = max(null.fall, 0)
    return FirthReport.Profile(
      name: name, statistic: statistic,
      pValue: ChiSquaredDistribution.pValue(statistic, degreesOfFreedom: 1), level: level,
      lower: limit(from: centre, side: -1, combination, solver),
      upper: limit(from: centre, side: 1, combination, solver))
  }

  /// A fit with the coefficient held.
  private struct Position {
    let point: FirthPass.Point
    let factor: Cholesky
    /// t.
    let value: Double
    /// D(t).
    let fall: Double
    /// D′(t).
    let slope: Double
  }

  private func moved(
    _ position: Position, to value: Double, _ combination: [Double], _ solver: FirthSolver
  ) throws(ChurnModelError) -> Position {
    let normal = position.factor.solve(combination)
    let length = (value - position.value) / dot(combination, normal)
    let predicted = zip(position.point.coefficients, normal).map { $0 + length * $1 }
    // Far from the estimate the model may lead to where nothing is finite; the shortest coefficients never do.
    let squares = dot(combination, combination)
    guard
      let start = solver.pass.point(predicted, solver.workspaces)
        ?? solver.pass.point(combination.map { $0 * value / squares }, solver.workspaces)
    else {
      throw ChurnModelError(
        .notConverged,
        "the profile of Firth's likelihood cannot be followed to \(value); ask for no profiles")
    }
    let solution = try solver.maximise(from: start, holding: combination, tolerance: profileTolerance)
    let twice = 2 * pass.objective.data.totalWeight
    return Position(
      point: solution.point, factor: solution.factor, value: value,
      fall: twice * (solution.point.objective - estimate.objective), slope: twice * solution.multiplier)
  }

  /// Where D reaches the quantile on one side; nil when it does not within the steps.
  private func limit(
    from centre: Position, side: Double, _ combination: [Double], _ solver: FirthSolver
  ) -> Double? {
    // χ²₁ is the square of a normal variable.
    let aim = NormalDistribution.quantile(0.5 + level / 2)
    let error =
      (dot(combination, estimate.information.solve(combination)) / pass.objective.data.totalWeight)
      .squareRoot()
    var position = centre
    var next = centre.value + side * aim * error
    /// The fall at `inner` is too small, at `outer` too great.
    var (inner, outer): (Double, Double?) = (centre.value, nil)
    for _ in 0..<Self.mostSteps {
      guard let found = try? moved(position, to: next, combination, solver), found.fall > 0 else {
        return nil
      }
      position = found
      let root = found.fall.squareRoot()
      let newton = found.value - (root - aim) * 2 * root / found.slope
      if (root - aim).magnitude <= Self.aimTolerance * aim { return newton }
      if root < aim { inner = found.value } else { outer = found.value }
      next = safeguarded(newton, inner: inner, outer: outer, centre: centre.value, side: side)
    }
    return nil
  }

  /// Newton's next value where it lies between what is known, else one that does.
  private func safeguarded(
    _ newton: Double, inner: Double, outer: Double?, centre: Double, side: Double
  ) -> Double {
    guard let outer else {
      let farthest = centre + (1 + Self.longestStretch) * (inner - centre)
      guard newton.isFinite, (newton - inner) * side > 0 else { return farthest }
      return side > 0 ? min(newton, farthest) : max(newton, farthest)
    }
    let isBetween = (newton - inner) * side > 0 && (outer - newton) * side > 0
    return isBetween ? newton : (inner + outer) / 2
  }

  private func dot(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
