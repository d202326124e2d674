internal import Foundation
package import LinearAlgebra

/// A log-likelihood at one place with its derivatives by the coordinates of the search.
package struct LikelihoodPoint: Sendable {
  package var value: Double
  package var gradient: [Double]
  /// Symmetric, row by row.
  package var hessian: [[Double]]

  /// By the logarithms of four parameters.
  init(_ sums: LikelihoodSums, at parameters: SIMD4<Double>) {
    let byLogarithms = sums.byLogarithms(of: parameters)
    value = byLogarithms.value
    gradient = (0..<4).map { byLogarithms.gradient[$0] }
    hessian = byLogarithms.hessian.map { row in (0..<4).map { row[$0] } }
  }

  package init(value: Double, gradient: [Double], hessian: [[Double]]) {
    self.value = value
    self.gradient = gradient
    self.hessian = hessian
  }

  /// With the logarithm of a normal prior around 0, but for its constant, for the coordinates that have a precision.
  func adding(priorPrecisions: [Double], at position: [Double]) -> LikelihoodPoint {
    var point = self
    for (index, precision) in priorPrecisions.enumerated() where precision > 0 {
      point.value -= precision / 2 * position[index] * position[index]
      point.gradient[index] -= precision * position[index]
      point.hessian[index][index] -= precision
    }
    return point
  }
}

/// Climbs to a maximum of a log-likelihood by damped Newton steps with exact derivatives.
///
/// **Stopping rule.** A Newton step without damping promises less than `tolerance`, or less than can be seen in the value;
/// it is still taken; or many steps have gained next to nothing. A coordinate that lies at the edge of what is searched and pushes outwards is held there.
package struct LikelihoodSearch {
  let evaluate: ([Double]) -> LikelihoodPoint
  /// Edges of what is searched: no coordinate goes beyond this magnitude.
  let farthest: [Double]
  let tolerance: Double
  let maximumIterations: Int
  package private(set) var position: [Double]
  package private(set) var point: LikelihoodPoint
  package private(set) var iterations = 0
  private var damping = 0.0

  /// No step changes a coordinate by more than this.
  private static let longestStep = 1.5
  /// Gains below this share of the objective cannot be seen in it.
  private static let visibleGain = 1e-11
  /// A step that promises less than this share cannot be told from rounding errors.
  private static let visiblePromise = 1e-12
  /// So many steps that gain less than this are a plateau: its curvature is lost in rounding.
  private static let plateauSteps = 30
  private static let plateauGain = 1e-2
  private static let strongestDamping = 1e12
  private static let weakestDamping = 1e-3

  package init(
    from start: [Double], farthest: [Double], tolerance: Double, maximumIterations: Int,
    evaluate: @escaping ([Double]) -> LikelihoodPoint
  ) {
    self.evaluate = evaluate
    self.farthest = farthest
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    position = zip(start, farthest).map { min(max($0, -$1), $1) }
    point = evaluate(position)
  }

  /// The coordinates that are not held.
  private var free: [Int] {
    position.indices.filter {
      abs(position[$0]) < farthest[$0] || (point.gradient[$0] > 0) != (position[$0] > 0)
    }
  }

  /// The inverse of the observed information of the coordinates that are not held, zeros for those that are; `nil` where
  /// it is not positive definite.
  package var covariance: Matrix? {
    let free = free
    guard let factor = try? Cholesky(Matrix(free.map { row in free.map { -point.hessian[row][$0] } })) else {
      return nil
    }
    let inverse = factor.inverse()
    var covariance = Matrix(rows: position.count, columns: position.count)
    for (row, target) in free.enumerated() {
      for (column, other) in free.enumerated() { covariance[target, other] = inverse[row, column] }
    }
    return covariance
  }

  /// Which coordinates are held at the edge.
  package var held: [Bool] {
    let free = Set(free)
    return position.indices.map { !free.contains($0) }
  }

  /// - Returns: whether the steps came to rest.
  package mutating func run() -> Bool {
    guard point.value.isFinite else { return false }
    var values = [point.value]
    while iterations < maximumIterations {
      iterations += 1
      defer { values.append(point.value) }
      if iterations > Self.plateauSteps,
        point.value - values[iterations - Self.plateauSteps] < Self.plateauGain
      {
        return true
      }
      let free = free
      if free.isEmpty { return true }
      guard let step = step(free) else { return false }
      let promise = zip(point.gradient, step).reduce(0) { $0 + $1.0 * $1.1 } / 2
      guard promise.isFinite else { return false }
      if !move(by: step) {
        damping = max(damping * 8, Self.weakestDamping)
        if damping > Self.strongestDamping { return false }
        continue
      }
      if promise < max(tolerance, Self.visiblePromise * abs(point.value)), damping == 0 { return true }
      damping = damping < Self.weakestDamping ? 0 : damping / 8
    }
    return false
  }

  /// A Newton step, damped as much as the curvature needs, and no longer than `longestStep`.
  private mutating func step(_ free: [Int]) -> [Double]? {
    while damping < Self.strongestDamping {
      var damped = free.map { row in free.map { -point.hessian[row][$0] } }
      for index in free.indices { damped[index][index] += damping * max(abs(damped[index][index]), 1e-6) }
      if let factor = try? Cholesky(Matrix(damped)) {
        let solved = factor.solve(free.map { point.gradient[$0] })
        let longest = solved.map(abs).max() ?? 0
        let scale = longest > Self.longestStep ? Self.longestStep / longest : 1
        var step = [Double](repeating: 0, count: position.count)
        for (index, coordinate) in free.enumerated() { step[coordinate] = solved[index] * scale }
        return step
      }
      damping = max(damping * 8, Self.weakestDamping)
    }
    return nil
  }

  /// Takes the step when the objective does not fall.
  private mutating func move(by step: [Double]) -> Bool {
    let next = position.indices.map { min(max(position[$0] + step[$0], -farthest[$0]), farthest[$0]) }
    let nextPoint = evaluate(next)
    guard nextPoint.value - point.value > -Self.visibleGain * max(1, abs(point.value)) else { return false }
    (position, point) = (next, nextPoint)
    return true
  }
}
