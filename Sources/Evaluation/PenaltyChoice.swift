public import ChurnModel
import Features
public import LinearAlgebra

/// Chooses the ridge penalty by cross-validation in which a customer's rows stay together.
///
/// With few rows the penalty decides how far to trust each coefficient; with many it hardly matters, and the standard
/// one is taken.
public enum PenaltyChoice {
  /// The penalties tried, weakest first. The strongest leaves nearly nothing but the intercept: columns that only follow
  /// noise end there.
  public static let candidates: [Double] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]
  /// From this many rows on the standard penalty is taken without a search.
  public static let enoughRows = 20_000
  private static let folds = 5

  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - weights: one a row, at least 0; nil for 1 each.
  ///   - offsets: one a row, added to its margin; nil for 0 each.
  ///   - customers: the customer of each row.
  ///   - options: all but the penalty is used as it is.
  /// - Returns: the penalty with the lowest mean log loss over the folds; of equal ones the strongest. The standard one
  ///   when there are too few customers, or one class only without a fold.
  /// - Complexity: that of `RegularisationPath.crossValidate` on fewer than 20,000 rows.
  public static func choose(
    features: [FeatureColumn] = FeatureColumns.all, values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil, customers: [Int32], options: LogisticOptions
  ) -> Double {
    guard labels.count < enoughRows else { return options.penalty }
    var path = RegularisationPath.Options()
    path.mixing = 0
    path.penalties = candidates
    let validated = try? RegularisationPath.crossValidate(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      folds: .grouped(customers, folds: folds), options: options, path: path)
    return validated?.bestPenalty ?? options.penalty
  }
}
