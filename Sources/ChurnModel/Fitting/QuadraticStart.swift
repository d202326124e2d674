import LinearAlgebra

/// The minimum of the objective's quadratic model around a point of a provisional design, in units of the exact one.
///
/// The two differ in means and scales of their columns, and in columns that the exact design leaves out. With λⱼ the
/// exact penalties, s and m the columns' scales and means in either design, L and g Hessian and gradient of the loss at
/// the point b:
///
///     (L + diag(λⱼ·(sⱼ/s⁰ⱼ)²))·β⁰ = L·b − g,   βⱼ = β⁰ⱼ·sⱼ/s⁰ⱼ,   β₀ = β⁰₀ + Σ β⁰ⱼ·(mⱼ − m⁰ⱼ)/s⁰ⱼ
///
/// Missing values stand at the mean of each design, so that this is a start and no more where there are any.
struct QuadraticStart {
  let provisional: [DesignColumn]
  let design: Design
  /// Positions of the design's columns among the provisional ones.
  let kept: [Int]
  /// λⱼ, the intercept's 0 first.
  let penalties: [Double]

  /// Length of the step in the norm of the Hessian beyond which it may lead away from the minimum.
  private static let longestStep = 0.5

  /// - Parameters:
  ///   - point: provisional coefficients, intercept first.
  ///   - evaluation: of the loss there, without a penalty.
  /// - Returns: coefficients of the design, intercept first.
  func coefficients(at point: [Double], _ evaluation: ObjectiveValue) -> [Double] {
    let positions = [0] + kept.map { $0 + 1 }
    let old = positions.map { point[$0] }
    return inExactUnits(minimum(evaluation, point, positions, old) ?? old)
  }

  private func minimum(
    _ evaluation: ObjectiveValue, _ point: [Double], _ positions: [Int], _ old: [Double]
  ) -> [Double]? {
    let order = positions.count
    var curvature = evaluation.hessian.principal(positions)
    for index in 1..<order {
      let ratio = design.columns[index - 1].scale / provisional[kept[index - 1]].scale
      curvature[index, index] += penalties[index] * ratio * ratio
    }
    let rightSide = positions.map { row in
      point.indices.reduce(-evaluation.gradient[row]) { $0 + evaluation.hessian[row, $1] * point[$1] }
    }
    guard let solution = try? Cholesky(curvature).solve(rightSide) else { return nil }
    let step = zip(solution, old).map { $0 - $1 }
    var square = 0.0
    for row in 0..<order {
      for column in 0..<order { square += step[row] * curvature[row, column] * step[column] }
    }
    return square <= Self.longestStep * Self.longestStep ? solution : nil
  }

  private func inExactUnits(_ coefficients: [Double]) -> [Double] {
    var exact = coefficients
    for (index, column) in design.columns.enumerated() {
      let before = provisional[kept[index]]
      exact[index + 1] *= column.scale / before.scale
      exact[0] += coefficients[index + 1] * (column.mean - before.mean) / before.scale
    }
    return exact
  }
}
