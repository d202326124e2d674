extension LoadContext {
  /// Tables are exported some days after the last order.
  private static let exportDays = 31

  /// Counts events that lie beyond the end of the data: they are mistyped, or plans. They stay, for no date that can be
  /// asked for lies so late, and none earlier sees them.
  func noteLateEvents(after dataEnd: Day, _ tables: [(name: String, days: Buffer<Day>)]) {
    let last = dataEnd + Self.exportDays
    for (name, days) in tables {
      report.count(
        name, "dated more than 31 days after the end of the data", .noted, at: nil,
        times: days.values.count { $0 > last })
    }
  }
}
