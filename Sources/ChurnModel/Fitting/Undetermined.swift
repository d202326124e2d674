internal import Foundation
import LinearAlgebra

/// Names the columns whose coefficients data without penalty do not determine, and why they do not.
struct Undetermined: Sendable {
  private let names: [String]
  private let correlations: Matrix

  init(_ design: Design) {
    names = design.columns.map(\.name)
    correlations = design.correlations
  }

  /// Columns with a smaller share of the greatest element take no part in a direction.
  private static let leastShare = 0.1
  /// Most columns that a message lists.
  private static let mostNames = 6
  /// Variance of a combination of columns with length 1 below which it is constant: the columns depend on each other.
  private static let constantVariance = 1e-8
  /// Share of the greatest diagonal element added to a singular Hessian before it is inverted.
  private static let shift = 1e-12
  private static let inverseIterations = 6
  /// What helps against infinite coefficients.
  private static let remedy =
    "use Firth's penalty (`revisit train --firth`), which keeps them finite and nearly unbiased, or a "
    + "ridge penalty greater than 0, or leave columns out"

  /// The classes are separated, in part of the rows at least: coefficients move although the gradient has vanished.
  ///
  /// - Parameter change: what the Newton step adds to the coefficients, intercept first.
  func separated(change: [Double]) -> ChurnModelError {
    ChurnModelError(
      .separated,
      "some columns separate the classes in part of the rows, so without a penalty their coefficients are infinite: "
        + "\(described(change)); the largest step, in log-odds per standard deviation, is still "
        + "\(largest(change)) when the gradient has vanished; \(Self.remedy)"
    )
  }

  /// Every label is predicted.
  ///
  /// - Parameter coefficients: as far as they have come, intercept first.
  func separatedCompletely(coefficients: [Double]) -> ChurnModelError {
    ChurnModelError(
      .separated,
      "the features separate the classes completely, so without a penalty coefficients are infinite: "
        + "\(described(coefficients)); the largest has come to \(largest(coefficients)) log-odds per standard "
        + "deviation; see whether one of them knows the label, and \(Self.remedy)")
  }

  /// The Hessian is singular: columns depend on each other, or the curvature of rows that they separate has vanished.
  func singular(_ value: ObjectiveValue) -> ChurnModelError {
    let direction = weakestDirection(value)
    guard let direction else {
      return ChurnModelError(
        .dependentColumns,
        "the coefficients are not determined: columns depend on each other or separate the classes; use a penalty "
          + "greater than 0 or leave columns out")
    }
    if variance(direction) > Self.constantVariance {
      return ChurnModelError(
        .separated,
        "some columns separate the classes in part of the rows, so without a penalty their coefficients are infinite: "
          + "along \(described(direction)) the objective has lost its curvature; \(Self.remedy)")
    }
    let listed = leading(direction).map { names[$0] }.joined(separator: ", ")
    return ChurnModelError(
      .dependentColumns,
      "the coefficients are not determined: these columns depend on each other: \(listed); use a penalty greater "
        + "than 0 or leave one of them out")
  }

  // MARK: Directions

  /// The eigenvector of the Hessian's least eigenvalue by inverse iteration, of length 1 and downhill; nil when the
  /// Hessian holds no numbers.
  private func weakestDirection(_ value: ObjectiveValue) -> [Double]? {
    var shifted = value.hessian
    let greatest = (0..<shifted.rows).reduce(0) { max($0, shifted[$1, $1]) }
    for index in 0..<shifted.rows { shifted[index, index] += Self.shift * greatest }
    guard greatest > 0, let factor = try? Cholesky(shifted) else { return nil }
    var direction = (0..<shifted.rows).map { 1 / Double($0 + 1) }
    for _ in 0..<Self.inverseIterations {
      direction = factor.solve(direction)
      let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0, length.isFinite else { return nil }
      for index in direction.indices { direction[index] /= length }
    }
    let slope = zip(direction, value.gradient).reduce(0) { $0 + $1.0 * $1.1 }
    return slope > 0 ? direction.map { -$0 } : direction
  }

  /// Weighted variance over the rows of the standardised columns' combination, for a combination of length 1.
  private func variance(_ direction: [Double]) -> Double {
    let slopes = direction.dropFirst()
    let squares = slopes.reduce(0) { $0 + $1 * $1 }
    var sum = 0.0
    for (row, first) in slopes.enumerated() {
      for (column, second) in slopes.enumerated() { sum += first * correlations[row, column] * second }
    }
    return squares > 0 ? sum / squares : 0
  }

  /// Positions of the columns that make a direction up, the strongest first; the intercept is none of them.
  private func leading(_ direction: [Double]) -> [Int] {
    let slopes = Array(direction.dropFirst())
    let greatest = slopes.reduce(0) { max($0, $1.magnitude) }
    return slopes.indices.filter { slopes[$0].magnitude >= Self.leastShare * greatest }
      .sorted { (slopes[$0].magnitude, $1) > (slopes[$1].magnitude, $0) }
  }

  private func described(_ direction: [Double]) -> String {
    let found = leading(direction)
    let listed = found.prefix(Self.mostNames).map {
      "\(names[$0]) (\(direction[$0 + 1] < 0 ? "falling" : "rising"))"
    }
    let others = found.count - listed.count
    return listed.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
  }

  private func largest(_ direction: [Double]) -> String {
    let greatest = direction.dropFirst().max { $0.magnitude < $1.magnitude } ?? 0
    return String(format: "%.3g", greatest)
  }
}
