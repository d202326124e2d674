import LinearAlgebra

/// The loss of a sum of terms to the second order around a state, over intercept and active coefficients.
struct TermLossModel {
  let active: [Int]
  /// ∇² of the loss, or about that.
  private let curvature: Matrix
  /// curvature·θ − ∇loss at the state's coefficients θ; the penalised model is least where (curvature + Λ)·θ is this.
  private let target: [Double]
  /// Position of each coefficient behind the intercept; -1 for those that are not active.
  private let position: [Int]

  /// - Parameter isExact: whether the curvature is; else that of many rows is an estimate
  ///   (`TermObjective.steeringCurvature`). The gradient is exact always.
  /// - Complexity: O(rows × min(terms², coefficients²))
  init(
    _ objective: TermObjective, _ look: TermObjective.Look, _ state: TermState, isExact: Bool = false
  ) {
    active = state.activeColumns(objective.layout)
    position = objective.layout.positions(of: active)
    let curvature =
      isExact
      ? objective.curvature(look, active: active) : objective.steeringCurvature(look, active: active)
    self.curvature = curvature
    let own = [state.intercept] + active.map { state.coefficients[$0] }
    let gradient = objective.lossGradient(look, active: active)
    let order = own.count
    target = curvature.withUnsafeElements { elements in
      (0..<order).map { row in
        var sum = -gradient[row]
        for column in 0..<order { sum += elements[row * order + column] * own[column] }
        return sum
      }
    }
  }

  /// For some of the active coefficients the factor of curvature + Λ.
  ///
  /// - Complexity: O(coefficients³)
  func factor(
    _ columns: [Int], _ state: TermState, _ layout: TermLayout, _ parallel: Parallel
  ) throws(LinearAlgebraError) -> TiledCholesky {
    let kept = [0] + columns.map { position[$0] }
    let penalties = [0] + columns.map { state.penalties[layout.groupOfColumn[$0]] }
    let (order, whole) = (kept.count, target.count)
    let penalised = Matrix(rows: order, columns: order) { elements in
      curvature.withUnsafeElements { source in
        for (row, own) in kept.enumerated() {
          for (column, other) in kept[...row].enumerated() {
            elements[row * order + column] = source[own * whole + other]
          }
          elements[row * order + row] += penalties[row]
          for column in row + 1..<max(order, row + 1) { elements[row * order + column] = 0 }
        }
      }
    }
    return try TiledCholesky(penalised, parallel: parallel)
  }

  /// The right side that belongs to `factor`.
  func rightSide(_ columns: [Int]) -> [Double] {
    [target[0]] + columns.map { target[position[$0]] }
  }
}
