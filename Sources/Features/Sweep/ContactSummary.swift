import Histories

/// What contacts with the customer came to, as known at the as-of date.
struct ContactSummary {
  /// Marketing contacts of 90 days.
  var marketing = 0
  /// Of 365 days: attempts that somebody answered, and all whose answer is known.
  var answered = 0
  var attempted = 0
  /// Attempts in vain since the last answered one.
  var unansweredStreak = 0
  /// Contacts about this vehicle whose 45 days are over, and those followed by a qualified visit.
  var invited = 0
  var followed = 0
  /// Day of the last promise to come with this vehicle in 365 days, and the day by which it should have been kept.
  var promisedAt = Day.none
  var promiseEnds = Day.none
  /// Whether somebody answered the phone last, or the number was found invalid.
  var phone = PhoneEvidence.none

  enum PhoneEvidence { case none, answered, invalid }
}

/// What the outcome of a contact says, by the codes of `Vocabularies.contactOutcome`.
package enum ContactOutcome {
  private static var reached: UInt8 { 0 }
  private static var noAnswer: UInt8 { 1 }
  private static var refused: UInt8 { 2 }
  private static var promised: UInt8 { 3 }
  private static var booked: UInt8 { 4 }
  package static var invalid: UInt8 { 5 }
  package static var delivered: UInt8 { 6 }
  package static var failed: UInt8 { 7 }

  /// Somebody spoke; a message that was delivered says nothing.
  @inline(__always)
  package static func isAnswered(_ code: UInt8) -> Bool {
    code == reached || code == refused || isPromise(code)
  }

  @inline(__always)
  static func isInVain(_ code: UInt8) -> Bool { code == noAnswer || code == invalid || code == failed }

  @inline(__always)
  static func isPromise(_ code: UInt8) -> Bool { code == promised || code == booked }
}

/// Codes of `Vocabularies.contactPurpose` and `Vocabularies.channel` that the features tell apart.
enum ContactCode {
  static var marketing: UInt8 { 0 }
  static var survey: UInt8 { 2 }
  static var phone: UInt8 { 0 }
  static var sms: UInt8 { 1 }
}

extension RelationWorkspace {
  private static let marketingDays = 90
  private static let yearDays = 365
  /// Days in which a visit counts as an answer to a contact, and in which a promise is to be kept.
  private static let responseDays = 45
  private static let promiseDays = 30

  /// One pass over the customer's contacts.
  ///
  /// - Complexity: O(contacts + visits of the last year).
  func contactSummary() -> ContactSummary {
    var summary = ContactSummary()
    let contacts = contactFacts.contacts
    guard let starts = contacts.starts else { return summary }
    for contact in Int(starts[customer])..<Int(starts[customer + 1]) {
      let day = contacts.days[contact]
      guard day <= asOf else { break }
      let outcome = contacts.outcomes[contact]
      let purpose = contacts.purposes[contact]
      let isAnswered = ContactOutcome.isAnswered(outcome)
      let isInVain = ContactOutcome.isInVain(outcome)
      if isAnswered { summary.unansweredStreak = 0 }
      if isInVain { summary.unansweredStreak += 1 }
      note(outcome, on: contacts.channels[contact], in: &summary)
      guard day > asOf - Self.yearDays else { continue }
      if purpose == ContactCode.marketing, day > asOf - Self.marketingDays { summary.marketing += 1 }
      if isAnswered { summary.answered += 1 }
      if isAnswered || isInVain { summary.attempted += 1 }
      let about = contacts.vehicles[contact]
      guard about < 0 || about == Int32(vehicle) else { continue }
      if purpose != ContactCode.survey, day <= asOf - Self.responseDays {
        summary.invited += 1
        if hasVisit(from: day + 1, through: day + Self.responseDays, isQualified: true) {
          summary.followed += 1
        }
      }
      if ContactOutcome.isPromise(outcome) {
        let wanted = contacts.promisedOn[contact]
        summary.promisedAt = day
        summary.promiseEnds = (wanted.isNone ? day : max(day, wanted)) + Self.promiseDays
      }
    }
    return summary
  }

  @inline(__always)
  private func note(_ outcome: UInt8, on channel: UInt8, in summary: inout ContactSummary) {
    if channel == ContactCode.phone, ContactOutcome.isAnswered(outcome) { summary.phone = .answered }
    if channel == ContactCode.phone || channel == ContactCode.sms, outcome == ContactOutcome.invalid {
      summary.phone = .invalid
    }
  }

  /// Whether a visit began between two days, both included.
  func hasVisit(from first: Day, through last: Day, isQualified: Bool) -> Bool {
    var index = visits.count - 1
    while index >= 0, visits.base[index].day >= first {
      if visits.base[index].day <= last, !isQualified || visits.base[index].isQualified { return true }
      index -= 1
    }
    return false
  }
}
