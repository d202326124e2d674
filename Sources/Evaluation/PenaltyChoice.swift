public import ChurnModel
import Features
public import LinearAlgebra
import Statistics

/// Chooses the ridge penalty by cross-validation in which a customer's rows stay together.
///
/// With few rows the penalty decides how far to trust each coefficient; with many it hardly matters, and the standard
/// one is taken.
public enum PenaltyChoice {
  /// The penalties tried, weakest first.
  public static let candidates: [Double] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
  /// From this many rows on the standard penalty is taken without a search.
  public static let enoughRows = 20_000
  private static let folds = 5

  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - customers: the customer of each row, at least 0.
  ///   - options: all but the penalty is used as it is.
  /// - Returns: the penalty with the lowest mean log loss over the folds; of equal ones the strongest. The standard one
  ///   when a fold holds one class only.
  /// - Complexity: folds × penalties fits on fewer than 20,000 rows.
  public static func choose(
    features: [FeatureColumn] = FeatureColumns.all, values: Matrix, labels: [Bool], weights: [Double]? = nil,
    customers: [Int32], options: LogisticOptions
  ) -> Double {
    guard labels.count < enoughRows else { return options.penalty }
    let rows = Array(labels.indices)
    // Neighbouring customers go to different folds; the number is no more than an order in the file.
    let foldOf = rows.map { Int(customers[$0]) % folds }
    var losses = [Double](repeating: 0, count: candidates.count)
    for fold in 0..<folds {
      let inside = rows.indices.filter { foldOf[$0] != fold }.map { rows[$0] }
      let outside = rows.indices.filter { foldOf[$0] == fold }.map { rows[$0] }
      let insideLabels = inside.map { labels[$0] }
      guard !outside.isEmpty, insideLabels.contains(true), insideLabels.contains(false) else {
        return options.penalty
      }
      let insideValues = subset(values, inside)
      let outsideValues = subset(values, outside)
      for (index, penalty) in candidates.enumerated() {
        var trial = options
        trial.penalty = penalty
        guard
          let fit = try? LogisticRegression.fit(
            features: features, values: insideValues, labels: insideLabels,
            weights: weights.map { all in inside.map { all[$0] } }, options: trial)
        else { return options.penalty }
        let probabilities = AnyModel.coefficients(fit.model).probabilities(outsideValues)
        let outsideWeights = outside.map { weights?[$0] ?? 1 }
        let total = outsideWeights.reduce(0, +)
        guard total > 0 else { continue }
        let loss = ProbabilityScores.logLoss(
          probabilities: probabilities, labels: outside.map { labels[$0] }, weights: outsideWeights)
        losses[index] += loss * total
      }
    }
    var best = 0
    for index in candidates.indices where losses[index] <= losses[best] { best = index }
    return candidates[best]
  }

  /// Some rows of a matrix.
  static func subset(_ values: Matrix, _ rows: [Int]) -> Matrix {
    Matrix(rows: rows.count, columns: values.columns) { target in
      values.withUnsafeElements { source in
        for (index, row) in rows.enumerated() {
          for column in 0..<values.columns {
            target[index * values.columns + column] = source[row * values.columns + column]
          }
        }
      }
    }
  }
}
