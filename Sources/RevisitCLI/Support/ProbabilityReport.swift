import ChurnModel
import Foundation
import Histories
import Statistics

/// How a model's margins become probabilities, in words and JSON.
struct ProbabilityReport {
  let link: ProbabilityLink
  /// Whether the model was saved with what intervals are made of.
  let hasIntervals: Bool

  // MARK: JSON

  /// `calibration` (null where none was chosen), `population` (null without correction) and `intervals`.
  var json: [String: Any] {
    [
      "calibration": link.calibration.map(Self.json) ?? NSNull(),
      "population": link.correction.map {
        ["rate": $0.population, "training_rate": $0.sample, "intercept_shift": $0.interceptShift]
      } ?? NSNull(),
      "intervals": hasIntervals,
    ]
  }

  private static func json(_ choice: CalibrationChoice) -> Any {
    let plain = choice.logLoss(of: .identity)
    return [
      "kind": name(choice.calibrator.kind), "asked": choice.wanted.map(name) ?? "auto",
      "out_of_fold_log_loss": [
        "without": shown(plain), "with": shown(choice.logLoss(of: choice.calibrator.kind)),
        "gain": shown(gain(choice)),
      ],
      "candidates": choice.candidates.map {
        [
          "kind": name($0.kind), "out_of_fold_log_loss": shown($0.logLoss), "gain": shown($0.gain),
          "gain_error": shown($0.gainError),
        ] as [String: Any]
      },
      "parameters": parameters(choice.calibrator),
    ] as [String: Any]
  }

  /// What the calibrator's probabilities can be computed from; null where it leaves them as they are.
  private static func parameters(_ calibrator: Calibrator) -> Any {
    switch calibrator {
    case .identity: NSNull()
    case .beta(let beta):
      [
        "low_slope": beta.lowSlope, "high_slope": beta.highSlope, "intercept": beta.intercept,
        "row_share": beta.rowShare,
      ]
    case .isotonic(let isotonic):
      ["scores": isotonic.scores, "probabilities": isotonic.probabilities]
    }
  }

  private static func shown(_ value: Double?) -> Any { value.map { $0 as Any } ?? NSNull() }

  /// The name that people see and give.
  private static func name(_ kind: Calibrator.Kind) -> String {
    kind == .identity ? "none" : kind.rawValue
  }

  /// The name of a link's calibrator.
  static func name(_ link: ProbabilityLink) -> String { name(link.calibration?.calibrator.kind ?? .identity) }

  /// By how much the out-of-fold log loss is smaller with the calibrator than without.
  private static func gain(_ choice: CalibrationChoice) -> Double? {
    guard let plain = choice.logLoss(of: .identity), let own = choice.logLoss(of: choice.calibrator.kind)
    else {
      return nil
    }
    return plain - own
  }

  // MARK: Words

  func lines(_ language: Language) -> [String] {
    let chinese = language == .chinese
    var lines = [
      link.calibration.map { Self.line($0, chinese) } ?? (chinese ? "校准器：无" : "Calibrator: none")
    ]
    if link.calibration != nil {
      lines.append(
        chinese
          ? "（折外对数损失仅用于比较校准器：曲线、组合与惩罚项由全部行选出，故偏乐观；真实水平请用 --folds）"
          : "(for these figures only coefficients were fitted anew; all that was chosen, such as penalties, saw every row, "
            + "which flatters the model. --folds tells how good it is on new rows)")
    }
    if let correction = link.correction { lines.append(Self.line(correction, language)) }
    if hasIntervals {
      lines.append(
        chinese ? "已保存区间所需数据（revisit score --interval）" : "Intervals can be had: revisit score --interval")
    }
    return lines
  }

  /// Whom probabilities are about where one class was sampled.
  static func line(_ correction: PriorCorrection, _ language: Language) -> String {
    let (population, sample) = (percent(correction.population), percent(correction.sample))
    return language == .chinese
      ? "概率针对正例占 \(population) 的总体；训练行中占 \(sample)"
      : "Probabilities are for a population with \(population) positive; training rows have \(sample)"
  }

  /// A share to three digits, for it may be small.
  private static func percent(_ share: Double) -> String {
    String(format: "%.3g %%", 100 * share)
  }

  private static func line(_ choice: CalibrationChoice, _ chinese: Bool) -> String {
    let kind = choice.calibrator.kind
    let title = (chinese ? "校准器：" : "Calibrator: ") + word(kind, chinese)
    guard kind != .identity else {
      let others = choice.candidates.filter { $0.kind != .identity }.map {
        "\(word($0.kind, chinese)) \(loss($0.logLoss))"
      }.joined(separator: chinese ? "，" : ", ")
      let own = loss(choice.logLoss(of: .identity))
      return chinese
        ? "\(title)；折外对数损失 \(own)（\(others)）" : "\(title); out-of-fold log loss \(own) (\(others))"
    }
    let (own, gain) = (loss(choice.logLoss(of: kind)), gain(choice) ?? .nan)
    let asked = choice.wanted == nil ? "" : chinese ? "（按要求）" : " as asked"
    let change = loss(gain.magnitude)
    return chinese
      ? "\(title)\(asked)；折外对数损失 \(own)，比不校准\(gain < 0 ? "多" : "少") \(change)"
      : "\(title)\(asked); out-of-fold log loss \(own), \(change) \(gain < 0 ? "more" : "less") than without"
  }

  private static func word(_ kind: Calibrator.Kind, _ chinese: Bool) -> String {
    switch kind {
    case .identity: chinese ? "无" : "none"
    case .beta: "beta"
    case .isotonic: chinese ? "保序" : "isotonic"
    }
  }

  private static func loss(_ value: Double?) -> String { Shown.number(value ?? .nan, lossDigits) }

  /// Gains are small.
  private static let lossDigits = 5
}
