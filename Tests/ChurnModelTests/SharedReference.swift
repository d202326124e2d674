import Foundation

/// Reference data that stand beside the package, not in it.
enum SharedReference {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/reference/logistic")

  /// Whether the files are there; says so on the console when not.
  static let isThere: Bool = {
    let found = FileManager.default.fileExists(atPath: folder.path)
    if !found {
      print("skipped: the reference data beside the package (shared/reference/logistic) are not there")
    }
    return found
  }()

  /// The rows of a file without its header, split at commas or blanks.
  static func rows(_ name: String) throws -> [[String]] {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      .split(whereSeparator: \.isNewline).dropFirst()
      .map { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }
  }
}
