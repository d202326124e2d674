import ChurnModel
import Foundation

/// The path that a penalty was chosen from, in words and JSON.
struct PathReport {
  let selection: PenaltySelection

  // MARK: JSON

  var json: [String: Any] {
    let (path, validation) = (selection.path, selection.validation)
    return [
      "mixing": path.mixing, "lambda": selection.point.penalty, "chosen": selection.chosen,
      "rule": Self.shown(selection.rule?.rawValue), "minimum": Self.shown(validation?.best),
      "one_standard_error": Self.shown(validation?.oneStandardError),
      "folds": Self.shown(validation?.folds.map { ["name": $0.name, "weight": $0.weight] as [String: Any] }),
      "columns": path.columns.count, "nonzero": selection.point.nonzero,
      "violation": selection.point.violation, "excluded": selection.excluded,
      "path": path.points.indices.map(row),
    ]
  }

  private func row(_ index: Int) -> [String: Any] {
    let (path, validation) = (selection.path, selection.validation)
    let point = path.points[index]
    return [
      "lambda": point.penalty, "log_loss": point.logLoss, "deviance": path.deviance(index),
      "deviance_explained": path.devianceRatio(index), "nonzero": point.nonzero,
      "violation": point.violation,
      "cv_log_loss": Self.shown(validation?.meanLogLoss[index]),
      "cv_standard_error": Self.shown(validation?.standardError[index]),
    ]
  }

  private static func shown(_ value: Any?) -> Any { value ?? NSNull() }

  // MARK: Words

  /// λ that the table shows, beside those with a name.
  private static let rowsShown = 12

  /// A table of some λ, the chosen one marked; nothing when λ was given.
  func lines(_ chinese: Bool) -> [String] {
    guard let validation = selection.validation else { return [] }
    let path = selection.path
    var rows = [
      chinese
        ? ["", "惩罚", "列数", "解释的偏差", "留出对数损失", "标准误"]
        : ["", "penalty", "columns", "explained", "held-out loss", "error"]
    ]
    for index in shown(validation) {
      rows.append([
        mark(index, validation, chinese), Self.penalty(path.points[index].penalty),
        "\(path.points[index].nonzero)", Shown.percent(max(path.devianceRatio(index), 0)),
        Shown.number(validation.meanLogLoss[index], 5), Shown.number(validation.standardError[index], 5),
      ])
    }
    return TestReport.aligned(rows)
  }

  /// Four significant digits.
  static func penalty(_ value: Double) -> String { String(format: "%.4g", value) }

  /// Evenly spread positions, and those with a name.
  private func shown(_ validation: CrossValidatedPath) -> [Int] {
    let last = selection.path.points.count - 1
    let spread = (0..<Self.rowsShown).map { $0 * last / (Self.rowsShown - 1) }
    return Set(spread + [selection.chosen, validation.best, validation.oneStandardError]).sorted()
  }

  private func mark(_ index: Int, _ validation: CrossValidatedPath, _ chinese: Bool) -> String {
    if index == selection.chosen { return chinese ? "→ 选定" : "→ chosen" }
    if index == validation.best { return chinese ? "最低" : "lowest" }
    if index == validation.oneStandardError { return chinese ? "一个标准误内" : "within 1 SE" }
    return ""
  }
}
