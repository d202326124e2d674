import ArgumentParser
import ContactQueue
import Foundation
import Outreach

struct OutreachErase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erase a customer from the queue and from the files that it handed out.",
    usage: "revisit outreach erase --customer <id> --queue <url> [<options>]",
    discussion: """
      Names, addresses and vehicles go; open tasks are cancelled; scores and past
      tasks stay under a random name, and a suppression key keeps the customer from
      being enqueued again. Files of exports with the customer are removed (`export
      --number` writes them again without), and so are the rows that receipts wrote
      into --data.

      Then every file that the queue knows is searched for the customer's id,
      numbers, addresses, VINs and plates: the database itself, exports, lists,
      receipts. Ends with exit code 1 when one still holds them; it is named. Your
      own tables in --data are the dealer system's to erase.

        revisit outreach erase --customer C1042 --queue sqlite:outreach.db --data data
      """)

  @Option(help: ArgumentHelp("The customer's id in the histories.", valueName: "id"))
  var customer: String

  @OptionGroup var queue: QueueOptions

  @Option(help: ArgumentHelp("Data folder into which receipts wrote contacts.", valueName: "dir"))
  var data: String?

  @OptionGroup var work: WorkOptions

  func run() throws {
    do {
      let tables = try data.map { try OutreachTables(data: $0) }
      let queue = try queue.open()
      // Whoever interrupts this leaves files to be searched: the texts are read before they go, so a second run knows
      // the customer by the id alone. Files therefore come first.
      let texts = try queue.texts(of: customer, reader: work.name, at: work.now)
      let erasure = FileErasure(texts)
      let rows = try tables?.erase(customer: customer) ?? 0
      var findings = try queue.knownFiles().map(erasure.clear)
      let report = try queue.erase(customer: customer, at: work.now, by: work.name)
      try queue.scrub()
      if let store = queue.store as? SQLiteStore {
        findings += store.files.filter { FileManager.default.fileExists(atPath: $0) }.map {
          erasure.clear(KnownFile(path: $0, kind: KnownFile.queue))
        }
      }
      work.common.json ? show(report, rows, findings, erasure) : say(report, rows, findings, erasure)
      let left = findings.filter { $0.outcome == .holds || $0.outcome == .unreadable }
      guard left.isEmpty else {
        throw Failure(
          .checkFailed,
          "\(left.count) file\(left.count == 1 ? "" : "s") still to be cleared by hand: see above.")
      }
    } catch {
      throw Failure.from(error)
    }
  }

  private func say(
    _ report: ErasureReport, _ rows: Int, _ findings: [FileErasure.Finding], _ erasure: FileErasure
  ) {
    guard report.isFound || rows > 0 else {
      return Output.line("The queue does not hold this customer, and will not take the customer in.")
    }
    for (count, what) in [
      (report.tasks, "tasks without a name now"), (report.cancelled, "of them cancelled"),
      (report.lines, "scores, hold-outs and returns without a name now"),
      (rows, "rows removed from the data folder's outreach tables"),
    ] {
      Output.line("\(Shown.right(Shown.count(count), 9))  \(what)")
    }
    for finding in findings where finding.outcome != .clean && finding.outcome != .gone {
      Output.line("\(Shown.right(finding.outcome.rawValue, 10))  \(finding.file.path)")
    }
    Output.line(
      "\(Shown.count(findings.count { $0.outcome == .clean })) of \(Shown.count(findings.count)) known files do not hold the customer."
    )
    if erasure.shortTexts > 0 {
      Output.line("\(erasure.shortTexts) texts were too short to be looked for.")
    }
    guard !report.exports.isEmpty else { return }
    Output.line("Exports concerned: \(report.exports.map(String.init).joined(separator: ", ")).")
  }

  private func show(
    _ report: ErasureReport, _ rows: Int, _ findings: [FileErasure.Finding], _ erasure: FileErasure
  ) {
    Output.json([
      "schema": "revisit.outreach-erase/1", "found": report.isFound, "tasks": report.tasks,
      "cancelled": report.cancelled, "lines": report.lines, "table_rows": rows, "exports": report.exports,
      "files": findings.map {
        ["path": $0.file.path, "kind": $0.file.kind, "outcome": $0.outcome.rawValue]
      },
      "short_texts": erasure.shortTexts,
    ])
  }
}
