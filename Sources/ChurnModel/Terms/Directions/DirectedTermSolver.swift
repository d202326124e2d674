internal import Foundation
import LinearAlgebra

/// Minimises the objective of a sum of terms some of which are held to a direction, and chooses the penalties of their
/// groups.
///
/// The steps of held terms from node to node are variables with bounds (`StepCoordinates`), so that every Newton step
/// is a convex quadratic within bounds, solved exactly by an active set, and the result the exact optimum of the
/// penalised objective among all curves that keep their directions.
///
/// **Penalties** are chosen as in `TermSolver`, on the face of the steps that no bound holds: with Z its directions, the
/// marginal likelihood of what still moves wants λ_g = λ_g·(tr (ZᵀS Z)⁻¹ZᵀS_g Z − tr (ZᵀHZ)⁻¹ZᵀS_g Z)/‖β_g‖², where S holds
/// the penalties. Where nothing is held this is the same step. Groups of held terms stay, however little is left of them:
/// a curve whose straight part is gone could have no direction.
struct DirectedTermSolver {
  let objective: TermObjective
  private(set) var state: TermState
  /// Looks at all rows.
  private(set) var passes = 0
  private var frame: Frame

  /// The coefficients that move, and the point at which they are.
  private struct Frame {
    let active: [Int]
    let coordinates: StepCoordinates
    var point: [Double]
  }

  /// - Throws: `ChurnModelError` when directions of a held term depend on each other.
  init(_ objective: TermObjective, state: TermState) throws(ChurnModelError) {
    self.objective = objective
    self.state = state
    frame = try Self.frame(objective.layout, state)
    self.state = self.state(at: frame.point)
  }

  private static func frame(
    _ layout: TermLayout, _ state: TermState
  ) throws(ChurnModelError) -> Frame {
    let active = state.activeColumns(layout)
    do {
      let coordinates = try StepCoordinates(layout, active: active)
      let coefficients = [state.intercept] + active.map { state.coefficients[$0] }
      return Frame(active: active, coordinates: coordinates, point: coordinates.point(coefficients))
    } catch {
      throw undetermined(error)
    }
  }

  private static func undetermined(_ error: LinearAlgebraError) -> ChurnModelError {
    ChurnModelError(
      .notConverged,
      "the terms' coefficients are not determined (\(error)); leave out columns that say the same as others")
  }

  private func state(at point: [Double]) -> TermState {
    let coefficients = frame.coordinates.coefficients(point)
    var state = state
    state.intercept = coefficients[0]
    for (index, column) in frame.active.enumerated() { state.coefficients[column] = coefficients[index + 1] }
    return state
  }

  private mutating func look() -> TermObjective.Look {
    passes += 1
    return objective.look(state)
  }

  // MARK: Penalties

  /// Newton and penalty steps in turn, at most `steps` of each.
  mutating func choosePenalties(steps: Int) throws(ChurnModelError) {
    var look = look()
    for _ in 0..<steps {
      let hessian = frame.coordinates.hessian(objective.hessian(look, state, active: frame.active))
      let step: BoundedQuadratic.Solution
      let variances: [Double]
      do {
        step = try quadratic(look, hessian).minimum()
        variances = try self.variances(hessian, held: step.held)
      } catch {
        throw Self.undetermined(error)
      }
      let start = frame.point
      try descend(&look, along: step)
      let moved = zip(frame.point, start).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      let wereActive = state.isActive
      let change = updatePenalties(variances, held: step.held)
      if state.isActive == wereActive {
        look.objective = objective.penalised(look.loss, state)
      } else {
        frame = try Self.frame(objective.layout, state)
        state = state(at: frame.point)
        look = self.look()
      }
      if change < TermSolver.penaltyTolerance, moved < TermSolver.stepTolerance { return }
    }
  }

  private func quadratic(_ look: TermObjective.Look, _ hessian: Matrix) -> BoundedQuadratic {
    let (coordinates, point) = (frame.coordinates, frame.point)
    return BoundedQuadratic(
      gradient: coordinates.gradient(objective.gradient(look, state, active: frame.active)), hessian: hessian,
      lower: zip(coordinates.lower, point).map { $0 - $1 },
      upper: zip(coordinates.upper, point).map { $0 - $1 })
  }

