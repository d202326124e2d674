import Histories

extension RelationWorkspace {
  private static let answerWindow = 730
  /// Days after an invitation in which an answer belongs to it, and after which none is expected.
  private static let waitingDays = 30

  /// Features 90 and 91: single items, and whether the customer answers at all.
  func writeAnswers(into row: FeatureRow) {
    guard known.hasSurveys else { return }
    let items = histories.surveys.items
    var lowest = Double.nan
    for answer in Int(items.starts.base[customer])..<Int(items.starts.base[customer + 1]) {
      let day = items.days.base[answer]
      guard day <= asOf else { break }
      guard day > asOf - Self.answerWindow else { continue }
      let score = Double(items.scores.base[answer])
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

  /// Days of the window with an overall answer.
  private func answerDays() -> Int {
    let surveys = histories.surveys
    var count = 0
    var last = Day.none
    for answer in Int(surveys.starts.base[customer])..<Int(surveys.starts.base[customer + 1]) {
      let day = surveys.days.base[answer]
      guard day <= asOf else { break }
      guard day > asOf - Self.answerWindow, day != last else { continue }
      last = day
      count += 1
    }
    return count
  }

  /// Survey contacts of the window without an answer in time.
  private func unanswered() -> Int {
    let contacts = histories.contacts
    var count = 0
    for contact in Int(contacts.starts.base[customer])..<Int(contacts.starts.base[customer + 1]) {
      let day = contacts.days.base[contact]
      guard day <= asOf - Self.waitingDays else { break }
      if day > asOf - Self.answerWindow, contacts.purposes.base[contact] == ContactCode.survey,
        !hasAnswer(from: day, through: day + Self.waitingDays)
      {
        count += 1
      }
    }
    return count
  }

  private func hasAnswer(from first: Day, through last: Day) -> Bool {
    let surveys = histories.surveys
    for answer in Int(surveys.starts.base[customer])..<Int(surveys.starts.base[customer + 1]) {
      let day = surveys.days.base[answer]
      if day > last { return false }
      if day >= first { return true }
    }
    return false
  }
}
