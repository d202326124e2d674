import Histories

extension RelationWorkspace {
  /// Added to the answers and twice to the questions of a rate, so that one answer or none does not make it 0 or 1.
  static let priorAnswers = 1.0

  /// Group J: how the customer was contacted and may be.
  func writeContacts(_ summary: ContactSummary, into row: FeatureRow) {
    if known.hasContactPurposes { row[.ct90] = Double(summary.marketing) }
    if summary.invited > 0 {
      row[.respRate365] =
        (Double(summary.followed) + Self.priorAnswers) / (Double(summary.invited) + 2 * Self.priorAnswers)
    }
    if known.hasContactOutcomes {
      if summary.attempted > 0 { row[.ctReach365] = Double(summary.answered) / Double(summary.attempted) }
      row[.ctUnansStreak] = Double(summary.unansweredStreak)
      let isOver = !summary.promisedAt.isNone && summary.promiseEnds < asOf
      row[.promiseBroken] = flag(
        isOver && !hasVisit(from: summary.promisedAt, through: summary.promiseEnds, isQualified: false))
    }
    writeConsent(summary, into: row)
  }

  private func writeConsent(_ summary: ContactSummary, into row: FeatureRow) {
    let consents = contactFacts.consents
    guard let starts = consents.starts else { return }
    var standing = ConsentStanding()
    for statement in Int(starts[customer])..<Int(starts[customer + 1]) {
      guard consents.days[statement] <= asOf else { break }
      standing.take(consents.statements[statement])
    }
    let refused = standing.refused.channels(purpose: .marketing)
      .union(standing.refused.channels(purpose: .service)).union(standing.refused.channels(purpose: .care))
    row[.optoutAny] = flag(!refused.isEmpty)
    var usable = contactFacts.channels[customer]
    if summary.phone == .invalid { usable.subtract([.phone, .sms]) }
    let allowed = standing.granted.channels(purpose: .marketing)
      .union(standing.granted.channels(purpose: .service))
    row[.reachableCh] = Double(usable.intersection(allowed).count)
  }

  /// Features 13, 14 and 80: what is booked, and what stands in the workshop.
  func writeAppointments(into row: FeatureRow) {
    row[.inShop] = flag(isInShop)
    let appointments = contactFacts.appointments
    guard let starts = appointments.starts else { return }
    let missedDays = 365
    let noShow: UInt8 = 2
    var open = false
    var missed = 0
    for booking in Int(starts[customer])..<Int(starts[customer + 1]) {
      guard appointments.bookedOn[booking] <= asOf else { break }
      let about = appointments.vehicles[booking]
      guard about < 0 || about == Int32(vehicle) else { continue }
      let day = appointments.forDays[booking]
      if day > asOf {
        open = true
      } else if day > asOf - missedDays, appointments.states[booking] == noShow {
        missed += 1
      }
    }
    row[.apptOpen] = flag(open)
    if known.hasAppointmentStates { row[.noshow365] = Double(missed) }
  }
}
