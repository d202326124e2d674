/// How fast something goes and how long it will take, in words; of what was done before this run only the rest counts.
public struct ProgressRate: Sendable {
  private let started = ContinuousClock.now
  private let before: Int
  private let total: Int?
  private let isEstimate: Bool

  /// - Parameters:
  ///   - before: what was done before.
  ///   - total: of all, with that; `nil` where it is not known.
  ///   - isEstimate: whether `total` is about right only.
  public init(before: Int = 0, total: Int?, isEstimate: Bool = false) {
    self.isEstimate = isEstimate
    self.before = before
    self.total = total
  }

  /// `1,200,000 of 10,000,000 rows, 350,000 a second, 25 s left`.
  public func words(_ done: Int) -> String { words(done, after: ContinuousClock.now - started) }

  func words(_ done: Int, after duration: Duration) -> String {
    let seconds = duration / .seconds(1)
    let own = Double(done - before)
    var text =
      NumberText.grouped(done)
      + (total.map { " of \(isEstimate ? "about " : "")\(NumberText.grouped(max($0, done)))" } ?? "")
      + " rows"
    guard seconds > 0, own > 0 else { return text }
    let rate = own / seconds
    text += ", \(NumberText.grouped(Int(rate.rounded()))) a second"
    if let total, total > done { text += ", \(Self.time(Double(total - done) / rate)) left" }
    return text
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(whole % 60) s" : "\(whole) s"
  }
}
