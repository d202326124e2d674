/// One step from a version of the schema to the next, and back: statements, nothing else.
public struct Migration: Sendable {
  /// The version that `up` leads to.
  public let version: Int
  /// What the step is for.
  public let title: String
  private let upward: [Statement]
  private let downward: [Statement]

  /// A statement for both databases, or one for each.
  enum Statement: Sendable {
    case both(String)
    case sqlite(String)
    case postgresql(String)

    func text(_ dialect: SQLDialect) -> String? {
      switch (self, dialect) {
      case (.both(let text), _): Self.filled(text, dialect)
      case (.sqlite(let text), .sqlite), (.postgresql(let text), .postgresql): text
      case (.sqlite, .postgresql), (.postgresql, .sqlite): nil
      }
    }

    /// The words in braces, as each database calls them.
    private static func filled(_ text: String, _ dialect: SQLDialect) -> String {
      let words =
        switch dialect {
        case .sqlite:
          // Rows of a table `keyed` lie in the tree of its key: one tree to add to, not two.
          [
            "{integer}": "INTEGER", "{bytes}": "BLOB", "{real}": "REAL", "{end}": ") STRICT",
            "{keyed}": ") STRICT, WITHOUT ROWID",
          ]
        case .postgresql:
          [
            "{integer}": "BIGINT", "{bytes}": "BYTEA", "{real}": "DOUBLE PRECISION", "{end}": ")",
            "{keyed}": ")",
          ]
        }
      return words.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }
  }

  init(version: Int, title: String, up: [Statement], down: [Statement]) {
    self.version = version
    self.title = title
    (upward, downward) = (up, down)
  }

  /// The statements that lead up to the version.
  public func up(_ dialect: SQLDialect) -> [String] { upward.compactMap { $0.text(dialect) } }

  /// The statements that undo it.
  public func down(_ dialect: SQLDialect) -> [String] { downward.compactMap { $0.text(dialect) } }

  /// All steps in their order.
  public static let all = [first]

  /// The version that this program writes.
  public static var newest: Int { all[all.count - 1].version }
}
