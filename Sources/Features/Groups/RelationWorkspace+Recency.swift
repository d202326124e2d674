import Histories

extension RelationWorkspace {
  /// Group A: how long ago, and how far beyond due.
  func writeRecency(_ state: DueState, into row: FeatureRow) {
    let sinceStart = daysSince(start)
    let sinceQualified = lastQualified >= 0 ? daysSince(visits[lastQualified].day) : sinceStart
    row[.recQDays] = sinceQualified
    row[.recPaidDays] = lastPaid >= 0 ? daysSince(visits[lastPaid].day) : sinceStart
    row[.recAnyDays] = visits.isEmpty ? sinceStart : daysSince(visits[visits.count - 1].day)
    row[.neverServiced] = flag(!hasQualifiedVisitSinceStart)

    let sinceBase = daysSince(state.base)
    let overdue = daysSince(state.dueOn)
    row[.daysOverTime] = sinceBase - state.monthsRuleDays.rounded(.down)
    row[.kmOver] = state.odometer - (state.odometerAtBase + state.intervalKm)
    row[.daysOverDue] = overdue
    row[.overdueRatio] = sinceBase / state.expectedInterval
    row[.missedCycles] = (max(0, overdue) / state.expectedInterval).rounded(.down)
    row[.recOverOwnGap] = sinceQualified / state.ownGap
    row[.recZ] = (sinceQualified - state.ownGap) / state.ownSpread
    row[.firstServiceLate] = flag(isFirstServiceLate)
  }

  private var hasQualifiedVisitSinceStart: Bool {
    lastQualified >= 0 && visits[lastQualified].lastDay >= start
  }

  private var isFirstServiceLate: Bool {
    let graceDays = 30.0
    let firstDays = schedule.firstMonths * ServiceSchedule.daysPerMonth
    return lastScheduled < 0 && beganNew && daysSince(start) > firstDays + graceDays
  }
}
