import ChurnModel
import Evaluation
import Foundation
import Histories
import ModelRegistry
import Reports

/// A stored model, or what is wrong with it.
struct StoredModel {
  let reference: String
  let model: AnyModel?
  let problem: String?

  /// - Parameter isThorough: whether what intervals are made of is read, too.
  init(_ entry: ModelRegistry.Entry, in registry: ModelRegistry, isThorough: Bool = false) {
    reference = entry.reference.description
    do throws(ModelRegistryError) {
      let own = try registry.load(entry.reference).model
      if isThorough, let covariance = try registry.covariance(of: entry) {
        do {
          _ = try IntervalScorer(own, covariance: covariance)
        } catch {
          throw ModelRegistryError(.damaged, error.message)
        }
      }
      model = own
      problem = nil
    } catch {
      model = nil
      problem = error.message
    }
  }

  var json: [String: Any] {
    var object = model.map(Self.json) ?? [:]
    object["model"] = reference
    object["problem"] = problem ?? NSNull()
    return object
  }

  static func json(_ model: AnyModel) -> [String: Any] {
    var object: [String: Any] = [
      "label": model.metadata["label"] ?? NSNull(), "rows": model.training.rows,
      "lapsed": model.training.positives, "columns": columns(model),
      "as_of": model.metadata["as_of"].map { $0.split(separator: ",").map(String.init) } ?? [],
    ]
    if let test = TestNotes(model) {
      object["test"] =
        [
          "as_of": test.asOf, "rows": test.rows, "auc": test.auc, "auc_plain_rule": test.plainRuleAUC,
          "lift_top_decile": test.liftTopDecile,
        ] as [String: Any]
    }
    if let notes = CrossValidationNotes(model) {
      object["cv"] = ["folds": notes.folds, "auc": notes.auc, "log_loss": notes.logLoss] as [String: Any]
    }
    return object
  }

  /// Columns of coefficients, or terms.
  private static func columns(_ model: AnyModel) -> Int {
    switch model {
    case .coefficients(let own): own.columns.count
    case .terms(let own): own.terms.count
    }
  }

  static func table(_ models: [StoredModel], language: Language) -> [String] {
    let headings =
      language == .chinese
      ? ["模型", "流失定义", "训练日期", "行数", "AUC", "简单规则", "前10%提升"]
      : ["model", "label", "trained at", "rows", "AUC", "plain rule", "lift"]
    let rows = models.map { stored in
      guard let model = stored.model else {
        return [stored.reference, language == .chinese ? "不可用" : "unusable"] + Array(repeating: "–", count: 5)
      }
      let dates = (model.metadata["as_of"] ?? "–").split(separator: ",")
      let span = dates.count > 1 ? "\(dates[0]) … \(dates[dates.count - 1])" : dates.joined()
      let test = TestNotes(model)
      return [
        stored.reference, model.metadata["label"] ?? "–", span, Shown.count(model.training.rows),
        (test?.auc ?? CrossValidationNotes(model)?.auc).map { Shown.number($0, 4) } ?? "–",
        test.map { Shown.number($0.plainRuleAUC, 4) } ?? "–",
        test.map { Shown.number($0.liftTopDecile, 2) } ?? "–",
      ]
    }
    return TestReport.aligned([headings] + rows)
  }
}
