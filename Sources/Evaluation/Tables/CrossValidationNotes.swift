public import ChurnModel

/// The figures of the cross-validation, which a model trained on a table carries in its metadata.
public struct CrossValidationNotes: Sendable {
  public let folds: Int
  /// Means over the folds.
  public let auc: Double
  public let logLoss: Double

  private enum Key {
    static let folds = "cv_folds"
    static let auc = "cv_auc"
    static let logLoss = "cv_log_loss"
  }

  /// What a model carries; nil when it was trained without folds.
  public init?(_ model: AnyModel) {
    guard let folds = model.metadata[Key.folds].flatMap(Int.init),
      let auc = model.metadata[Key.auc].flatMap(Double.init),
      let logLoss = model.metadata[Key.logLoss].flatMap(Double.init)
    else { return nil }
    (self.folds, self.auc, self.logLoss) = (folds, auc, logLoss)
  }

  public init(_ folds: [TableCrossValidation.Fold]) {
    self.folds = folds.count
    auc = folds.map(\.metrics.auc).reduce(0, +) / Double(folds.count)
    logLoss = folds.map(\.metrics.logLoss).reduce(0, +) / Double(folds.count)
  }

  /// What a model is to carry.
  public var metadata: [String: String] {
    [Key.folds: String(folds), Key.auc: String(auc), Key.logLoss: String(logLoss)]
  }
}
