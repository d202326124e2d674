internal import Foundation
import LinearAlgebra

/// Minimises the objective of a sum of terms and chooses the penalties of their groups.
///
/// **Penalties** maximise the marginal likelihood of the data when every coefficient of a group is drawn from a normal
/// distribution with variance 1/λ, in Laplace's approximation, by the step of Wood and Fasiolo (2017, "A generalized
/// Fellner-Schall method for smoothing parameter optimization", Biometrics 73): λ ← (q − λ·tr V_gg)/‖β_g‖², with q the
/// coefficients of the group and V = (∇²F)⁻¹, drawn a little to the penalties of like groups (`PenaltyStep`). Rows are
/// looked at seldom: at each look the loss is expanded to the second order, and several steps of penalties and
/// coefficients are taken on that model (Breslow and Clayton 1993, JASA 88). A group whose penalty grows until nothing is
/// left of it is left out: smoothness is chosen, and so is which parts of a term are there at all.
///
/// **Directions that rows cannot tell from nothing** are left at 0 while that is so: with information w about a
/// coefficient and penalty λ the rows would move it w/(w + λ) of the way, and leaving it out costs (w/λ)²/4 of
/// log-likelihood on average. Curves and maps need a small part of their directions only.
///
/// **Stopping.** The search for penalties ends when none moves by more than `penaltyTolerance` in its logarithm
/// between two looks while no coefficient moves by more than `stepTolerance`. Then the penalties stand, and Newton steps,
/// halved until none raises F, are made until no element of the gradient exceeds `tolerance` times the total weight; a
/// factor of the Hessian serves for several steps as long as each shrinks the gradient to a tenth. One more step with the
/// derivatives at hand gives the result (as in `NewtonSolver`).
struct TermSolver {
  let objective: TermObjective
  private(set) var state: TermState
  /// Looks at all rows.
  private(set) var passes = 0
  private let directions: Directions?
  private let penaltyStep: PenaltyStep

  /// What is known of coefficients and groups beforehand.
  struct Directions {
    /// For each coefficient the mean square of its direction over the rows.
    var powers: [Double] = []
    /// For each group its kind; groups of one kind have penalties that are like each other.
    var kinds: [Int] = []
  }

  static let penaltyTolerance = 0.1
  static let stepTolerance = 1e-3
  /// Penalty steps on one model of the loss: fewer where the dense algebra of a step takes longer than a look, and on the
  /// first model, which lies far from where the fit will end.
  private static let modelSteps = 8
  private static let stepsOfLargeModel = 3
  private static let firstModelSteps = 3
  private static let largeModel = 800
  private static let modelTolerance = 0.05
  /// Information of the rows about a coefficient, relative to its penalty, below which it stays at 0.
  static let negligible = 0.2
  /// A factor that no longer shrinks the gradient to this share is made anew.
  private static let leastProgress = 0.1
  private static let settlingSteps = 5
  static let mostHalvings = 40
  /// Relative rounding error of a sum over many rows.
  static let roundingError = 1e-13

  /// - Parameters:
  ///   - directions: nil when all coefficients are to move, each with the penalty that its group alone asks for.
  ///   - pooling: see `TermOptions.penaltyPooling`.
  init(_ objective: TermObjective, state: TermState, directions: Directions? = nil, pooling: Double = 0) {
    self.objective = objective
    self.state = state
    self.directions = directions
    penaltyStep = PenaltyStep(kinds: directions?.kinds ?? [], pooling: pooling)
  }

  // MARK: Penalties

  /// Looks at the rows and chooses penalties on what each look shows, at most `steps` times.
  mutating func choosePenalties(steps: Int) throws(ChurnModelError) {
    let layout = objective.layout
    var look = observe(state)
    for step in 0..<steps {
      if leaveOutNegligible(look) { look = observe(state) }
      let start = state
      let model = TermLossModel(objective, look, state)
      let steps =
        step == 0
        ? Self.firstModelSteps
        : model.active.count > Self.largeModel ? Self.stepsOfLargeModel : Self.modelSteps
      let target: TermState
      do {
        target = try choosePenalties(on: model, steps: steps)
      } catch {
        // Rounding of an estimated curvature may make it indefinite where columns nearly depend on each other.
        state = start
        target = try choosePenalties(
          on: TermLossModel(objective, look, state, isExact: true), steps: steps)
      }
      let keepsGroups = state.isActive == start.isActive
      if keepsGroups {
        look.objective = objective.penalised(look.loss, state)
      } else {
        look = observe(state)
      }
      let active = state.activeColumns(layout)
      let direction =
        [state.intercept - target.intercept]
        + active.map { state.coefficients[$0] - target.coefficients[$0] }
      // A model of left-out groups may mislead; the next look mends that.
      let length = descend(&look, along: direction, active: active)
      if length == nil, keepsGroups { return }
      let greatest = direction.reduce(0) { max($0, $1.magnitude) }
      if greatest < Self.stepTolerance, change(from: start) < Self.penaltyTolerance { return }
    }
  }

