/// One comparison of a filter as it was written: a name, and what its value must be.
public struct FilterComparison: Sendable, Equatable {
  public enum Operator: String, Sendable {
    case equal = "="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
  }

  public enum Condition: Sendable, Equatable {
    case compare(Operator, FilterValue)
    case isIn([FilterValue])
    case isMissing
  }

  public let name: String
  /// Where the name stands, counted from 1.
  public let position: Int
  public let condition: Condition
}

/// A value as it was written: a word, a quoted text, a number or a date.
public struct FilterValue: Sendable, Equatable {
  public let text: String
  /// Where it stands, counted from 1.
  public let position: Int
}

/// What a named value is compared as.
public enum FilterType: Sendable {
  case number
  case day
  /// Yes or no; 1 or 0 as a number.
  case truth
  /// Codes 0, 1, 2 … of these words.
  case words([String])
  /// Any text.
  case text
}

/// A comparison made ready for values of its type: numbers (days and yes-or-no values too), or texts.
public enum FilterTest: Sendable, Equatable {
  case number(FilterComparison.Operator, Double)
  case numberIsIn([Double])
  /// Folded texts in small letters.
  case textIsIn(Set<String>)
  case textIsNotIn(Set<String>)
  case isMissing

  /// - Throws: `FilterError` when a value cannot be of the type, or texts are asked to be in an order.
  public init(_ comparison: FilterComparison, as type: FilterType) throws(FilterError) {
    switch comparison.condition {
    case .isMissing: self = .isMissing
    case .isIn(let values):
      if case .text = type {
        self = .textIsIn(Set(values.map { Self.folded($0.text) }))
      } else {
        var numbers: [Double] = []
        for value in values { numbers.append(try Self.number(value, of: comparison.name, as: type)) }
        self = .numberIsIn(numbers)
      }
    case .compare(let comparator, let value):
      let isOrdered = comparator != .equal && comparator != .unequal
      switch type {
      case .text, .words:
        guard !isOrdered else {
          throw FilterError(
            at: value.position, "\(comparison.name) is a text: compare it with =, != or in")
        }
      case .number, .day, .truth: break
      }
      if case .text = type {
        let texts: Set = [Self.folded(value.text)]
        self = comparator == .equal ? .textIsIn(texts) : .textIsNotIn(texts)
      } else {
        self = .number(comparator, try Self.number(value, of: comparison.name, as: type))
      }
    }
  }

  /// The text as it is compared: half-width, without white space around, in small letters.
  public static func folded(_ text: String) -> String {
    var text = text
    return text.withUTF8 { KeyText.folded(UnsafeRawBufferPointer($0), upperCase: false) }.lowercased()
  }

  private static func number(
    _ value: FilterValue, of name: String, as type: FilterType
  ) throws(FilterError) -> Double {
    switch type {
    case .number:
      if let number = Double(value.text), number.isFinite { return number }
      throw FilterError(at: value.position, "\(name) is a number, and `\(value.text)` is none")
    case .day:
      if let day = Day(value.text) { return Double(day.number) }
      throw FilterError(
        at: value.position, "\(name) is a date, and `\(value.text)` is none: write it as 2024-12-31")
    case .truth:
      switch value.text.lowercased() {
      case "true", "yes", "1": return 1
      case "false", "no", "0": return 0
      default:
        throw FilterError(
          at: value.position, "\(name) is yes or no: compare it with true or false, not `\(value.text)`")
      }
    case .words(let words):
      let text = folded(value.text)
      if let code = words.firstIndex(where: { $0.lowercased() == text }) { return Double(code) }
      let nearest = CanonicalTable.nearest(to: text, among: words.map { $0.lowercased() })
      let near = words.first { $0.lowercased() == nearest }.map { "; did you mean `\($0)`?" }
      throw FilterError(
        at: value.position,
        "\(name) is never `\(value.text)`\(near ?? ", but one of \(words.joined(separator: ", "))")")
    case .text: preconditionFailure("a text is no number")
    }
  }

  /// Whether a number passes; NaN is missing.
  @inline(__always)
  public func holds(_ value: Double) -> Bool? {
    if case .isMissing = self { return value.isNaN }
    guard !value.isNaN else { return nil }
    switch self {
    case .number(let comparator, let limit):
      switch comparator {
      case .equal: return value == limit
      case .unequal: return value != limit
      case .less: return value < limit
      case .atMost: return value <= limit
      case .greater: return value > limit
      case .atLeast: return value >= limit
      }
    case .numberIsIn(let values): return values.contains(value)
    case .textIsIn, .textIsNotIn: preconditionFailure("a number is no text")
    case .isMissing: return false
    }
  }

  /// Whether a folded text passes; `nil` and an empty one are missing.
  public func holds(text: String?) -> Bool? {
    let isMissing = text?.isEmpty ?? true
    if case .isMissing = self { return isMissing }
    guard let text, !isMissing else { return nil }
    switch self {
    case .textIsIn(let texts): return texts.contains(text)
    case .textIsNotIn(let texts): return !texts.contains(text)
    case .number, .numberIsIn, .isMissing: preconditionFailure("a text is no number")
    }
  }
}
