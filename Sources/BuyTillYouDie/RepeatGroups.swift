/// The sufficient statistics of many histories: the distinct ones and how often each stands there.
///
/// Times are numbered by the sorted list of those that occur, so that whole days and fractions are treated alike.
/// Sums over groups do not depend on the order in which the histories came. Memory: 16 bytes a distinct history, 8 a
/// distinct time.
public struct RepeatGroups: Sendable {
  /// One distinct history and its count; times as places in `times`.
  struct Group: BitwiseCopyable {
    var repeats: Int32
    var last: Int32
    var age: Int32
    var count: Int32
  }

  /// By repeats, then age, then last.
  let groups: [Group]
  /// The distinct times, ascending; the first is 0.
  let times: [Double]
  /// Number of histories.
  public let count: Int
  /// The most repeats.
  public let maximumRepeats: Int
  /// Σ ln of the intervals between successive events, of all histories together; `nil` when unknown. The likelihood of
  /// regular visits needs no more of the intervals, and only that of different k does.
  public let logIntervals: Double?

  /// Number of distinct histories.
  public var distinctCount: Int { groups.count }

  /// Counts equal histories.
  ///
  /// - Parameter logIntervals: Σ ln of the intervals from the origin to the first repeat, from there to the second and
  ///   so on, in the unit of the histories' times, over all histories; `nil` when the intervals are not known.
  /// - Throws: `RepeatModelError` for an impossible history.
  /// - Complexity: O(n + m log m) for m distinct times
  public init(
    _ histories: some Sequence<RepeatHistory>, logIntervals: Double? = nil
  ) throws(RepeatModelError) {
    if let logIntervals, !logIntervals.isFinite { throw RepeatModelError(.intervals) }
    var counting = HistoryCounting(reserving: histories.underestimatedCount)
    var index = 0
    for history in histories {
      if let fault = history.fault { throw RepeatModelError(.history(index: index, fault)) }
      counting.add(history)
      index += 1
    }
    guard let sorted = counting.sorted() else { throw RepeatModelError(.tooManyDistinct) }
    (times, groups) = sorted
    count = index
    maximumRepeats = Int(groups.last?.repeats ?? 0)
    self.logIntervals = logIntervals
  }

  /// Every `step`-th of the distinct histories.
  func thinned(by step: Int) -> RepeatGroups {
    RepeatGroups(groups: stride(from: 0, to: groups.count, by: step).map { groups[$0] }, times: times)
  }

  private init(groups: [Group], times: [Double]) {
    self.groups = groups
    self.times = times
    count = groups.reduce(0) { $0 + Int($1.count) }
    maximumRepeats = groups.reduce(0) { max($0, Int($1.repeats)) }
    logIntervals = nil
  }

  /// Events after the origins, and the sum of the times of observation.
  var totals: (events: Double, time: Double) {
    var events = 0.0
    var time = 0.0
    for group in groups {
      events += Double(group.count) * Double(group.repeats)
      time += Double(group.count) * times[Int(group.age)]
    }
    return (events, time)
  }
}
