import ArgumentParser
import ContactQueue

struct OutreachVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the audit chain, every task against it, and the sums against a recount.",
    usage: "revisit outreach verify --queue <url> [<options>]",
    discussion: """
      Ends with exit code 1 when something was changed, removed or put
      elsewhere. Keep the hash of the last event apart: it shows later that the
      chain before it is the same.

        revisit outreach verify --queue sqlite:outreach.db
      """)

  @OptionGroup var queue: QueueOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let report: ChainReport
    do { report = try queue.open().verify() } catch { throw Failure.from(error) }
    if common.json {
      Output.json([
        "schema": "revisit.outreach-verify/1", "whole": report.isWhole, "events": report.events,
        "tasks": report.tasks, "head": report.head, "problems": report.problems.map(\.description),
      ])
    } else {
      let (events, tasks) = (Shown.count(report.events), Shown.count(report.tasks))
      Output.line(
        common.language == .chinese
          ? "已检查 \(events) 个事件、\(tasks) 个任务；最后事件 \(report.head)"
          : "\(events) events and \(tasks) tasks checked; last event \(report.head)")
      for problem in report.problems { Output.line("  \(problem)") }
    }
    if !report.isWhole {
      throw Failure(
        .checkFailed, "The queue is not as it was written. Keep it as it is, and restore a copy elsewhere.")
    }
  }
}
