internal import Foundation
import LinearAlgebra

/// Where the fit of many rows starts: the fit of a sample.
struct WarmStart {
  /// Every k-th row.
  let sample: TrainingData
  private let options: LogisticOptions
  private let nullMargin: Double

  /// Rows of the sample for each coefficient. The sample's coefficients are off by √(1/1000) in the norm of the Hessian,
  /// and each Newton step over all rows squares that.
  private static let rowsPerCoefficient = 1000
  /// The sample is at most this share of the rows.
  private static let leastStep = 4
  /// Every so many rows of the sample are fitted before it.
  private static let firstStep = 16
  /// A start needs few digits: sampling error is far greater. A looser one costs the solver a pass over all rows.
  private static let tolerance = 1e-2
  /// Keeps the start's equations definite where the sample lacks a column's values.
  private static let penalty = 1e-6

  /// Nil where there are too few rows to need a start.
  init?(_ data: TrainingData, _ options: LogisticOptions) {
    guard data.rows > options.warmStartRows else { return nil }
    let wanted = Self.rowsPerCoefficient * (data.features.count + 1)
    sample = TrainingData(data, every: max(data.rows / wanted, Self.leastStep))
    guard sample.totalWeight > 0 else { return nil }
    self.options = options
    nullMargin = data.nullMargin
  }

  /// Coefficients of some columns, intercept first.
  func coefficients(_ columns: [DesignColumn], _ workspaces: Workspaces) -> [Double] {
    var start = [Double](repeating: 0, count: columns.count + 1)
    start[0] = nullMargin
    for rows in [TrainingData(sample, every: Self.firstStep), sample]
    where rows.totalWeight > 0 {
      start = fitted(rows, columns, from: start, workspaces)
    }
    return start
  }

  /// A sample that cannot be fitted (one class only) costs the head start, nothing else.
  private func fitted(
    _ rows: TrainingData, _ columns: [DesignColumn], from start: [Double], _ workspaces: Workspaces
  ) -> [Double] {
    // Nobody reads why a sample cannot be fitted.
    var correlations = Matrix(rows: columns.count, columns: columns.count)
    for column in columns.indices { correlations[column, column] = 1 }
    let design = Design(columns: columns, correlations: correlations)
    let objective = ObjectivePass(
      expansion: Expansion(features: rows.features, columns: columns), data: rows,
      penalties: [0] + design.penalties(rows.features, options).dropFirst().map { max($0, Self.penalty) })
    let solver = NewtonSolver(
      objective: objective, workspaces: workspaces, maximumIterations: options.maximumIterations,
      undetermined: Undetermined(design), steering: rows.steeringPrecision)
    return (try? solver.minimise(from: start, tolerance: Self.tolerance))?.coefficients ?? start
  }
}
