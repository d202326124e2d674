import Foundation

/// Numbers as people read them; the same in both languages.
enum NumberText {
  /// An integer with thousands separators: `12,345`.
  static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
      result.append(digit)
    }
    return result
  }

  /// An amount in whole units with thousands separators; a dash when it is no number.
  static func amount(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < Double(Int.max) else { return "–" }
    return grouped(Int(value.rounded()))
  }

  /// A probability in whole per cent: `83 %`; a dash when it is no number.
  static func percent(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return "\(Int((min(max(value, 0), 1) * 100).rounded())) %"
  }

  /// A number with so many decimals; a dash when it is none.
  static func decimals(_ value: Double, _ decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", value) : "–"
  }

  /// A number in few characters: whole from 100 on, with separators, else up to two decimals.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "–" }
    let whole = value.rounded()
    if value.magnitude >= 100 || value == whole { return grouped(Int(whole)) }
    return String(format: value.magnitude >= 10 ? "%.1f" : "%.2f", value)
  }

  /// Years with one decimal: `4.5`.
  static func years(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1000 else { return "–" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
  }

  private static let leastPValue = 0.0001

  /// A p value with four decimals.
  static func pValue(_ value: Double) -> String {
    value < leastPValue ? "<0.0001" : decimals(value, 4)
  }
}