  /// The greatest change of a penalty's logarithm.
  private func change(from start: TermState) -> Double {
    state.penalties.indices.filter { state.isActive[$0] }.reduce(0) { greatest, group in
      max(greatest, log(state.penalties[group] / start.penalties[group]).magnitude)
    }
  }

  /// Penalty steps on a quadratic model of the loss.
  ///
  /// - Returns: the least of the penalised model.
  private mutating func choosePenalties(
    on model: TermLossModel, steps: Int
  ) throws(ChurnModelError) -> TermState {
    let layout = objective.layout
    var step = 0
    while true {
      let columns = model.active.filter { state.isActive[layout.groupOfColumn[$0]] }
      let solution: TermLossModel.Solution
      do {
        solution = try model.solve(columns, state, layout, objective.parallel)
      } catch {
        throw Self.undetermined(error)
      }
      var target = state
      target.intercept = solution.coefficients[0]
      for (index, column) in columns.enumerated() {
        target.coefficients[column] = solution.coefficients[index + 1]
      }
      guard step < steps else { return target }
      step += 1
      let wereActive = state.isActive
      let change = penaltyStep.update(
        &state, coefficients: target.coefficients, variances: solution.variances(), active: columns,
        layout)
      if change < Self.modelTolerance, state.isActive == wereActive { return target }
    }
  }

  /// Leaves those coefficients at 0 that rows could hardly move against the penalty, and lets the others move.
  ///
  /// - Returns: whether coefficients changed.
  private mutating func leaveOutNegligible(_ look: TermObjective.Look) -> Bool {
    guard let directions else { return false }
    let layout = objective.layout
    let total = look.curvatures.reduce(0, +)
    var sizes = [Int](repeating: 0, count: layout.groupCount)
    for group in layout.groupOfColumn { sizes[group] += 1 }
    var hasChanged = false
    state.isNegligible = layout.groupOfColumn.enumerated().map { column, group in
      // A straight part stays: many of them that go together say more than each by itself.
      let isNegligible =
        sizes[group] > 1
        && directions.powers[column] * total < Self.negligible * state.penalties[group]
      if isNegligible, state.coefficients[column] != 0 {
        state.coefficients[column] = 0
        hasChanged = true
      }
      return isNegligible
    }
    return hasChanged
  }

  // MARK: Coefficients

  /// Newton steps with fixed penalties until they hardly change anything: enough to compare penalties.
  mutating func settle() throws(ChurnModelError) {
    var look = observe(state)
    for _ in 0..<Self.settlingSteps {
      let active = state.activeColumns(objective.layout)
      let solution: TermLossModel.Solution
      do {
        solution = try TermLossModel(objective, look, state)
          .solve(active, state, objective.layout, objective.parallel)
      } catch {
        throw Self.undetermined(error)
      }
      let own = [state.intercept] + active.map { state.coefficients[$0] }
      let direction = zip(own, solution.coefficients).map { $0 - $1 }
      guard descend(&look, along: direction, active: active) != nil,
        direction.contains(where: { $0.magnitude > Self.stepTolerance })
      else { return }
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
    let active = state.activeColumns(objective.layout)
    var look = observe(state)
    var iterations = 0
    var factor: Cholesky?
    var lastNorm = Double.infinity
    while true {
      let gradient = objective.gradient(look, state, active: active)
      let norm = gradient.reduce(0) { max($0, $1.magnitude) }
      if norm <= tolerance * objective.rows.totalWeight {
        let hessian = objective.hessian(look, state, active: active)
        let factor = try factorise(hessian)
        let evaluated = look
        move(by: factor.solve(gradient), length: 1, active: active)
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
      let isFresh = factor == nil || norm > Self.leastProgress * lastNorm
      let current =
        if let factor, !isFresh { factor } else {
          try factorise(objective.hessian(look, state, active: active))
        }
      factor = current
      lastNorm = norm
      if descend(&look, along: current.solve(gradient), active: active) == nil {
        guard !isFresh else {
          throw ChurnModelError(
            .notConverged,
            "no step lowers the objective any more; a column holds numbers of very different size")
        }
        factor = nil
      }
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
      throw Self.undetermined(error)
    }
  }

  private static func undetermined(_ error: LinearAlgebraError) -> ChurnModelError {
    ChurnModelError(
      .notConverged,
      "the terms' coefficients are not determined (\(error)); leave out columns that say the same as others")
  }

  private mutating func move(by direction: [Double], length: Double, active: [Int]) {
    state.intercept -= length * direction[0]
    for (index, column) in active.enumerated() {
      state.coefficients[column] -= length * direction[index + 1]
    }
  }

  /// A Newton step, halved until it does not raise the objective.
  ///
  /// - Returns: its length; nil when no length will do, and the state is as it was.
  private mutating func descend(
    _ look: inout TermObjective.Look, along direction: [Double], active: [Int]
  ) -> Double? {
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
    return nil
  }
}
