internal import Foundation
import LinearAlgebra

/// Minimises the objective of a sum of terms and chooses the penalties of their groups.
///
/// **Penalties** maximise the marginal likelihood of the data when every coefficient of a group is drawn from a normal
/// distribution with variance 1/λ, in Laplace's approximation, by the step of Wood and Fasiolo (2017, "A generalized
/// Fellner-Schall method for smoothing parameter optimization", Biometrics 73): λ ← (q − λ·tr V_gg)/‖β_g‖², with q the
/// coefficients of the group and V = (∇²F)⁻¹. One such step follows each Newton step. A group whose penalty grows until
/// nothing is left of it is left out: smoothness is chosen, and so is which parts of a term are there at all.
///
/// **Stopping.** The search for penalties ends when none that matters moves by more than `penaltyTolerance` in its
/// logarithm while no coefficient moves by more than `stepTolerance`. Then the penalties stand, and Newton steps, halved
/// until none raises F, are made until no element of the gradient exceeds `tolerance` times the total weight; one more
/// step with the derivatives at hand gives the result (as in `NewtonSolver`).
struct TermSolver {
  let objective: TermObjective
  private(set) var state: TermState
  /// Looks at all rows.
  private(set) var passes = 0

  private static let penaltyRange = 1e-4...1e7
  /// A step changes a penalty by no more than this factor.
  private static let mostChange = 20.0
  static let penaltyTolerance = 0.1
  static let stepTolerance = 1e-3
  /// Effective parameters below which a group with a strong penalty has nothing left.
  private static let leastParameters = 0.02
  private static let strongPenalty = 1e4
  static let mostHalvings = 40
  /// Relative rounding error of a sum over many rows.
  static let roundingError = 1e-13

  init(_ objective: TermObjective, state: TermState) {
    self.objective = objective
    self.state = state
  }

  /// Newton and penalty steps in turn, at most `steps` of each.
  mutating func choosePenalties(steps: Int) throws(ChurnModelError) {
    let layout = objective.layout
    var look = observe(state)
    for _ in 0..<steps {
      let active = state.activeColumns(layout)
      let gradient = objective.gradient(look, state, active: active)
      let factor = try factorise(objective.hessian(look, state, active: active))
      let direction = factor.solve(gradient)
      let length = try descend(&look, along: direction, active: active)
      let wereActive = state.isActive
      let change = updatePenalties(factor.inverseDiagonal(), active: active)
      if state.isActive == wereActive {
        look.objective = objective.penalised(look.loss, state)
      } else {
        look = observe(state)
      }
      let step = direction.reduce(0) { max($0, $1.magnitude) } * length
      if change < Self.penaltyTolerance, step < Self.stepTolerance { return }
    }
  }

  /// What the last look of `converge` showed, and what proves the optimum.
  struct Optimum {
    let state: TermState
    let active: [Int]
    /// Of the sum over rows.
    let gradient: [Double]
    let hessian: Matrix
    let factor: Cholesky
    let loss: Double
    let objective: Double
    let iterations: Int
    let passes: Int
    /// What the optimum has beside where directions of terms are held; nil where none are.
    var directed: DirectedOptimum?
  }

  /// Newton steps with fixed penalties until the gradient has vanished.
  mutating func converge(tolerance: Double, maximumIterations: Int) throws(ChurnModelError) -> Optimum {
    let layout = objective.layout
    let active = state.activeColumns(layout)
    var look = observe(state)
    var iterations = 0
    while true {
      let gradient = objective.gradient(look, state, active: active)
      let hessian = objective.hessian(look, state, active: active)
      let factor = try factorise(hessian)
      let direction = factor.solve(gradient)
      let norm = gradient.reduce(0) { max($0, $1.magnitude) }
      if norm <= tolerance * objective.rows.totalWeight {
        let evaluated = look
        move(by: direction, length: 1, active: active)
        return Optimum(
          state: state, active: active, gradient: gradient, hessian: hessian, factor: factor,
          loss: evaluated.loss, objective: evaluated.objective, iterations: iterations, passes: passes)
      }
      guard iterations < maximumIterations else {
        throw ChurnModelError(
          .notConverged,
          "the solver stopped after \(iterations) steps with a gradient of \(norm / objective.rows.totalWeight) a row; "
            + "raise the tolerance or the number of iterations")
      }
      _ = try descend(&look, along: direction, active: active)
      iterations += 1
    }
  }

  private mutating func observe(_ state: TermState) -> TermObjective.Look {
    passes += 1
    return objective.look(state)
  }

  private func factorise(_ hessian: Matrix) throws(ChurnModelError) -> Cholesky {
    do {
      return try Cholesky(hessian)
    } catch {
      throw ChurnModelError(
        .notConverged,
        "the terms' coefficients are not determined (\(error)); leave out columns that say the same as others"
      )
    }
  }

  private mutating func move(by direction: [Double], length: Double, active: [Int]) {
    state.intercept -= length * direction[0]
    for (index, column) in active.enumerated() {
      state.coefficients[column] -= length * direction[index + 1]
    }
  }

  /// A Newton step, halved until it does not raise the objective.
  ///
  /// - Returns: its length.
  private mutating func descend(
    _ look: inout TermObjective.Look, along direction: [Double], active: [Int]
  ) throws(ChurnModelError) -> Double {
    let start = state
    let limit = look.objective + Self.roundingError * look.objective.magnitude
    var length = 1.0
    for _ in 0..<Self.mostHalvings {
      move(by: direction, length: length, active: active)
      let next = observe(state)
      if next.objective <= limit {
        look = next
        return length
      }
      state = start
      length /= 2
    }
    throw ChurnModelError(
      .notConverged, "no step lowers the objective any more; a column holds numbers of very different size")
  }

  /// - Returns: the greatest change of a penalty's logarithm among groups that matter.
  private mutating func updatePenalties(_ variances: [Double], active: [Int]) -> Double {
    let layout = objective.layout
    var traces = [Double](repeating: 0, count: layout.groupCount)
    var squares = traces
    var sizes = traces
    for (index, column) in active.enumerated() {
      let group = layout.groupOfColumn[column]
      traces[group] += variances[index + 1]
      squares[group] += state.coefficients[column] * state.coefficients[column]
      sizes[group] += 1
    }
    var greatest = 0.0
    for group in 0..<layout.groupCount where state.isActive[group] {
      let old = state.penalties[group]
      let parameters = sizes[group] - old * traces[group]
      let new = Self.penalty(after: old, parameters: parameters, squares: squares[group])
      state.penalties[group] = new
      if Self.isSpent(penalty: new, parameters: parameters) {
        state.leaveOut(group, layout)
      } else {
        greatest = max(greatest, log(new / old).magnitude)
      }
    }
    return greatest
  }

  /// The next penalty of a group with so many effective parameters and such a sum of squares.
  static func penalty(after old: Double, parameters: Double, squares: Double) -> Double {
    let wanted = max(parameters, 1e-8) / max(squares, 1e-12)
    let bounded = min(max(wanted, old / mostChange), old * mostChange)
    return min(max(bounded, penaltyRange.lowerBound), penaltyRange.upperBound)
  }

  /// Whether nothing is left of a group.
  static func isSpent(penalty: Double, parameters: Double) -> Bool {
    penalty >= strongPenalty && parameters < leastParameters
  }
}