  /// A step within the bounds, halved until it does not raise the objective.
  private mutating func descend(
    _ look: inout TermObjective.Look, along step: BoundedQuadratic.Solution
  ) throws(ChurnModelError) {
    let start = frame.point
    let limit = look.objective + TermSolver.roundingError * look.objective.magnitude
    var length = 1.0
    for _ in 0..<TermSolver.mostHalvings {
      let (lower, upper) = (frame.coordinates.lower, frame.coordinates.upper)
      frame.point = start.indices.map { index in
        // A full step ends at bounds exactly.
        if length == 1, let side = step.held[index] { return side == .lower ? lower[index] : upper[index] }
        return min(max(start[index] + length * step.step[index], lower[index]), upper[index])
      }
      state = state(at: frame.point)
      let next = self.look()
      if next.objective <= limit {
        look = next
        return
      }
      length /= 2
    }
    throw ChurnModelError(
      .notConverged, "no step lowers the objective any more; a column holds numbers of very different size")
  }

  /// Variances of the coefficients given that what is held stays held.
  private func variances(
    _ hessian: Matrix, held: [BoundedNewton.Side?]
  ) throws(LinearAlgebraError) -> [Double] {
    let free = held.indices.filter { held[$0] == nil }
    let factor = try Cholesky(hessian.principal(free))
    var variances = [Double](repeating: 0, count: held.count)
    for (index, variance) in zip(free, factor.inverseDiagonal()) { variances[index] = variance }
    for block in frame.coordinates.blocks {
      let width = block.places.count
      let own = free.indices.filter { block.places.contains(free[$0]) }
      let covariances = own.map { step in
        let column = factor.solve(free.indices.map { $0 == step ? 1 : 0 })
        return own.map { column[$0] }
      }
      for row in 0..<width {
        let weights = own.map { block.toCoefficients[row * width + free[$0] - block.places.lowerBound] }
        variances[block.places.lowerBound + row] = zip(weights, covariances).reduce(0) { sum, step in
          sum + step.0 * zip(step.1, weights).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    return variances
  }

  /// - Returns: the greatest change of a penalty's logarithm among groups that matter.
  private mutating func updatePenalties(_ variances: [Double], held: [BoundedNewton.Side?]) -> Double {
    let layout = objective.layout
    var traces = [Double](repeating: 0, count: layout.groupCount)
    var squares = traces
    var dimensions = traces
    for (index, column) in frame.active.enumerated() {
      let group = layout.groupOfColumn[column]
      traces[group] += variances[index + 1]
      squares[group] += state.coefficients[column] * state.coefficients[column]
      dimensions[group] += 1
    }
    var isKept = [Bool](repeating: false, count: layout.groupCount)
    for block in frame.coordinates.blocks {
      for (group, dimension) in self.dimensions(of: block, held: held) {
        dimensions[group] = dimension
        isKept[group] = true
      }
    }
    var greatest = 0.0
    for group in 0..<layout.groupCount where state.isActive[group] && dimensions[group] > 0 {
      let old = state.penalties[group]
      let parameters = dimensions[group] - old * traces[group]
      let new = PenaltyStep.penalty(after: old, parameters: parameters, squares: squares[group])
      state.penalties[group] = new
      if !isKept[group], PenaltyStep.isSpent(penalty: new, parameters: parameters) {
        state.leaveOut(group, layout)
      } else {
        greatest = max(greatest, log(new / old).magnitude)
      }
    }
    return greatest
  }

  /// λ_g·tr (ZᵀS Z)⁻¹ZᵀS_g Z for the groups of a held term: they add up to the number of its free steps.
  private func dimensions(of block: StepCoordinates.Block, held: [BoundedNewton.Side?]) -> [Int: Double] {
    let columns = block.places.map { frame.active[$0 - 1] }
    let groups = columns.map { objective.layout.groupOfColumn[$0] }
    let free = block.places.indices.filter { held[$0] == nil }.map { $0 - block.places.lowerBound }
    let width = block.places.count
    let rows = columns.indices.map { row in free.map { block.toCoefficients[row * width + $0] } }
    var dimensions = Dictionary(groups.map { ($0, 0.0) }, uniquingKeysWith: { first, _ in first })
    let square = Matrix(rows: free.count, columns: free.count) { elements in
      elements.update(repeating: 0)
      for (row, group) in zip(rows, groups) {
        for first in free.indices {
          for second in free.indices {
            elements[first * free.count + second] += state.penalties[group] * row[first] * row[second]
          }
        }
      }
    }
    guard !free.isEmpty, let factor = try? Cholesky(square) else { return dimensions }
    for (row, group) in zip(rows, groups) {
      let share = zip(row, factor.solve(row)).reduce(0) { $0 + $1.0 * $1.1 }
      dimensions[group, default: 0] += state.penalties[group] * share
    }
    return dimensions
  }

  // MARK: The optimum

  /// Newton steps with fixed penalties until the projected gradient has vanished.
  mutating func converge(
    tolerance: Double, maximumIterations: Int
  ) throws(ChurnModelError) -> TermSolver.Optimum {
    let total = objective.rows.totalWeight
    let coordinates = frame.coordinates
    let newton = BoundedNewton(
      lower: coordinates.lower, upper: coordinates.upper, tolerance: tolerance * total,
      maximumIterations: maximumIterations)
    let solution: BoundedNewton.Solution
    do {
      solution = try newton.minimise(from: frame.point) { point in
        state = state(at: point)
        let look = look()
        return BoundedNewton.Value(
          objective: look.objective,
          gradient: coordinates.gradient(objective.gradient(look, state, active: frame.active)),
          hessian: coordinates.hessian(objective.hessian(look, state, active: frame.active)))
      }
    } catch {
      throw Self.undetermined(error)
    }
    let norm = solution.projectedGradient.reduce(0) { max($0, $1.magnitude) } / total
    guard solution.isConverged else {
      throw ChurnModelError(
        .notConverged,
        "the solver stopped after \(solution.iterations) steps with a projected gradient of \(norm) a row; "
          + "raise the tolerance or the number of iterations")
    }
    frame.point = solution.point
    state = state(at: solution.point)
    return try optimum(solution)
  }

  /// The multipliers are those of the returned point: one more look.
  private mutating func optimum(
    _ solution: BoundedNewton.Solution
  ) throws(ChurnModelError) -> TermSolver.Optimum {
    let look = look()
    let gradient = objective.gradient(look, state, active: frame.active)
    let hessian = solution.lastValue.hessian
    do {
      let factor = try Cholesky(hessian)
      let free = try hessian.inverse(ofFree: solution.held)
      let directed = DirectedOptimum(
        coordinates: frame.coordinates, point: solution.point, held: solution.held,
        gradient: frame.coordinates.gradient(gradient), projectedGradient: solution.projectedGradient,
        covariance: frame.coordinates.covariance(free))
      return TermSolver.Optimum(
        state: state, active: frame.active, gradient: gradient, hessian: hessian, factor: factor,
        loss: look.loss,
        objective: look.objective, iterations: solution.iterations, passes: passes, directed: directed)
    } catch {
      throw Self.undetermined(error)
    }
  }
}

extension Matrix {
  /// The inverse on what is free, 0 elsewhere.
  ///
  /// - Throws: `LinearAlgebraError` when it is not positive definite there.
  fileprivate func inverse(ofFree held: [BoundedNewton.Side?]) throws(LinearAlgebraError) -> Matrix {
    let free = held.indices.filter { held[$0] == nil }
    let inverse = try Cholesky(principal(free)).inverse()
    return Matrix(rows: rows, columns: columns) { elements in
      elements.update(repeating: 0)
      for (row, first) in free.enumerated() {
        for (column, second) in free.enumerated() {
          elements[first * columns + second] = inverse[row, column]
        }
      }
    }
  }
}
