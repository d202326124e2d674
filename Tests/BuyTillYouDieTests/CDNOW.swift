import BuyTillYouDie
import Foundation

/// The CDNOW customers, which stand beside the package, not in it.
enum CDNOW {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared/reference/clv")

  /// Whether the files are there; says so on the console when not.
  static let isThere: Bool = {
    let found = FileManager.default.fileExists(atPath: folder.path)
    if !found { print("skipped: the reference data beside the package (shared/reference/clv) are not there") }
    return found
  }()

  struct Customer {
    var history: RepeatHistory
    /// Repeats in the 39 weeks after the calibration.
    var later: Double
  }

  /// 39 weeks of calibration.
  static func customers() throws -> [Customer] {
    try String(contentsOf: folder.appendingPathComponent("cdnow_holdout.csv"), encoding: .utf8)
      .split(whereSeparator: \.isNewline).dropFirst().map { line in
        let cells = line.split(separator: ",").map { Double($0)! }
        return Customer(
          history: RepeatHistory(repeats: Int(cells[1]), last: cells[2], age: cells[3]),
          later: cells[4])
      }
  }
}
