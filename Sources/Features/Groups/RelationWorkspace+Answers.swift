import Histories

extension RelationWorkspace {
  private static let answerWindow = 730
  /// Days after an invitation in which an answer belongs to it, and after which none is expected.
  private static let waitingDays = 30

  /// Features 90 and 91: single items, and whether the customer answers at all.
  func writeAnswers(into row: FeatureRow) {
    let items = contactFacts.items
    guard let starts = items.starts else { return }
    var lowest = Double.nan
    for answer in Int(starts[customer])..<Int(starts[customer + 1]) {
      let day = items.days[answer]
      guard day <= asOf else { break }
      guard day > asOf - Self.answerWindow else { continue }
      let score = Double(items.scores[answer])
      if lowest.isNaN || score < lowest { lowest = score }
    }
    row[.csiMinItem] = lowest
    guard known.hasContactPurposes else { return }
    let answers = answerDays()
    let questions = answers + unanswered()
    if questions > 0 {
      row[.svyRate] =
        (Double(answers) + Self.priorAnswers) / (Double(questions) + 2 * Self.priorAnswers)
    }
  }

  /// The customer's overall answers.
  private var answerRun: Range<Int> {
    guard let starts = facts.surveys.starts else { return 0..<0 }
    return Int(starts[customer])..<Int(starts[customer + 1])
  }

  /// Days of the window with an overall answer.
  private func answerDays() -> Int {
    var count = 0
    var last = Day.none
    for answer in answerRun {
      let day = facts.surveys.days[answer]
      guard day <= asOf else { break }
      guard day > asOf - Self.answerWindow, day != last else { continue }
      last = day
      count += 1
    }
    return count
  }

  /// Survey contacts of the window without an answer in time.
  private func unanswered() -> Int {
    let contacts = contactFacts.contacts
    guard let starts = contacts.starts else { return 0 }
    var count = 0
    for contact in Int(starts[customer])..<Int(starts[customer + 1]) {
      let day = contacts.days[contact]
      guard day <= asOf - Self.waitingDays else { break }
      if day > asOf - Self.answerWindow, contacts.purposes[contact] == ContactCode.survey,
        !hasAnswer(from: day, through: day + Self.waitingDays)
      {
        count += 1
      }
    }
    return count
  }

  private func hasAnswer(from first: Day, through last: Day) -> Bool {
    for answer in answerRun {
      let day = facts.surveys.days[answer]
      if day > last { return false }
      if day >= first { return true }
    }
    return false
  }
}
