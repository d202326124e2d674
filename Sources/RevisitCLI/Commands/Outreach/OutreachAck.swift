import ArgumentParser
import ContactQueue
import Foundation

struct OutreachAck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack", abstract: "Say what became of leased tasks: JSON lines in, JSON lines out.",
    usage: "revisit outreach ack --queue <url> [<options>] < outcomes.jsonl",
    discussion: """
      Each line: {"task": …, "token": …, "outcome": …, "reason": …}, with task
      and token as `lease` gave them. Outcomes: sent (before the customer can
      notice), delivered, reached, promised, booked, failed (with a reason),
      released (untouched), heartbeat (hold it longer). Reasons worth another
      attempt: no_answer, busy, unreachable, call_back, provider_down,
      rate_limited; for good: invalid_number, not_owner, refused, opted_out,
      do_not_contact, deceased, vehicle_gone, blocked, other. Saying the same
      twice does no harm. Each answer: `done`, `already` or `refused` with why.
      Ends with exit code 1 when something was refused, 65 when a line could not
      be read.

        revisit outreach ack --queue sqlite:outreach.db < outcomes.jsonl
      """)

  @OptionGroup var queue: QueueOptions
  @Option(help: ArgumentHelp("How long a heartbeat holds a task, 1 to 1440.", valueName: "minutes"))
  var minutes = 10
  @OptionGroup var clock: ClockOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1440).contains(minutes) else { throw ValidationError("--minutes \(minutes): from 1 to 1440.") }
  }

  func run() throws {
    do {
      let queue = try queue.open()
      var lines = InputLines()
      var (refused, unread) = (0, 0)
      while let batch = lines.next() {
        let words = batch.map { AckLine($0.number, $0.text) }
        let answers = try answer(words, queue)
        Output.bytes(answers.flatMap { JSONLine.bytes($0) })
        refused += answers.count { $0["result"] as? String == "refused" }
        unread += answers.count { $0["result"] as? String == "unreadable" }
      }
      if unread > 0 {
        throw Failure(.badData, "Lines that could not be read: \(unread). \(Self.where)")
      }
      if refused > 0 { throw Failure(.checkFailed, "Lines that were refused: \(refused). \(Self.where)") }
    } catch {
      throw Failure.from(error)
    }
  }

  private static let `where` = "The answers on standard output say which and why; all others are done."

  /// Runs of acknowledgements and of heartbeats go together, in the order of the lines.
  private func answer(_ lines: [AckLine], _ queue: TaskQueue) throws -> [[String: Any]] {
    var answers: [[String: Any]] = []
    var words: [Acknowledgement] = []
    var tokens: [TaskToken] = []
    func flush() throws {
      if !words.isEmpty {
        answers += zip(words, try queue.acknowledge(words, at: clock.now)).map { $1.json(of: $0.task) }
        words = []
      }
      if !tokens.isEmpty {
        let results = try queue.heartbeat(tokens, duration: .minutes(Int64(minutes)), at: clock.now)
        answers += zip(tokens, results).map { $1.json(of: $0.task) }
        tokens = []
      }
    }
    for line in lines {
      switch line.word {
      case .acknowledgement(let word):
        if !tokens.isEmpty { try flush() }
        words.append(word)
      case .heartbeat(let token):
        if !words.isEmpty { try flush() }
        tokens.append(token)
      case .unreadable(let why):
        try flush()
        answers.append(["line": line.number, "result": "unreadable", "message": why])
      }
    }
    try flush()
    return answers
  }
}

/// A line of `ack`.
private struct AckLine {
  enum Word {
    case acknowledgement(Acknowledgement)
    case heartbeat(TaskToken)
    case unreadable(String)
  }

  let number: Int
  let word: Word

  private static let heartbeat = "heartbeat"

  init(_ number: Int, _ text: String) {
    self.number = number
    word = Self.read(text)
  }

  private static func read(_ text: String) -> Word {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
      return .unreadable("The line is no JSON object.")
    }
    guard let task = (object["task"] as? String).flatMap(Pseudonym.init(hex:)),
      let token = (object["token"] as? String).flatMap(Pseudonym.init(hex:))
    else { return .unreadable("`task` and `token` must be the 32 hexadecimal digits that `lease` gave.") }
    guard let name = object["outcome"] as? String else { return .unreadable("`outcome` is missing.") }
    if name == heartbeat { return .heartbeat(TaskToken(task: task, token: token)) }
    guard let outcome = Outcome(rawValue: name) else {
      let known = (Outcome.allCases.map(\.rawValue) + [heartbeat]).joined(separator: ", ")
      return .unreadable("There is no such outcome; there are \(known).")
    }
    let word = object["reason"] as? String
    let reason = word.flatMap(FailReason.init)
    guard (outcome == .failed) == (reason != nil) else {
      let known = FailReason.allCases.map(\.rawValue).joined(separator: ", ")
      return .unreadable("`failed`, and nothing else, has a `reason`: one of \(known).")
    }
    return .acknowledgement(Acknowledgement(task: task, token: token, outcome: outcome, reason: reason))
  }
}

extension AckResult {
  fileprivate func json(of task: Pseudonym) -> [String: Any] {
    switch self {
    case .done(let state): ["task": task.text, "result": "done", "state": state.rawValue]
    case .already(let state): ["task": task.text, "result": "already", "state": state.rawValue]
    case .refused(let refusal): ["task": task.text, "result": "refused", "refusal": refusal.rawValue]
    }
  }
}
