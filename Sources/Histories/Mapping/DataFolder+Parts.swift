import Foundation

extension DataFolder {
  /// Where the rows of a table come from.
  enum Part: CaseIterable {
    /// The table itself, by its name or by the mapping.
    case own
    /// What receipts told: a file that Revisit keeps beside it.
    case received
  }

  /// The tables that receipts add to.
  private static let receivedTables = ["contacts", "consents"]

  private static func receivedFile(_ table: String) -> String { "outreach/\(table).csv" }

  /// Whether a file is one that Revisit writes, in UTF-8 whatever the others are in.
  static func isReceived(_ file: String) -> Bool {
    receivedTables.contains { receivedFile($0) == file }
  }

  /// The source of one part of a table; `nil` when it is not there, or the mapping reads its file already.
  func source(of table: String, _ part: Part) -> Mapping.Source? {
    let own = mapping.sources[table]
    guard part == .received else { return own }
    guard Self.receivedTables.contains(table) else { return nil }
    let file = Self.receivedFile(table)
    let isMapped =
      switch own {
      case .files(let pattern): fnmatch(pattern, file, FNM_PATHNAME) == 0
      case .sql(let sql): sql.contains(file)
      case .rows, nil: false
      }
    guard !isMapped, !files(matching: file).isEmpty else { return nil }
    return .files(file)
  }
}
