import Foundation

/// The customers of the CDNOW data whose files stand beside the package, not in it.
enum SharedReference {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/reference/clv")

  /// Whether the files are there; says so on the console when not.
  static let isThere: Bool = {
    let found = FileManager.default.fileExists(atPath: folder.path)
    if !found { print("skipped: the reference data beside the package (shared/reference/clv) are not there") }
    return found
  }()

  /// Numbers of amounts and their means of all 2,357 customers.
  static func spends() throws -> (counts: [Int32], means: [Double]) {
    let rows = try String(
      contentsOf: folder.appendingPathComponent("cdnow_summary_spend.csv"), encoding: .utf8
    )
    .split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",").map { Double($0)! } }
    return (rows.map { Int32($0[1]) }, rows.map { $0[4] })
  }
}
