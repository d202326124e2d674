/// Reads filters such as `age_months >= 24 and (bought_here = 1 or powertrain in (PHEV, BEV))`.
///
///     filter     = conjunction { "or" conjunction }
///     conjunction = condition { "and" condition }
///     condition  = "not" condition | "(" filter ")" | comparison
///     comparison = name operator value | name [ "not" ] "in" "(" value { "," value } ")"
///                | name "is" [ "not" ] ( "missing" | "null" )
///     operator   = "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">="
///
/// Values are numbers, dates (2024-12-31), words, or texts in single or double quotes (doubled inside). Key words are
/// written in small or capital letters. Nothing that is read is ever handed on as SQL.
public struct FilterParser {
  private struct Token {
    enum Kind: Equatable {
      case word, quoted, symbol, end
    }

    var kind: Kind
    var text: String
    /// Counted from 1.
    var position: Int

    func isKeyword(_ word: String) -> Bool { kind == .word && text.lowercased() == word }
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    var shown: String { kind == .end ? "the end" : "`\(text)`" }
  }

  private static let keywords: Set = ["and", "or", "not", "in", "is"]
  /// Deeper nesting is refused rather than followed.
  private static let deepest = 50

  private let tokens: [Token]
  private var next = 0
  private var depth = 0

  /// - Throws: `FilterError` with the place of the first character that cannot stand there.
  public static func parse(_ text: String) throws(FilterError) -> FilterTree<FilterComparison> {
    var parser = FilterParser(tokens: try tokens(of: text))
    guard parser.token.kind != .end else {
      throw FilterError(at: 1, "the filter is empty: write a comparison such as n_q_365 >= 1")
    }
    let tree = try parser.filter()
    guard parser.token.kind == .end else {
      throw parser.unexpected("`and`, `or` or the end")
    }
    return tree
  }

  private init(tokens: [Token]) {
    self.tokens = tokens
  }

  // MARK: Words and symbols

  private static func tokens(of text: String) throws(FilterError) -> [Token] {
    let characters = Array(text)
    var tokens: [Token] = []
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if character.isWhitespace {
        index += 1
      } else if character == "'" || character == "\"" {
        let (quoted, end) = try quoted(characters, from: index)
        tokens.append(Token(kind: .quoted, text: quoted, position: index + 1))
        index = end
      } else if isWord(character) {
        var end = index
        while end < characters.count, isWord(characters[end]) { end += 1 }
        tokens.append(Token(kind: .word, text: String(characters[index..<end]), position: index + 1))
        index = end
      } else {
        let pair = index + 1 < characters.count ? String([character, characters[index + 1]]) : ""
        let symbol = ["==", "!=", "<>", "<=", ">="].contains(pair) ? pair : String(character)
        guard symbol.count == 2 || "=<>(),".contains(character) else {
          throw FilterError(at: index + 1, "`\(character)` means nothing here")
        }
        tokens.append(Token(kind: .symbol, text: symbol, position: index + 1))
        index += symbol.count
      }
    }
    tokens.append(Token(kind: .end, text: "", position: characters.count + 1))
    return tokens
  }

  /// Words, numbers and dates.
  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-+.:".contains(character)
  }

  private static func quoted(
    _ characters: [Character], from start: Int
  ) throws(FilterError) -> (text: String, end: Int) {
    let mark = characters[start]
    var text = ""
    var index = start + 1
    while index < characters.count {
      if characters[index] == mark {
        guard index + 1 < characters.count, characters[index + 1] == mark else { return (text, index + 1) }
        index += 1
      }
      text.append(characters[index])
      index += 1
    }
    throw FilterError(at: start + 1, "this quotation has no end")
  }

  // MARK: Grammar

  private var token: Token { tokens[next] }

  /// Nothing comes after the end, which therefore stays.
  private mutating func advance() {
    if token.kind != .end { next += 1 }
  }

  private func unexpected(_ wanted: String) -> FilterError {
    FilterError(at: token.position, "\(wanted) is expected here, not \(token.shown)")
  }

  private mutating func filter() throws(FilterError) -> FilterTree<FilterComparison> {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw FilterError(at: token.position, "more than \(Self.deepest) levels of parentheses")
    }
    var parts = [try conjunction()]
    while token.isKeyword("or") {
      advance()
      parts.append(try conjunction())
    }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(FilterError) -> FilterTree<FilterComparison> {
    var parts = [try condition()]
    while token.isKeyword("and") {
      advance()
      parts.append(try condition())
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func condition() throws(FilterError) -> FilterTree<FilterComparison> {
    var isNegated = false
    while token.isKeyword("not") {
      advance()
      isNegated.toggle()
    }
    let tree = token.isSymbol("(") ? try parenthesised() : try comparison()
    return isNegated ? .not(tree) : tree
  }

  private mutating func parenthesised() throws(FilterError) -> FilterTree<FilterComparison> {
    let opening = token.position
    advance()
    let tree = try filter()
    guard token.isSymbol(")") else {
      throw token.kind == .end
        ? FilterError(at: opening, "this parenthesis is not closed") : unexpected("`)`")
    }
    advance()
    return tree
  }

  private mutating func comparison() throws(FilterError) -> FilterTree<FilterComparison> {
    guard token.kind == .word, !Self.keywords.contains(token.text.lowercased()) else {
      throw unexpected("a name")
    }
    let name = token
    advance()
    func leaf(_ condition: FilterComparison.Condition) -> FilterTree<FilterComparison> {
      .leaf(FilterComparison(name: name.text, position: name.position, condition: condition))
    }
    if token.isKeyword("is") {
      advance()
      let isNegated = token.isKeyword("not")
      if isNegated { advance() }
      guard token.isKeyword("missing") || token.isKeyword("null") else { throw unexpected("`missing`") }
      advance()
      return isNegated ? .not(leaf(.isMissing)) : leaf(.isMissing)
    }
    if token.isKeyword("not") {
      advance()
      guard token.isKeyword("in") else { throw unexpected("`in`") }
      return .not(leaf(.isIn(try list())))
    }
    if token.isKeyword("in") { return leaf(.isIn(try list())) }
    guard token.kind == .symbol, let comparator = Self.comparator(token.text) else {
      throw unexpected("=, !=, <, <=, >, >=, `in` or `is missing`")
    }
    advance()
    return leaf(.compare(comparator, try value()))
  }

  private static func comparator(_ symbol: String) -> FilterComparison.Operator? {
    switch symbol {
    case "==": .equal
    case "<>": .unequal
    default: FilterComparison.Operator(rawValue: symbol)
    }
  }

  /// The values after `in`.
  private mutating func list() throws(FilterError) -> [FilterValue] {
    advance()
    guard token.isSymbol("(") else { throw unexpected("`(`") }
    advance()
    var values = [try value()]
    while token.isSymbol(",") {
      advance()
      values.append(try value())
    }
    guard token.isSymbol(")") else { throw unexpected("`,` or `)`") }
    advance()
    return values
  }

  private mutating func value() throws(FilterError) -> FilterValue {
    let isWord = token.kind == .word && !Self.keywords.contains(token.text.lowercased())
    guard isWord || token.kind == .quoted else { throw unexpected("a value") }
    defer { advance() }
    return FilterValue(text: token.text, position: token.position)
  }
}
