internal import Foundation

/// Unpenalised logistic regression on an intercept and at most two columns: the size that calibration needs.
///
/// Minimises Σ w·(log(1 + e^m) − y·m), m = a + b₁x₁ + b₂x₂, by Newton's method with step halving on standardised columns.
struct SmallLogisticRegression: Sendable {
  /// Intercept and slopes; the slope of a column that was left out is 0.
  let coefficients: [Double]
  /// Inverse Hessian of Σ w·loss, 3 × 3 row by row; zero for what was left out.
  let covariance: [Double]
  /// The minimum over Σw.
  let meanLoss: Double

  /// One row's contribution is `weight` (counts as repeated rows).
  struct Data {
    let first: [Double]
    /// Empty when there is no second column.
    let second: [Double]
    let labels: [Bool]
    /// Nil for 1 each.
    let weights: [Double]?
  }

  private static let mostSteps = 100
  private static let mostHalvings = 50
  /// Steps of standardised coefficients below which the minimum is reached.
  private static let smallStep = 1e-11
  /// Pivots below this share of their diagonal element are rounding errors.
  private static let leastPivot = 1e-12
  /// A mean curvature below this means that the columns separate the classes.
  private static let leastCurvature = 1e-9

  /// Nil when the minimum does not exist or is not unique: one class, separated classes, columns that depend on each
  /// other.
  ///
  /// - Parameters:
  ///   - usesFirst: whether the first column has a slope.
  ///   - usesSecond: whether the second column has a slope.
  ///   - start: coefficients to begin with.
  /// - Complexity: O(n) a step.
  init?(_ data: Data, usesFirst: Bool = true, usesSecond: Bool, start: [Double] = [0, 0, 0]) {
    let first = usesFirst ? ColumnScale(data.first, data.weights) : ColumnScale()
    let second = usesSecond ? ColumnScale(data.second, data.weights) : ColumnScale()
    let pass = ObjectivePass(
      data: data, first: first, second: second, usesFirst: usesFirst, usesSecond: usesSecond)
    var point = [
      start[0] + start[1] * first.mean + start[2] * second.mean, usesFirst ? start[1] * first.scale : 0,
      usesSecond ? start[2] * second.scale : 0,
    ]
    var state = pass.evaluate(point)
    guard state.positives > 0, state.positives < state.total else { return nil }
    for _ in 0..<Self.mostSteps {
      guard let factor = SmallCholesky(state.hessian, leastPivot: Self.leastPivot),
        state.hessian[0] > Self.leastCurvature * state.total
      else { return nil }
      var step = factor.solve(state.gradient)
      var next = zip(point, step).map { $0 - $1 }
      var nextState = pass.evaluate(next)
      for _ in 0..<Self.mostHalvings where !(nextState.loss <= state.loss * (1 + 1e-14)) {
        step = step.map { $0 / 2 }
        next = zip(point, step).map { $0 - $1 }
        nextState = pass.evaluate(next)
      }
      (point, state) = (next, nextState)
      guard step.allSatisfy({ $0.magnitude < Self.smallStep }) else { continue }
      guard let last = SmallCholesky(state.hessian, leastPivot: Self.leastPivot) else { return nil }
      let slopes = [point[1] / first.scale, point[2] / second.scale]
      coefficients = [point[0] - slopes[0] * first.mean - slopes[1] * second.mean] + slopes
      covariance = Self.original(last.inverse(), first, second, usesFirst, usesSecond)
      meanLoss = state.loss / state.total
      return
    }
    return nil
  }

  /// T·C·Tᵀ for the transformation T from standardised to original coefficients.
  private static func original(
    _ covariance: [Double], _ first: ColumnScale, _ second: ColumnScale, _ usesFirst: Bool, _ usesSecond: Bool
  ) -> [Double] {
    let toFirst = usesFirst ? 1 / first.scale : 0
    let toSecond = usesSecond ? 1 / second.scale : 0
    let transform = [
      1, -first.mean * toFirst, -second.mean * toSecond,
      0, toFirst, 0,
      0, 0, toSecond,
    ]
    var result = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 {
          for l in 0..<3 {
            result[3 * row + column] +=
              transform[3 * row + k] * covariance[3 * k + l] * transform[3 * column + l]
          }
        }
      }
    }
    return result
  }
}

/// Weighted mean and standard deviation of a column.
private struct ColumnScale {
  var mean = 0.0
  var scale = 1.0

  init() {}

  init(_ column: [Double], _ weights: [Double]?) {
    var (total, sum) = (0.0, 0.0)
    for (row, value) in column.enumerated() {
      let weight = weights?[row] ?? 1
      total += weight
      sum += weight * value
    }
    guard total > 0 else { return }
    mean = sum / total
    var squares = 0.0
    for (row, value) in column.enumerated() {
      squares += (weights?[row] ?? 1) * (value - mean) * (value - mean)
    }
    let deviation = (squares / total).squareRoot()
    scale = deviation > 0 && deviation.isNormal ? deviation : 1
  }
}

/// Goes over the rows for the value of the objective and its derivatives.
private struct ObjectivePass {
  let data: SmallLogisticRegression.Data
  let first: ColumnScale
  let second: ColumnScale
  let usesFirst: Bool
  let usesSecond: Bool

  struct State {
    var loss = 0.0
    var total = 0.0
    var positives = 0.0
    var gradient = [0.0, 0.0, 0.0]
    var hessian = [Double](repeating: 0, count: 9)
  }

  func evaluate(_ point: [Double]) -> State {
    let (a, b, c) = (point[0], point[1], point[2])
    var (loss, total, positives) = (0.0, 0.0, 0.0)
    var (g0, g1, g2) = (0.0, 0.0, 0.0)
    var (h00, h01, h02, h11, h12, h22) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for row in data.labels.indices {
      let weight = data.weights?[row] ?? 1
      guard weight > 0 else { continue }
      let x = usesFirst ? (data.first[row] - first.mean) / first.scale : 0
      let z = usesSecond ? (data.second[row] - second.mean) / second.scale : 0
      let margin = a + b * x + c * z
      let e = exp(-margin.magnitude)
      let probability = (margin < 0 ? e : 1) / (1 + e)
      let isPositive = data.labels[row]
      loss += weight * (max(margin, 0) + log1p(e) - (isPositive ? margin : 0))
      total += weight
      positives += isPositive ? weight : 0
      let residual = weight * (probability - (isPositive ? 1 : 0))
      let curvature = weight * e / ((1 + e) * (1 + e))
      g0 += residual
      g1 += residual * x
      g2 += residual * z
      h00 += curvature
      h01 += curvature * x
      h02 += curvature * z
      h11 += curvature * x * x
      h12 += curvature * x * z
      h22 += curvature * z * z
    }
    // A column that is left out keeps its slope.
    h11 = usesFirst ? h11 : 1
    h22 = usesSecond ? h22 : 1
    return State(
      loss: loss, total: total, positives: positives, gradient: [g0, g1, g2],
      hessian: [h00, h01, h02, h01, h11, h12, h02, h12, h22])
  }
}
