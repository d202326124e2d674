import ArgumentParser
import ContactQueue

struct OutreachStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the queue's health: depth, age of the oldest, rates, dead letters.",
    usage: "revisit outreach status --queue <url> [--prometheus] [<options>]",
    discussion: """
      The figures are sums that every change keeps up to date: a queue of ten
      million tasks answers as quickly as an empty one.

        revisit outreach status --queue sqlite:outreach.db
        revisit outreach status --queue sqlite:outreach.db --prometheus
      """)

  @OptionGroup var queue: QueueOptions
  @Flag(help: "Print metrics in Prometheus' text format instead.")
  var prometheus = false
  @OptionGroup var clock: ClockOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if prometheus, common.json { throw ValidationError("Choose --prometheus or --json.") }
  }

  func run() throws {
    let status: QueueStatus
    do { status = try queue.open().status(at: clock.now) } catch { throw Failure.from(error) }
    let report = QueueStatusReport(status, language: common.language)
    if common.json {
      Output.json(report.json)
    } else {
      for line in prometheus ? report.prometheus : report.lines { Output.line(line) }
    }
  }
}
