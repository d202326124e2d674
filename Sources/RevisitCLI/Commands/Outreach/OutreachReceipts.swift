import ArgumentParser
import ContactQueue
import Foundation
import Histories
import Outreach

struct OutreachReceipts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipts",
    abstract: "Read back what became of tasks, into the queue and into the histories.",
    usage: """
      revisit outreach receipts --file <file> --queue <url> [--data <dir>] \\
               [<options>]
      """,
    discussion: """
      A CSV with the columns task, outcome, at, reason (and promised_on), a call
      list that was filled in, or JSON lines with the same names; other columns
      are never read. Any order, as often as one likes. Opt-outs hold at once.

      Outcomes: sent, delivered, reached, promised, booked, failed with a reason.
      Reasons worth another attempt: no_answer, busy, unreachable, call_back,
      provider_down, rate_limited. For good: invalid_number, not_owner, refused,
      opted_out (nothing more on this channel), do_not_contact (nothing at all),
      deceased, vehicle_gone, blocked, other. Reasons of a customer or an address
      may stand as outcomes, too: no_answer, opted_out, invalid …

      With --data, contacts and refusals go to outreach/contacts.csv and
      outreach/consents.csv of the data folder, where features, lists and policy
      read them beside the folder's own tables. Ends with exit code 1 when lines
      could not be used or name unknown tasks; the others are done then.

        revisit outreach receipts --file sms.csv --queue sqlite:q.db --data data
      """)

  @Option(help: ArgumentHelp("CSV (UTF-8 or GB18030) or JSON lines.", valueName: "file"))
  var file: String

  @OptionGroup var queue: QueueOptions

  @Option(help: ArgumentHelp("Data folder that gets the contacts and refusals.", valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Day of lines without a time (default: such lines are refused).", valueName: "yyyy-mm-dd"))
  var on: Day?

  @Option(
    help: ArgumentHelp(
      "Zone of times that name none (default: the data folder's, else Asia/Shanghai).", valueName: "zone"))
  var timezone: String?

  @OptionGroup var work: WorkOptions

  func run() throws {
    do {
      let tables = try data.map { try OutreachTables(data: $0) }
      let queue = try queue.open()
      let receipts = try ReceiptFile(file, time: LocalTime(try zone()), on: on, now: work.now)
      let report = try ReceiptIntake(queue: queue, tables: tables, owner: work.name).take(
        receipts, from: file, at: work.now)
      work.common.json ? Output.json(json(report)) : say(report)
      guard report.isWhole else {
        throw Failure(
          .checkFailed,
          "Lines that name tasks which the queue does not know: \(report.unknown.count); that cannot be used: \(report.flaws.count)."
        )
      }
    } catch {
      throw Failure.from(error)
    }
  }

  private func zone() throws -> TimeZone {
    if let timezone {
      guard let zone = TimeZone(identifier: timezone) else {
        throw Failure(.usage, "There is no time zone \(timezone). Name one such as Asia/Shanghai.")
      }
      return zone
    }
    if let data { return try Histories.timeZone(of: data) }
    return TimeZone(identifier: "Asia/Shanghai") ?? .gmt
  }

  /// Lines that are named one by one.
  private static let shownLines = 10

  private func say(_ report: ReceiptIntake.Report) {
    Output.line("Receipts     \(Shown.right(Shown.count(report.lines), 9))")
    for (name, count) in [
      ("applied", report.applied), ("known before", report.already), ("kept, nothing changed", report.kept),
      ("unknown tasks", report.unknown.count), ("not worked yet", report.blank),
    ] where count > 0 {
      Output.line("  \(Shown.padded(name, 24))\(Shown.right(Shown.count(count), 9))")
    }
    if !report.unknown.isEmpty { Output.line("Unknown tasks: \(lines(report.unknown))") }
    for (flaw, numbers) in report.flawLines { Output.line("\(flaw.rawValue): \(lines(numbers))") }
    if let tables = report.tables {
      Output.line(
        "Data folder: \(Shown.count(tables.newContacts)) contacts and \(Shown.count(tables.newRefusals)) refusals are new."
      )
    } else if !work.common.quiet {
      Talk.line("Without --data the next features and lists do not know of these contacts.")
    }
    if report.isGuessedGB18030, !work.common.quiet { Talk.line("\(file) was taken as GB18030.") }
  }

  private func lines(_ numbers: [Int]) -> String {
    let shown = numbers.prefix(Self.shownLines).map(String.init).joined(separator: ", ")
    let more = numbers.count - min(numbers.count, Self.shownLines)
    return "line\(numbers.count == 1 ? "" : "s") \(shown)"
      + (more > 0 ? " and \(Shown.count(more)) more" : "")
  }

  private func json(_ report: ReceiptIntake.Report) -> [String: Any] {
    var object: [String: Any] = [
      "schema": "revisit.outreach-receipts/1", "receipts": report.lines, "applied": report.applied,
      "already_there": report.already, "kept": report.kept, "blank": report.blank,
      "states": report.states, "unknown_lines": report.unknown,
      "unusable_lines": report.flaws.map { ["line": $0.line, "reason": $0.flaw.rawValue] as [String: Any] },
    ]
    if let tables = report.tables {
      object["contacts"] = ["rows": tables.contacts, "new": tables.newContacts]
      object["consents"] = ["rows": tables.refusals, "new": tables.newRefusals]
    }
    return object
  }
}
