import Tables

/// Rows by feature that miss it, and that hold what the model has not seen.
struct FeatureCounts {
  private(set) var counts: [(feature: String, counts: ColumnReading.Counts)]

  init(_ counts: [(feature: String, counts: ColumnReading.Counts)]) {
    self.counts = counts
  }

  var json: [String: Any] { ["missing": object(\.missing), "unseen": object(\.unseen)] }

  private func object(_ count: KeyPath<ColumnReading.Counts, Int>) -> [String: Int] {
    Dictionary(
      uniqueKeysWithValues: counts.filter { $0.counts[keyPath: count] > 0 }.map {
        ($0.feature, $0.counts[keyPath: count])
      })
  }

  /// The same in words; nothing where nothing is missing or unseen.
  func lines(_ common: CommonOptions) -> [String] {
    let chinese = common.language == .chinese
    func line(_ title: String, _ count: KeyPath<ColumnReading.Counts, Int>) -> [String] {
      let found = counts.filter { $0.counts[keyPath: count] > 0 }
      guard !found.isEmpty else { return [] }
      let list = found.map { "\($0.feature) \(Shown.count($0.counts[keyPath: count]))" }
      return [title + list.joined(separator: ", ")]
    }
    return line(chinese ? "缺失值（行数）：" : "Missing values (rows): ", \.missing)
      + line(chinese ? "未见取值（行数）：" : "Unseen values (rows): ", \.unseen)
  }
}
