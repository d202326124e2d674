import ArgumentParser
import ContactQueue
import Foundation
import Outreach

struct OutreachLease: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lease", abstract: "Take tasks to work, as JSON lines on standard output.",
    usage: """
      revisit outreach lease --queue <url> [--channel <channels>] \\
                      [--limit <n>] [<options>]
      """,
    discussion: """
      Each line holds `task` and `token`, whom to contact and why. Before the
      customer can notice anything say `sent` with `revisit outreach ack`; a
      lease that runs out without a word is handed out again. Consents,
      suppression, quiet hours and caps are checked again now.

        revisit outreach lease --queue sqlite:outreach.db --channel sms \\
          --limit 100 --wait 30
      """)

  @OptionGroup var queue: QueueOptions

  @Option(
    help: ArgumentHelp("Channels separated by commas (default: all).", valueName: "channels"),
    transform: ChannelList.init(parsing:))
  var channel: ChannelList?

  @Option(help: ArgumentHelp("Only this campaign.", valueName: "name"))
  var campaign: String?

  @Option(help: ArgumentHelp("The most tasks to take, 1 to 4096.", valueName: "n"))
  var limit = 10

  @Option(help: ArgumentHelp("How long to hold them without a word, 1 to 1440.", valueName: "minutes"))
  var minutes = 10

  @Option(help: ArgumentHelp("Wait so long for tasks if there are none, 0 to 3600.", valueName: "seconds"))
  var wait = 0

  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var work: WorkOptions

  func validate() throws {
    for (name, value, range) in [
      ("limit", limit, 1...4096), ("minutes", minutes, 1...1440), ("wait", wait, 0...3600),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) \(value): from \(range.lowerBound) to \(range.upperBound).")
    }
  }

  /// Between two looks at an empty queue.
  private static let pause: useconds_t = 250_000

  func run() throws {
    let end = Date(timeIntervalSinceNow: Double(wait))
    do {
      let queue = try queue.open()
      try ledger.refresh(queue, at: work.now, work.common)
      let request = LeaseRequest(
        owner: work.name, channels: channel?.channels ?? Channel.allCases, campaign: campaign, limit: limit,
        duration: .minutes(Int64(minutes)))
      while true {
        let report = try queue.lease(request, gates: QueueGates.gate(of:), at: work.now)
        if report.tasks.isEmpty, report.isMore { continue }
        if !report.tasks.isEmpty || Date() >= end {
          write(report)
          return
        }
        usleep(Self.pause)
      }
    } catch {
      throw Failure.from(error)
    }
  }

  private func write(_ report: LeaseReport) {
    Output.bytes(report.tasks.flatMap { JSONLine.bytes($0.json) })
    guard !work.common.quiet else { return }
    var parts = ["\(report.tasks.count) tasks leased"]
    if report.deferred > 0 { parts.append("\(report.deferred) put off by the policy") }
    if report.suppressed > 0 { parts.append("\(report.suppressed) suppressed") }
    if report.isPaused { parts.append("the queue is paused") }
    Talk.line(parts.joined(separator: ", "))
  }
}

/// Channels separated by commas.
struct ChannelList {
  let channels: [Channel]

  init(parsing text: String) throws {
    channels = try text.split(separator: ",").map {
      guard let channel = Channel(rawValue: $0.trimmingCharacters(in: .whitespaces)) else {
        let known = Channel.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("There is no channel \"\($0)\"; there are \(known).")
      }
      return channel
    }
    if channels.isEmpty { throw ValidationError("Name at least one channel.") }
  }
}

extension LeasedTask {
  /// The object that a worker reads.
  var json: [String: Any] {
    var object: [String: Any] = [
      "task": id.text, "token": token.text, "until": until.iso, "attempt": attempt, "campaign": campaign,
      "template": template, "purpose": purpose.word, "channel": channel.rawValue, "priority": priority,
      "due_at": due.iso, "customer_id": contact.customerID, "reasons": details.reasons,
    ]
    for (key, value) in [
      ("value_tier", tier), ("name", contact.name), ("phone", contact.phone), ("wechat", contact.wechat),
      ("email", contact.email), ("language", contact.language), ("vin", details.vin),
      ("plate", details.plate), ("model", details.model), ("dealer_id", details.dealerID),
      ("adviser", details.adviser), ("last_visit_on", details.lastVisitOn),
      ("next_due_on", details.nextDueOn), ("play", details.play),
    ] {
      object[key] = value
    }
    return object
  }
}
