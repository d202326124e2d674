internal import Foundation
internal import Tables

/// The two values of a label, and which of them is predicted.
public struct LabelValues: Codable, Sendable, Equatable {
  /// The value whose probability is predicted, as it is written in the table.
  public let positive: String
  public let negative: String

  public init(positive: String, negative: String) {
    self.positive = positive
    self.negative = negative
  }

  /// How the positive value was found.
  public enum Rule: Sendable, Equatable {
    /// It was asked for.
    case asked
    /// It is a word such as 1, true, yes or churned, or the other is one such as 0, false, no or stayed.
    case word
    /// It is the rarer one.
    case rarer
  }

  /// Words that mean what is to be predicted, in lower case.
  static let positiveWords: Set<String> = [
    "true", "t", "yes", "y", "churn", "churned", "churner", "lapsed", "lapse", "lost", "left", "leave",
    "exited",
    "exit", "attrited", "attrited customer", "attrition", "cancelled", "canceled", "closed", "inactive",
    "gone",
    "positive", "pos", "happened", "event", "是", "真", "流失", "已流失", "离开",
  ]
  /// Words that mean the opposite, in lower case.
  static let negativeWords: Set<String> = [
    "false", "f", "no", "n", "not churned", "no churn", "non-churn", "not_churned", "stayed", "stay",
    "retained",
    "existing", "existing customer", "active", "current", "loyal", "kept", "open", "negative", "neg",
    "did_not_happen", "否", "假", "未流失", "留存", "在册",
  ]

  /// Finds the two values and the positive one: the one asked for, else by `positiveWords` and `negativeWords` (of two
  /// numbers 1 beside 0 or −1), else the rarer one, of equally frequent ones the later in order.
  ///
  /// - Parameters:
  ///   - counts: how often each value occurs, by the text in the table without blanks around it.
  /// - Throws: `TableError` when there are not two values, or none is the one asked for.
  static func find(
    _ counts: [String: Int], asked: String?, column: String
  ) throws(TableError) -> (values: LabelValues, rule: Rule) {
    let values = counts.keys.sorted()
    guard values.count == 2 else {
      let found =
        switch values.count {
        case 0: "has no value"
        case 1: "has one value only"
        default: "has \(values.count) different values"
        }
      throw TableError(
        .badData,
        "The label \"\(column)\" \(found), but a label has two, such as 0 and 1 or no and yes. "
          + "Choose another column with --label, or give it two values.")
    }
    func made(_ positive: Int, _ rule: Rule) -> (LabelValues, Rule) {
      (LabelValues(positive: values[positive], negative: values[1 - positive]), rule)
    }
    if let asked {
      let wanted = canonical(asked)
      guard let index = values.firstIndex(where: { canonical($0) == wanted }) else {
        throw TableError(
          .unknownColumn,
          "The label \"\(column)\" has no value \"\(asked)\": it has \"\(values[0])\" and \"\(values[1])\". "
            + "Choose one of them with --positive.")
      }
      return made(index, .asked)
    }
    let meanings = values.map(meaning(canonical(values[0]), canonical(values[1])))
    if meanings[0] != meanings[1] {
      // One word is enough: the other value is then what it is not.
      if let index = meanings.firstIndex(of: true) ?? meanings.firstIndex(of: false).map({ 1 - $0 }) {
        return made(index, .word)
      }
    }
    let frequencies = values.map { counts[$0] ?? 0 }
    return made(frequencies[0] < frequencies[1] ? 0 : 1, .rarer)
  }

  /// What a value says by itself: true for positive, nil for nothing. Numbers speak in pairs.
  private static func meaning(_ first: String, _ second: String) -> (String) -> Bool? {
    let isCoded = Set([first, second]) == ["0", "1"] || Set([first, second]) == ["-1", "1"]
    return { value in
      let word = canonical(value)
      if isCoded { return word == "1" }
      return positiveWords.contains(word) ? true : negativeWords.contains(word) ? false : nil
    }
  }

  /// Whether a text of the table is this value: capitals, blanks and the form of numbers do not count.
  func isPositive(_ text: String) -> Bool? {
    let word = Self.canonical(text)
    return word == Self.canonical(positive) ? true : word == Self.canonical(negative) ? false : nil
  }

  /// Lower case without blanks around; whole numbers without decimals.
  static func canonical(_ text: String) -> String {
    let word = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    guard let number = Double(word), number == number.rounded(), number.magnitude < 1e15 else { return word }
    return String(Int(number))
  }
}
