public import LinearAlgebra

/// A path whose λ were judged on rows that the fits had not seen.
///
/// Columns are made once, from all rows (their labels play no part in it); coefficients are those of the fitted rows.
public struct CrossValidatedPath: Sendable {
  /// The path of all rows: its solution at the chosen λ is the refit.
  public let path: RegularisationPath
  /// One a fold.
  public let folds: [Fold]
  /// Mean log loss of held-out rows at each λ, folds weighted by the weight of their rows.
  public let meanLogLoss: [Double]
  /// Standard error of that mean at each λ: √(Σ_f v_f·(l_f − l̄)²/(F − 1)) with the folds' shares v, as in glmnet; 0 with a
  /// single fold.
  public let standardError: [Double]
  /// Position of the λ with the lowest mean log loss, the greatest of equal ones.
  public let best: Int
  /// Position of the greatest λ whose mean log loss is within one standard error of the lowest.
  public let oneStandardError: Int
  /// How far the folds' fits may be from their optimum: the greatest decrease of a fit's objective (in units of the log
  /// loss) that the quadratic model promised before the fit's last step was made, among the fits that were measured.
  public let greatestDecrease: Double
  /// Fits that were measured on their rows; the others were made in the same way.
  public let measuredFits: Int

  /// The λ with the lowest mean log loss.
  public var bestPenalty: Double { path.points[best].penalty }
  /// The greatest λ within one standard error of it.
  public var oneStandardErrorPenalty: Double { path.points[oneStandardError].penalty }

  /// The rows held out once.
  public struct Fold: Sendable {
    /// `fold 1` or `period 24`.
    public let name: String
    /// Σw of the held-out rows.
    public let weight: Double
    /// Their mean log loss at each λ.
    public let logLoss: [Double]
  }
}

extension RegularisationPath {
  /// Decrease of a fold's objective below which its fit is exact enough to judge λ: the log loss of held-out rows then
  /// changes by far less than its standard error.
  private static let foldTolerance = 1e-9

  /// Fits a path and judges every λ on rows that were held out.
  ///
  /// Held-out losses are those of fits that are exact to 1e-9 of their objective; where they follow from sums without another
  /// pass (`HeldOutLosses`), or from nodes on both sides (`PathNodes`), that adds about 1e-7 at most.
  ///
  /// - Parameters:
  ///   - folds: which rows are fitted and held out.
  /// - Throws: `ChurnModelError`, as `fit` does, and for folds that cannot be (`lengthMismatch`, `invalidOption`,
  ///   `oneClass`).
  /// - Complexity: that of `fit`, and O(rows × columns × λ) to judge; with few rows, folds times that.
  public static func crossValidate(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    offsets: [Double]? = nil, folds: CrossValidationFolds, options: LogisticOptions = LogisticOptions(),
    path: Options = Options()
  ) throws(ChurnModelError) -> CrossValidatedPath {
    var preparation = try PathPreparation(
      features: features, values: values, labels: labels, weights: weights, offsets: offsets,
      options: options, path: path)
    return try crossValidate(&preparation, folds: folds)
  }

  static func crossValidate(
    _ preparation: inout PathPreparation, folds: CrossValidationFolds
  ) throws(ChurnModelError) -> CrossValidatedPath {
    let plan = try folds.plan(preparation.data)
    let solver = preparation.solver(
      GroupedRows(data: preparation.data, groupOfRow: plan.groupOfRow, groups: plan.groups))
    preparation.clock.finish("folds")
    let solved = try solver.solve()
    preparation.clock.finish("path")
    let fits = try FoldSolver(
      pass: solver.pass, solved: solved, folds: plan.folds, tolerance: foldTolerance,
      mostEvaluations: preparation.path.maximumEvaluations
    ).solve()
    preparation.clock.finish("fits of folds")
    let judged = HeldOutLosses(
      pass: solver.pass, solved: solved, folds: plan.folds, fits: fits.problems
    ).judge()
    preparation.clock.finish("held-out rows")
    return CrossValidatedPath(
      path: try RegularisationPath(solved.problem, preparation, passes: solver.pass.passes), folds: judged,
      greatestDecrease: fits.greatestDecrease, measuredFits: fits.measured)
  }
}

extension CrossValidatedPath {
  init(path: RegularisationPath, folds: [Fold], greatestDecrease: Double, measuredFits: Int) {
    self.path = path
    self.folds = folds
    self.greatestDecrease = greatestDecrease
    self.measuredFits = measuredFits
    let total = folds.reduce(0) { $0 + $1.weight }
    let means = path.points.indices.map { point in
      folds.reduce(0) { $0 + $1.weight / total * $1.logLoss[point] }
    }
    standardError = path.points.indices.map { point in
      guard folds.count > 1 else { return 0 }
      let spread = folds.reduce(0) { sum, fold in
        let difference = fold.logLoss[point] - means[point]
        return sum + fold.weight / total * difference * difference
      }
      return (spread / Double(folds.count - 1)).squareRoot()
    }
    meanLogLoss = means
    let least = means.min() ?? .nan
    let best = means.firstIndex(of: least) ?? 0
    self.best = best
    let limit = least + standardError[best]
    oneStandardError = means.firstIndex { $0 <= limit } ?? best
  }
}
