import LinearAlgebra

/// The least value of a quadratic model with an elastic-net penalty.
///
/// **Screening.** Coefficients at 0 that the sequential strong rule discards, |rⱼ| < 2·aⱼ(λ) − aⱼ(λ′) with the gradient
/// r at the start and the λ′ before (Tibshirani and others 2012, Journal of the Royal Statistical Society B 74), are left
/// out; their conditions are checked at the end, and those that fail come back in.
///
/// **Steps.** Cyclic coordinate descent (Friedman, Hastie and Tibshirani 2010, Journal of Statistical Software 33) finds
/// which coefficients are not 0 and their signs; with both given, the rest is one linear system, solved directly. The way
/// to its solution ends at the first coefficient that reaches 0. Both kinds of step only go down, and the direct ones
/// reach the optimum in a finite number where the curvature along the coefficients that are not 0 is positive. Where it is
/// not, as with repeated columns, they are made with a little more curvature than there is.
///
/// **Stopping rule.** No condition of Karush, Kuhn and Tucker is violated by more than `tolerance`.
struct CoordinateDescent {
  let model: QuadraticModel
  let penalty: PenaltyTerms
  let tolerance: Double

  private var coefficients: [Double]
  /// c + Hβ.
  private var gradient: [Double]
  /// Coefficients that the strong rule left in.
  private var candidates: [Int]

  /// Sweeps after which a model is given up; the caller sees it by the conditions.
  private static let mostSweeps = 1000
  /// Reciprocal condition below which a direct step is made with a shifted matrix.
  private static let leastCondition = 1e-13
  /// Share of the greatest diagonal element by which it is shifted.
  private static let shift = 1e-10

  private init(
    _ model: QuadraticModel, _ penalty: PenaltyTerms, from start: [Double], after previous: PenaltyTerms,
    tolerance: Double
  ) {
    self.model = model
    self.penalty = penalty
    self.tolerance = tolerance
    let held = zip(start, penalty.absolute).map { $1.isInfinite ? 0 : $0 }
    let slopes = model.gradient(held)
    coefficients = held
    gradient = slopes
    candidates = start.indices.filter {
      held[$0] != 0 || penalty.absolute[$0] == 0
        || slopes[$0].magnitude >= 2 * penalty.absolute[$0] - previous.absolute[$0]
    }
  }

  /// - Parameters:
  ///   - start: coefficients to begin with, intercept first.
  ///   - previous: the penalty that `start` is the optimum of; `penalty` itself when there is none.
  /// - Complexity: O(columns³) for a direct step, O(columns × candidates) a sweep.
  static func minimise(
    _ model: QuadraticModel, _ penalty: PenaltyTerms, from start: [Double], after previous: PenaltyTerms,
    tolerance: Double
  ) -> [Double] {
    var descent = CoordinateDescent(model, penalty, from: start, after: previous, tolerance: tolerance)
    descent.run()
    return descent.coefficients
  }

  private mutating func run() {
    var sweeps = 0
    while true {
      while sweeps < Self.mostSweeps {
        let wentWholeWay = stepDirectly()
        if wentWholeWay, violation(among: candidates) <= tolerance { break }
        sweep()
        sweeps += 1
        if violation(among: candidates) <= tolerance { break }
      }
      let forgotten = violators()
      if forgotten.isEmpty || sweeps >= Self.mostSweeps { return }
      candidates = (candidates + forgotten).sorted()
    }
  }

  private func violation(among indices: [Int]) -> Double {
    indices.reduce(0) {
      max($0, penalty.violation($1, slope: gradient[$1], coefficient: coefficients[$1]))
    }
  }

  /// Discarded coefficients whose conditions fail.
  private func violators() -> [Int] {
    let kept = Set(candidates)
    return coefficients.indices.filter {
      !kept.contains($0)
        && penalty.violation($0, slope: gradient[$0], coefficient: coefficients[$0]) > tolerance
    }
  }

  /// One round of coordinate descent over the candidates.
  private mutating func sweep() {
    let order = coefficients.count
    let (candidates, penalty) = (candidates, penalty)
    coefficients.withUnsafeMutableBufferPointer { coefficients in
      gradient.withUnsafeMutableBufferPointer { gradient in
        model.hessian.withUnsafeBufferPointer { hessian in
          for index in candidates where penalty.absolute[index].isFinite {
            let curvature = hessian[index * order + index]
            let denominator = curvature + penalty.squared[index]
            guard denominator > 0 else { continue }
            let old = coefficients[index]
            let pull = curvature * old - gradient[index]
            let shrunk = max(pull.magnitude - penalty.absolute[index], 0) / denominator
            let new = pull < 0 ? -shrunk : shrunk
            guard new != old else { continue }
            coefficients[index] = new
            let change = new - old
            for other in 0..<order { gradient[other] += change * hessian[index * order + other] }
          }
        }
      }
    }
  }

  /// Goes towards the optimum for the present signs, up to the first coefficient that reaches 0.
  ///
  /// - Returns: whether the whole way was gone.
  private mutating func stepDirectly() -> Bool {
    let order = coefficients.count
    let active = candidates.filter { coefficients[$0] != 0 || penalty.absolute[$0] == 0 }
    guard !active.isEmpty else { return true }
    guard let factor = factor(active, of: order) else { return false }
    let direction = factor.solve(
      active.map { index in
        let sign: Double = coefficients[index] < 0 ? -1 : 1
        let pull = penalty.absolute[index] == 0 ? 0 : sign * penalty.absolute[index]
        return -(gradient[index] + penalty.squared[index] * coefficients[index] + pull)
      })
    guard direction.allSatisfy(\.isFinite) else { return false }
    var length = 1.0
    var stopped: Int?
    for (index, change) in zip(active, direction) where penalty.absolute[index] > 0 {
      let end = coefficients[index] + change
      if end == 0 || (end < 0) != (coefficients[index] < 0) {
        let share = coefficients[index] / -change
        if share < length || (share == length && stopped == nil) { (length, stopped) = (share, index) }
      }
    }
    for (index, change) in zip(active, direction) { coefficients[index] += length * change }
    if let stopped { coefficients[stopped] = 0 }
    gradient = model.gradient(coefficients)
    return stopped == nil
  }

  /// The factorised curvature along some coefficients, shifted where columns depend on each other.
  ///
  /// A step with more curvature than there is still goes down, by almost the whole way wherever there is any.
  private func factor(_ active: [Int], of order: Int) -> Cholesky? {
    let count = active.count
    var greatest = 0.0
    var matrix = Matrix(rows: count, columns: count) { elements in
      model.hessian.withUnsafeBufferPointer { hessian in
        active.withUnsafeBufferPointer { active in
          for row in 0..<count {
            let start = active[row] * order
            for column in 0..<count { elements[row * count + column] = hessian[start + active[column]] }
            elements[row * count + row] += penalty.squared[active[row]]
            greatest = max(greatest, elements[row * count + row])
          }
        }
      }
    }
    if let factor = try? Cholesky(matrix), factor.reciprocalCondition > Self.leastCondition {
      return factor
    }
    for row in 0..<count { matrix[row, row] += Self.shift * greatest }
    return try? Cholesky(matrix)
  }
}
