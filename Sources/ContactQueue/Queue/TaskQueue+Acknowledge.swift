extension TaskQueue {
  /// Takes what workers say of the tasks that they hold.
  ///
  /// - Returns: an answer to each, in order. The same word twice is `already`; a token that is not the current one is
  ///   refused, and nothing is changed by it.
  public func acknowledge(
    _ words: [Acknowledgement], at now: Moment
  ) throws(QueueError) -> [AckResult] {
    try change(at: now) { log throws(QueueError) in
      var tasks = try TaskRow.locked(words.map(\.task), log.session)
      var outcomes = OutcomeWriter(log: log, rules: self.rules)
      var answers: [AckResult] = []
      for word in words {
        guard var task = tasks[word.task] else {
          answers.append(.refused(.unknownTask))
          continue
        }
        var answer = Self.answer(word, task)
        if case .done = answer {
          // A second word on the same task sees what the first one did.
          try outcomes.add(word.outcome, word.reason, to: &task)
          tasks[word.task] = task
          answer = .done(task.state)
        }
        answers.append(answer)
      }
      try outcomes.write()
      return answers
    }
  }

  /// What is to be said to a word, before anything is changed; `done` when it is to be carried out.
  ///
  /// A worker that delivers without having said `sent` is believed: what happened, happened.
  private static func answer(_ word: Acknowledgement, _ task: TaskRow) -> AckResult {
    guard task.token == word.token else { return .refused(.wrongToken) }
    switch task.state {
    case .leased:
      return .done(task.state)
    case .sent:
      switch word.outcome {
      case .sent: return .already(.sent)
      case .released: return .refused(.noSuchMove)
      default: return .done(task.state)
      }
    case .unknown:
      switch word.outcome {
      case .sent: return .already(.unknown)
      case .released: return .refused(.noSuchMove)
      default: return .done(task.state)
      }
    case .delivered:
      switch word.outcome {
      case .sent, .released: return .refused(.noSuchMove)
      case let outcome where outcome.rawValue == task.reason: return .already(.delivered)
      default: return .done(task.state)
      }
    case .approved where word.outcome == .released && task.reason == Outcome.released.rawValue:
      return .already(task.state)
    case .approved, .failed, .dead:
      let isSame = word.outcome == .failed && task.reason == (word.reason ?? .other).rawValue
      return isSame ? .already(task.state) : .refused(.noSuchMove)
    case .planned, .suppressed, .cancelled:
      return .refused(.noSuchMove)
    }
  }
}
