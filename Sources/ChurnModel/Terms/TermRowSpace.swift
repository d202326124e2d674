import LinearAlgebra

/// The curvature of the loss as the rows that make it: Σ rᵢrᵢᵀ, each row of the design times the square root of its
/// curvature. For more coefficients than rows.
struct TermRowSpace {
  /// Each row's element for the intercept.
  private let roots: [Double]
  /// rows × active coefficients, orthogonal to `roots`: what is left when the intercept follows the coefficients.
  private let centred: Matrix
  /// Of each coefficient with the intercept, and of the intercept with itself.
  private let withIntercept: [Double]
  private let ofIntercept: Double

  /// - Complexity: O(rows × coefficients)
  init(_ objective: TermObjective, _ look: TermObjective.Look, active: [Int]) {
    let design = TermDesign(objective: objective, parts: objective.activeParts(active))
      .rows(look.curvatures)
    let (rows, order) = (design.rows, design.columns)
    let columns = order - 1
    let total = look.curvatures.reduce(0, +)
    var roots = [Double](repeating: 0, count: rows)
    var sums = [Double](repeating: 0, count: columns)
    centred = Matrix(rows: rows, columns: columns) { centred in
      design.withUnsafeElements { design in
        for row in 0..<rows {
          roots[row] = design[row * order]
          for column in 0..<columns { sums[column] += roots[row] * design[row * order + column + 1] }
        }
        for row in 0..<rows {
          let share = roots[row] / total
          for column in 0..<columns {
            centred[row * columns + column] = design[row * order + column + 1] - share * sums[column]
          }
        }
      }
    }
    self.roots = roots
    withIntercept = sums
    ofIntercept = total
  }

  /// The curvature times a vector, the intercept first.
  ///
  /// - Complexity: O(rows × coefficients)
  func curvature(times vector: [Double]) -> [Double] {
    let columns = centred.columns
    let own = vector.dropFirst()
    // The row of the intercept, and its part in all others.
    let first = zip(withIntercept, own).reduce(ofIntercept * vector[0]) { $0 + $1.0 * $1.1 }
    var result = withIntercept.map { $0 * first / ofIntercept }
    centred.withUnsafeElements { elements in
      for row in roots.indices {
        var sum = 0.0
        for column in 0..<columns { sum += elements[row * columns + column] * vector[column + 1] }
        for column in 0..<columns { result[column] += elements[row * columns + column] * sum }
      }
    }
    return [first] + result
  }

  /// - Parameter kept: positions among the active coefficients of those that move.
  /// - Complexity: O(rows² × coefficients)
  func factor(
    _ kept: [Int], penalties: [Double], _ parallel: Parallel
  ) throws(LinearAlgebraError) -> Factor {
    let (rows, columns) = (centred.rows, centred.columns)
    let chosen = Matrix(rows: rows, columns: kept.count) { elements in
      centred.withUnsafeElements { source in
        for row in 0..<rows {
          for (place, column) in kept.enumerated() {
            elements[row * kept.count + place] = source[row * columns + column]
          }
        }
      }
    }
    return Factor(
      ridge: try RowSpaceRidge(chosen, penalties: penalties, parallel: parallel),
      withIntercept: kept.map { withIntercept[$0] }, ofIntercept: ofIntercept)
  }

  /// What solves the equations of some coefficients and the intercept, which is not penalised: with the intercept
  /// eliminated, those of the others are the centred rows'.
  struct Factor {
    fileprivate let ridge: RowSpaceRidge
    fileprivate let withIntercept: [Double]
    fileprivate let ofIntercept: Double

    /// - Parameter rightSide: the intercept first.
    func solve(_ rightSide: [Double]) -> [Double] {
      let share = rightSide[0] / ofIntercept
      let solution = ridge.solve(zip(rightSide.dropFirst(), withIntercept).map { $0 - $1 * share })
      let intercept = zip(withIntercept, solution).reduce(rightSide[0]) { $0 - $1.0 * $1.1 } / ofIntercept
      return [intercept] + solution
    }

    /// Of the coefficients, without the intercept.
    func variances() -> [Double] { ridge.inverseDiagonal() }
  }
}
