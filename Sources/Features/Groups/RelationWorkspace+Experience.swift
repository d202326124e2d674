import Histories

extension RelationWorkspace {
  /// Group G: how the workshop served.
  func writeService(_ peers: PeerRates, into row: FeatureRow) {
    guard !visits.isEmpty else { return }
    let last = visits[visits.count - 1]
    if last.hours != .max, let leading = last.classes.leadingIndex {
      let usual = peers.hoursMedians[leading]
      if usual > 0 { row[.tatLastRatio] = Double(last.hours) / usual }
    }
    writeAdvisers(into: row)
  }

  private func writeAdvisers(into row: FeatureRow) {
    var latest: (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    var seen = 0
    var index = visits.count - 1
    while index >= 0, seen < 4 {
      let adviser = visits.base[index].adviser
      if adviser >= 0 {
        switch seen {
        case 0: latest.0 = adviser
        case 1: latest.1 = adviser
        case 2: latest.2 = adviser
        default: latest.3 = adviser
        }
        seen += 1
      }
      index -= 1
    }
    guard seen > 0 else { return }
    var distinct = 1
    if latest.1 >= 0, latest.1 != latest.0 { distinct += 1 }
    if latest.2 >= 0, latest.2 != latest.0, latest.2 != latest.1 { distinct += 1 }
    if latest.3 >= 0, latest.3 != latest.0, latest.3 != latest.1, latest.3 != latest.2 { distinct += 1 }
    row[.saDistinct4] = Double(distinct) / 4
    let usual = usualAdviser ?? findUsualAdviser()
    usualAdviser = usual
    row[.saChangedLast] = flag(latest.0 != usual)
    if hasAdvisers {
      let until = facts.adviserActiveTo[Int(usual)]
      row[.saLeft] = flag(!until.isNone && until < asOf)
    }
  }

  /// The adviser of most visits; of several, the one of the latest visit.
  private func findUsualAdviser() -> Int32 {
    var usual: Int32 = -1
    var most = 0
    var index = visits.count - 1
    while index >= 0 {
      let adviser = visits.base[index].adviser
      if adviser >= 0, adviser != usual {
        var count = 0
        for other in 0...index where visits.base[other].adviser == adviser { count += 1 }
        if count > most {
          most = count
          usual = adviser
        }
      }
      index -= 1
    }
    return usual
  }

  /// Group H: what the customer said.
  func writeSatisfaction(_ peers: PeerRates, into row: FeatureRow) {
    let surveys = facts.surveys
    guard let starts = surveys.starts else { return }
    var last = Double.nan
    var earlierSum = 0.0
    var earlierCount = 0.0
    var recentSum = 0.0
    var recentCount = 0.0
    var promoterScore = Double.nan
    for survey in Int(starts[customer])..<Int(starts[customer + 1]) {
      let day = surveys.days[survey]
      guard day <= asOf else { break }
      let score = Double(surveys.scores[survey])
      if PeerRates.isPromoterScore(surveys.kinds[survey]) {
        promoterScore = score * 10
        continue
      }
      if !last.isNaN {
        earlierSum += last
        earlierCount += 1
      }
      last = score
      if day > asOf - 730 {
        recentSum += score
        recentCount += 1
      }
    }
    row[.csiLast] = last
    if earlierCount > 0 { row[.csiTrend] = last - earlierSum / earlierCount }
    if recentCount > 0 {
      let storeWeight = 2.0
      let home = facts.homeDealers[customer]
      let store = home >= 0 ? peers.satisfactionMeans[Int(home)] : peers.satisfactionMean
      row[.csiMean730] = (recentSum + storeWeight * store) / (recentCount + storeWeight)
    }
    row[.npsClass] = promoterScore.isNaN ? 3 : promoterScore >= 8.5 ? 0 : promoterScore >= 6.5 ? 1 : 2
  }

  /// Group I: what the customer complained about.
  func writeComplaints(into row: FeatureRow) {
    let complaints = facts.complaints
    guard let starts = complaints.starts else { return }
    var recent = 0
    var open = 0
    var oldestOpen = 0.0
    var severity: UInt8 = 0
    var unsettled = 0
    var latest = Day.none
    for complaint in Int(starts[customer])..<Int(starts[customer + 1]) {
      let opened = complaints.openedOn[complaint]
      guard opened <= asOf else { break }
      latest = opened
      let status = status(of: complaint)
      if status.isOpen {
        open += 1
        oldestOpen = max(oldestOpen, daysSince(opened))
      }
      if opened > asOf - 365 {
        recent += 1
        severity = max(severity, complaints.severities[complaint])
      }
      if status.isUnsettled { unsettled += 1 }
    }
    row[.cmp365] = Double(recent)
    row[.cmpOpen] = Double(open)
    row[.cmpOpenDays] = oldestOpen
    row[.cmpSev] = Double(severity)
    row[.cmpReopen] = Double(unsettled)
    let lastVisit = visits.isEmpty ? start : visits[visits.count - 1].lastDay
    row[.cmpAfterLast] = flag(!latest.isNone && latest > lastVisit)
  }

  /// A complaint's state from its history: what happened after the as-of date is not known.
  private func status(of complaint: Int) -> (isOpen: Bool, isUnsettled: Bool) {
    let complaints = facts.complaints
    let closed = complaints.closedOn[complaint]
    let reopened = complaints.reopenedOn[complaint]
    let isClosed = !closed.isNone && closed <= asOf
    let isReopened = !reopened.isNone && reopened <= asOf
    let isOpen = !isClosed || (isReopened && reopened > closed)
    let recentlyReopened = isReopened && reopened > asOf - 730
    let closedDissatisfied = isClosed && closed > asOf - 730 && complaints.satisfied[complaint] == 0
    return (isOpen, recentlyReopened || closedDissatisfied)
  }
}
