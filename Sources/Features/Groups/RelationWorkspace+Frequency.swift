import Histories

/// Maintenance cycles that mileage says were done elsewhere, over all visits.
struct SkippedCycles: BitwiseCopyable {
  var count = 0.0
  /// Whether two maintenance visits in a row have readings that can be compared.
  var hasPair = false
}

extension RelationWorkspace {
  /// Group B: how often and how regularly.
  func writeFrequency(_ state: DueState, into row: FeatureRow) {
    var qualified365 = 0
    var qualified730 = 0
    var paid365 = 0
    var maintenance365 = 0
    var scheduled730 = 0
    for index in firstOf730..<visits.count {
      let visit = visits.base[index]
      if visit.isQualified { qualified730 += 1 }
      if visit.isScheduled { scheduled730 += 1 }
      guard index >= firstOf365 else { continue }
      if visit.isQualified { qualified365 += 1 }
      if visit.isPaid { paid365 += 1 }
      if visit.classes.contains(.maintenance) { maintenance365 += 1 }
    }
    row[.nQ365] = Double(qualified365)
    row[.nQ730] = Double(qualified730)
    row[.nQTrend] = Double(2 * qualified365 - qualified730)
    row[.nPaid365] = Double(paid365)
    row[.nMaint365] = Double(maintenance365)
    row[.visitsPerYear] = Double(total.qualifiedSinceStart) / max(0.5, daysSince(start) / 365.25)
    row[.walletShare] = walletShare(scheduled730, state)
    let firstDay = visits.isEmpty ? start : min(start, visits[0].day)
    row[.tenureDays] = daysSince(firstDay)
    writeGaps(into: row)
    writeMaintenanceHabits(state, into: row)
  }

  /// Maintenance seen against maintenance expected in the last 730 days; missing in the first 90 days.
  private func walletShare(_ seen: Int, _ state: DueState) -> Double {
    let window = min(730, daysSince(start))
    guard window >= 90 else { return .nan }
    return min(1.5, Double(seen) / (window / state.regularInterval))
  }

  /// Uses the gaps that the due state has gathered, latest first.
  private func writeGaps(into row: FeatureRow) {
    guard gaps.count > 0 else { return }
    values.removeAll()
    for index in 0..<gaps.count { values.append(gaps[index]) }
    let median = values.median()
    row[.gapMedian] = median
    if gaps.count >= 3, median > 0 {
      row[.gapCv] = 1.4826 * values.medianAbsoluteDeviation(from: median) / median
    }
    if gaps.count >= 2 {
      values.removeAll()
      for index in 1..<gaps.count { values.append(gaps[index]) }
      let earlier = values.median()
      if earlier > 0 { row[.gapLastRatio] = gaps[0] / earlier }
    }
  }

  /// Punctuality of the last six maintenance visits, and cycles that mileage says were done elsewhere.
  private func writeMaintenanceHabits(_ state: DueState, into row: FeatureRow) {
    let schedule = schedule
    let beganNew = beganNew
    let maximumVisits = 6
    var judged = 0
    var onTime = 0
    var index = lastScheduled
    while index >= 0, judged < maximumVisits {
      let visit = visits.base[index]
      let earlier = scheduledVisit(before: index)
      if earlier >= 0 || beganNew {
        let interval = earlier >= 0 ? state.regularInterval : firstInterval(schedule, state)
        let base = earlier >= 0 ? visits.base[earlier].day : start
        let late = Double(visit.day - base) - interval
        judged += 1
        if late >= -30, late <= 45 { onTime += 1 }
      }
      index = earlier
    }
    if judged > 0 { row[.ontimeRate] = Double(onTime) / Double(judged) }
    let skipped = skippedCycles ?? countSkippedCycles(schedule)
    skippedCycles = skipped
    if skipped.hasPair { row[.skippedKmCycles] = skipped.count }
  }

  /// The maintenance visit before another visit, −1 for none.
  @inline(__always)
  private func scheduledVisit(before index: Int) -> Int {
    var earlier = index - 1
    while earlier >= 0, !visits.base[earlier].isScheduled { earlier -= 1 }
    return earlier
  }

  private func countSkippedCycles(_ schedule: ServiceSchedule) -> SkippedCycles {
    var skipped = SkippedCycles()
    var index = lastScheduled
    while index >= 0 {
      let visit = visits.base[index]
      let earlier = scheduledVisit(before: index)
      if earlier >= 0 {
        let before = visits.base[earlier]
        if before.odometer >= 0, visit.odometer >= before.odometer {
          skipped.hasPair = true
          skipped.count += max(0, (Double(visit.odometer - before.odometer) / schedule.km).rounded() - 1)
        }
      }
      index = earlier
    }
    return skipped
  }

  private func firstInterval(_ schedule: ServiceSchedule, _ state: DueState) -> Double {
    let byKm = state.kmPerDay > 0 ? schedule.firstKm / state.kmPerDay : .infinity
    return min(schedule.firstMonths * ServiceSchedule.daysPerMonth, byKm)
  }
}
