/// A bar of characters to the right of a middle line for what raises the log-odds, to its left for what lowers them.
enum TermBar {
  /// - Parameters:
  ///   - greatest: the magnitude that takes a whole half.
  ///   - width: cells, the middle line counted.
  static func text(_ value: Double, greatest: Double, width: Int) -> String {
    let half = (width - 1) / 2
    guard half > 0, greatest > 0, value.isFinite else { return "│" }
    let length = min(Int((value.magnitude / greatest * Double(half)).rounded()), half)
    let bar = String(repeating: "█", count: length)
    return value < 0
      ? String(repeating: " ", count: half - length) + bar + "│"
      : String(repeating: " ", count: half) + "│" + bar
  }
}
