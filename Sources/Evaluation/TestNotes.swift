public import ChurnModel

/// The figures of the out-of-time test, which a model carries in its metadata.
public struct TestNotes: Sendable {
  public let asOf: String
  public let rows: Int
  public let auc: Double
  public let plainRuleAUC: Double
  public let liftTopDecile: Double

  fileprivate enum Key {
    static let asOf = "test_as_of"
    static let rows = "test_rows"
    static let auc = "test_auc"
    static let plainRuleAUC = "test_auc_plain_rule"
    static let lift = "test_lift_top_decile"
  }

  /// What a model carries; `nil` when it was saved without a test.
  public init?(_ model: AnyModel) {
    let metadata = model.metadata
    guard let asOf = metadata[Key.asOf], let rows = metadata[Key.rows].flatMap(Int.init),
      let auc = metadata[Key.auc].flatMap(Double.init),
      let plainRuleAUC = metadata[Key.plainRuleAUC].flatMap(Double.init),
      let lift = metadata[Key.lift].flatMap(Double.init)
    else { return nil }
    self.asOf = asOf
    self.rows = rows
    self.auc = auc
    self.plainRuleAUC = plainRuleAUC
    liftTopDecile = lift
  }
}

extension AnyModel {
  /// The model with the test's figures in its metadata.
  public func noting(_ test: ChurnTraining.Test) -> AnyModel {
    var noted = self
    let figures = [
      TestNotes.Key.asOf: test.asOf.description, TestNotes.Key.rows: String(test.model.rows),
      TestNotes.Key.auc: String(test.model.auc), TestNotes.Key.plainRuleAUC: String(test.plainRule.auc),
      TestNotes.Key.lift: String(test.model.liftTopDecile),
    ]
    noted.metadata.merge(figures) { _, new in new }
    return noted
  }
}
