import Histories

extension RelationWorkspace {
  /// Added to the answers and twice to the questions of a rate, so that one answer or none does not make it 0 or 1.
  static let priorAnswers = 1.0
  private static let contactPurposes: [ConsentPurpose] = [.marketing, .service, .care]

  /// Group J: how the customer was contacted and may be.
  func writeContacts(_ summary: ContactSummary, into row: FeatureRow) {
    if known.hasContactPurposes { row[.ct90] = Double(summary.marketing) }
    if known.hasContacts, summary.invited > 0 {
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
    guard known.hasConsents else { return }
    let standing = histories.consents.standing(of: customer, asOf: asOf)
    row[.optoutAny] = flag(
      Self.contactPurposes.contains { !standing.refused.channels(purpose: $0).isEmpty })
    var usable = histories.customers.channels.base[customer]
    if summary.phone == .invalid { usable.subtract([.phone, .sms]) }
    let allowed = standing.granted.channels(purpose: .marketing)
      .union(standing.granted.channels(purpose: .service))
    row[.reachableCh] = Double(usable.intersection(allowed).count)
  }

  /// Features 13, 14 and 80: what is booked, and what stands in the workshop.
  func writeAppointments(into row: FeatureRow) {
    row[.inShop] = flag(isInShop)
    guard known.hasAppointments else { return }
    let missedDays = 365
    let noShow: UInt8 = 2
    let appointments = histories.appointments
    var open = false
    var missed = 0
    for booking in Int(appointments.starts.base[customer])..<Int(appointments.starts.base[customer + 1]) {
      guard appointments.bookedOn.base[booking] <= asOf else { break }
      let about = appointments.vehicles.base[booking]
      guard about < 0 || about == Int32(vehicle) else { continue }
      let day = appointments.forDays.base[booking]
      if day > asOf {
        open = true
      } else if day > asOf - missedDays, appointments.states.base[booking] == noShow {
        missed += 1
      }
    }
    row[.apptOpen] = flag(open)
    if known.hasAppointmentStates { row[.noshow365] = Double(missed) }
  }
}
