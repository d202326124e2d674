import Features
import Foundation
public import Histories

/// Reasons in words.
public struct ReasonText: Sendable {
  private let language: Language
  private let currency: String

  public init(language: Language, currency: String) {
    self.language = language
    self.currency = currency
  }

  /// One sentence.
  public func sentence(_ reason: ReasonFinder.Reason) -> String {
    let definition = Catalogue.definition(of: reason.feature)
    switch reason.feature {
    case .wtyDaysLeft, .wtyEffDaysLeft: return warranty(reason.value)
    default: break
    }
    let text = (definition.reason ?? definition.label)[language]
    return
      text
      .replacingOccurrences(of: "{value}", with: shown(reason.value, definition))
      .replacingOccurrences(of: "{factor}", with: decimal(exp(reason.value), 1))
  }

  private func warranty(_ days: Double) -> String {
    let count = grouped(abs(days))
    return days < 0
      ? Bilingual("Warranty ended \(count) days ago", "质保已过期\(count)天")[language]
      : Bilingual("Warranty ends in \(count) days", "质保还剩\(count)天")[language]
  }

  private func shown(_ value: Double, _ definition: FeatureDefinition) -> String {
    switch definition.kind {
    case .category(let levels):
      let index = Int(value)
      return levels.indices.contains(index) ? levels[index].label[language] : ""
    default: break
    }
    switch definition.unit {
    case .days, .count, .months, .score, .flag: return grouped(value)
    // Mileages are estimates; distances are shorter than any mileage that is a reason.
    case .kilometres: return grouped(abs(value) < 450 ? value : (value / 100).rounded() * 100)
    case .kilometresPerDay: return grouped(value)
    case .ratio, .logRatio, .perYear: return decimal(value, 1)
    case .share: return "\(Int((value * 100).rounded())) %"
    case .money: return "\(currency) \(grouped(value))"
    case .category: return grouped(value)
    }
  }

  private func decimal(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private func grouped(_ value: Double) -> String {
    var digits = String(Int(value.rounded().magnitude))
    var parts: [String] = []
    while digits.count > 3 {
      parts.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    parts.insert(digits, at: 0)
    return (value < -0.5 ? "-" : "") + parts.joined(separator: ",")
  }
}
