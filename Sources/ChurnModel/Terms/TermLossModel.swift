import LinearAlgebra

/// The loss of a sum of terms to the second order around a state, over intercept and active coefficients.
///
/// Its curvature is kept as a matrix, or, where more coefficients move than there are rows, as the rows that make it
/// (`TermRowSpace`): the same model, for which nothing of the order of the coefficients is factorised.
struct TermLossModel {
  let active: [Int]
  private let curvature: Curvature
  /// curvature·θ − ∇loss at the state's coefficients θ; the penalised model is least where (curvature + Λ)·θ is this.
  private let target: [Double]
  /// Position of each coefficient behind the intercept; -1 for those that are not active.
  private let position: [Int]

  private enum Curvature {
    case matrix(Matrix)
    case rows(TermRowSpace)
  }

  /// The least of the penalised model.
  struct Solution {
    /// Of the intercept and of the coefficients that move.
    let coefficients: [Double]
    fileprivate let factor: Factor

    /// The diagonal of (curvature + Λ)⁻¹ without that of the intercept.
    ///
    /// - Complexity: that of `solve`.
    func variances() -> [Double] {
      switch factor {
      case .matrix(let factor): Array(factor.inverseDiagonal().dropFirst())
      case .rows(let factor): factor.variances()
      }
    }
  }

  fileprivate enum Factor {
    case matrix(TiledCholesky)
    case rows(TermRowSpace.Factor)
  }

  /// - Parameter isExact: whether the curvature is; else that of many rows is an estimate
  ///   (`TermObjective.steeringCurvature`). The gradient is exact always.
  /// - Complexity: O(rows × min(terms², coefficients²))
  init(
    _ objective: TermObjective, _ look: TermObjective.Look, _ state: TermState, isExact: Bool = false
  ) {
    active = state.activeColumns(objective.layout)
    position = objective.layout.positions(of: active)
    let own = [state.intercept] + active.map { state.coefficients[$0] }
    let products: [Double]
    if active.count > objective.rows.count {
      let rows = TermRowSpace(objective, look, active: active)
      products = rows.curvature(times: own)
      curvature = .rows(rows)
    } else {
      let matrix =
        isExact
        ? objective.curvature(look, active: active) : objective.steeringCurvature(look, active: active)
      products = Self.product(matrix, own)
      curvature = .matrix(matrix)
    }
    target = zip(products, objective.lossGradient(look, active: active)).map { $0 - $1 }
  }

  private static func product(_ matrix: Matrix, _ vector: [Double]) -> [Double] {
    matrix.withUnsafeElements { elements in
      vector.indices.map { row in
        var sum = 0.0
        for column in vector.indices { sum += elements[row * vector.count + column] * vector[column] }
        return sum
      }
    }
  }

  /// The least of the penalised model when some of the active coefficients move and the others are 0.
  ///
  /// - Complexity: O(coefficients³), or O(rows² × coefficients) with fewer rows than coefficients
  func solve(
    _ columns: [Int], _ state: TermState, _ layout: TermLayout, _ parallel: Parallel
  ) throws(LinearAlgebraError) -> Solution {
    let kept = columns.map { position[$0] }
    let penalties = columns.map { state.penalties[layout.groupOfColumn[$0]] }
    let rightSide = [target[0]] + kept.map { target[$0] }
    switch curvature {
    case .matrix(let matrix):
      let factor = try TiledCholesky(
        penalised(matrix, [0] + kept, [0] + penalties), parallel: parallel)
      return Solution(coefficients: factor.solve(rightSide), factor: .matrix(factor))
    case .rows(let rows):
      let factor = try rows.factor(kept.map { $0 - 1 }, penalties: penalties, parallel)
      return Solution(coefficients: factor.solve(rightSide), factor: .rows(factor))
    }
  }

  /// The lower triangle of curvature + Λ for some of the coefficients.
  private func penalised(_ curvature: Matrix, _ kept: [Int], _ penalties: [Double]) -> Matrix {
    let (order, whole) = (kept.count, target.count)
    return Matrix(rows: order, columns: order) { elements in
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
  }
}
