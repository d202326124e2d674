import Histories

/// When the next maintenance is due, and what follows from it.
struct DueState: BitwiseCopyable {
  /// Shrunk kilometres per day; NaN when no relation of the segment has any.
  var kmPerDay: Double
  /// Last maintenance, else the start of the relation.
  var base: Day
  /// Days from `base` to the due date by each rule; the km rule is infinite without a rate.
  var monthsRuleDays: Double
  var kmRuleDays: Double
  /// Kilometres that the schedule allows from `base`.
  var intervalKm: Double
  /// Expected interval in days: the earlier rule, at least 30.
  var expectedInterval: Double
  /// Expected interval of the regular schedule, whatever comes next.
  var regularInterval: Double
  /// Estimated odometer at the as-of date, NaN without a reading.
  var odometer: Double
  /// Odometer at the last maintenance, 0 at delivery, NaN when unknown.
  var odometerAtBase: Double
  /// Own median gap between qualified visits, shrunk to the expected interval.
  var ownGap: Double
  /// Spread of own gaps in days, shrunk.
  var ownSpread: Double
  var gapCount: Int

  var dueOn: Day { base + Int(expectedInterval.rounded(.down)) }
}

extension RelationWorkspace {
  private static let minimumInterval = 30.0
  /// Own gaps that are looked at: the last five.
  static let gapWindow = 5
  /// The schedule's weight against own gaps, in gaps.
  private static let priorGaps = 2.0
  /// Spread of gaps taken for granted, as a share of the expected interval.
  private static let priorSpread = 0.25
  private static let minimumSpread = 7.0

  /// Works out the due state of the loaded relation.
  func dueState(segment: UsageSegment, own: UsageRate) -> DueState {
    let schedule = schedule
    let kmPerDay = own.shrunk(to: segment)
    let isFirst = lastScheduled < 0 && beganNew
    let months = isFirst ? schedule.firstMonths : schedule.months
    let km = isFirst ? schedule.firstKm : schedule.km
    let monthsDays = months * ServiceSchedule.daysPerMonth
    let kmDays = kmPerDay > 0 ? km / kmPerDay : .infinity
    let regularKmDays = kmPerDay > 0 ? schedule.km / kmPerDay : .infinity
    let interval = max(min(monthsDays, kmDays), Self.minimumInterval)

    var state = DueState(
      kmPerDay: kmPerDay, base: lastScheduled >= 0 ? visits[lastScheduled].day : start,
      monthsRuleDays: monthsDays, kmRuleDays: kmDays, intervalKm: km, expectedInterval: interval,
      regularInterval: max(
        min(schedule.months * ServiceSchedule.daysPerMonth, regularKmDays), Self.minimumInterval),
      odometer: .nan, odometerAtBase: isFirst ? 0 : .nan, ownGap: interval, ownSpread: 0, gapCount: 0)
    estimateOdometer(&state)
    summariseGaps(&state)
    return state
  }

  private func estimateOdometer(_ state: inout DueState) {
    var index = visits.count - 1
    while index >= 0, visits[index].odometer < 0 { index -= 1 }
    if index >= 0 {
      let since = daysSince(visits[index].day)
      state.odometer = Double(visits[index].odometer) + (state.kmPerDay.isNaN ? 0 : state.kmPerDay * since)
    }
    if lastScheduled >= 0 {
      let km = visits[lastScheduled].odometer
      state.odometerAtBase = km >= 0 ? Double(km) : .nan
    }
  }

  /// Gaps between the last qualified visits, and their centre and spread shrunk to the schedule.
  private func summariseGaps(_ state: inout DueState) {
    gaps.removeAll()
    var later = lastQualified
    while later >= 0, gaps.count < Self.gapWindow {
      var earlier = later - 1
      while earlier >= 0, !visits[earlier].isQualified { earlier -= 1 }
      if earlier < 0 { break }
      gaps.append(Double(visits[later].day - visits[earlier].day))
      later = earlier
    }
    let k = Double(gaps.count)
    values.removeAll()
    for index in 0..<gaps.count { values.append(gaps[index]) }
    let median = values.median()
    let prior = state.expectedInterval
    state.gapCount = gaps.count
    let spread = gaps.count >= 2 ? 1.4826 * values.medianAbsoluteDeviation(from: median) : 0
    let weight = gaps.count >= 2 ? k : 0
    state.ownGap = gaps.count > 0 ? (k * median + Self.priorGaps * prior) / (k + Self.priorGaps) : prior
    state.ownSpread = max(
      (weight * spread + Self.priorGaps * Self.priorSpread * prior) / (weight + Self.priorGaps),
      Self.minimumSpread)
  }

  /// Whether the relation is in the population: a qualified visit within the longer of a year and one and a half
  /// expected intervals, or a start within nine months that is not more than 180 days beyond its first due date.
  func isActive(_ state: DueState) -> Bool {
    guard isCurrent, !isInShop else { return false }
    if lastQualified >= 0 {
      let since = daysSince(visits[lastQualified].day)
      if since < max(365, 1.5 * state.expectedInterval) { return true }
    }
    let newcomerDays = 274.0
    return daysSince(start) <= newcomerDays && daysSince(state.dueOn) < 180
  }
}
