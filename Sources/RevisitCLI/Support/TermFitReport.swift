import ChurnModel
import Evaluation
import Foundation

extension TableFit {
  /// What was fitted, in a few lines.
  func lines(_ chinese: Bool) -> [String] {
    switch self {
    case .coefficients(let fit): EstimationReport(fit: fit).lines(chinese)
    case .terms(let fit): TermFitReport(fit: fit).lines(chinese)
    }
  }
}

/// What a fit of terms says of them, in two lines and in JSON.
struct TermFitReport {
  let fit: TermFit

  /// Terms that the lines name; `models show` shows all.
  private static let termsNamed = 5

  /// `terms` and `pairs`.
  var json: [String: Any] {
    [
      "terms": fit.model.terms.map {
        ["name": $0.name, "effective_parameters": $0.effectiveParameters, "importance": $0.importance]
          as [String: Any]
      },
      "pairs": fit.pairs.map { ["name": $0.name, "gain": $0.gain] as [String: Any] },
    ]
  }

  func lines(_ chinese: Bool) -> [String] {
    let gradient = String(format: "%.1e", fit.model.training.gradientNorm)
    let parameters = Shown.number(fit.effectiveParameters, 1)
    let strongest = fit.model.terms.prefix(Self.termsNamed).map(\.name).joined(separator: ", ")
    return [
      chinese
        ? "\(fit.model.terms.count) 个项（其中 \(fit.pairs.count) 个为两列组合），共 \(parameters) 个有效参数，梯度 \(gradient)"
        : "\(Shown.count(fit.model.terms.count, "term")), \(fit.pairs.count) of them pairs of columns, \(parameters) effective parameters, gradient \(gradient)",
      chinese ? "最重要的项：\(strongest)" : "Most important: \(strongest)",
    ]
  }
}
