import Histories

/// Whole hours in the workshop by leading class, of visits of 730 days.
struct HoursHistogram {
  private static let maximumHours = 999
  private static let classCount = VisitClasses.names.count

  private var counts = [Int32](repeating: 0, count: classCount * (maximumHours + 1))

  mutating func add(_ workspace: RelationWorkspace) {
    for index in workspace.firstOf730..<workspace.visits.count {
      let visit = workspace.visits.base[index]
      guard visit.hours != .max, let leading = visit.classes.leadingIndex else { continue }
      counts[leading * (Self.maximumHours + 1) + min(Int(visit.hours), Self.maximumHours)] += 1
    }
  }

  mutating func add(_ other: HoursHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// The median of each class; NaN without visits.
  var medians: [Double] { (0..<Self.classCount).map(median) }

  private func median(class index: Int) -> Double {
    let bins = counts[(index * (Self.maximumHours + 1))..<((index + 1) * (Self.maximumHours + 1))]
    let total = bins.reduce(0) { $0 + Int($1) }
    guard total > 0 else { return .nan }
    var seen = 0
    for (hour, count) in bins.enumerated() {
      seen += Int(count)
      if seen * 2 >= total { return Double(hour) }
    }
    return .nan
  }
}
