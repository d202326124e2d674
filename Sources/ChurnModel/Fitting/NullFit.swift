internal import Foundation
import LinearAlgebra

/// The fit of an intercept alone, on top of the offsets where rows have them.
struct NullFit {
  /// Margin of a row whose offset is 0.
  let intercept: Double
  /// Weighted mean log loss.
  let logLoss: Double

  /// Digits of the log loss that cannot be told apart from rounding.
  private static let tolerance = 1e-12

  /// - Complexity: O(1) without offsets, else a few passes over labels and offsets.
  init(_ data: TrainingData, _ options: LogisticOptions) throws(ChurnModelError) {
    let share = data.positiveShare
    guard data.offsets != nil else {
      intercept = log(share / (1 - share))
      logLoss = -share * log(share) - (1 - share) * log1p(-share)
      return
    }
    let solver = NewtonSolver(
      objective: ObjectivePass(
        expansion: Expansion(features: data.features, columns: []), data: data,
        penalty: 0),
      workspaces: Workspaces(parallel: options.parallel), maximumIterations: options.maximumIterations,
      undetermined: Undetermined(Design(columns: [], correlations: Matrix(rows: 0, columns: 0))))
    let solution = try solver.minimise(from: [log(share / (1 - share))], tolerance: Self.tolerance)
    intercept = solution.coefficients[0]
    logLoss = solution.value.logLoss
  }
}
