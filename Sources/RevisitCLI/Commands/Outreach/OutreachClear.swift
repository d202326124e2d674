import ArgumentParser
import ContactQueue

struct OutreachClear: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Empty the personal details of customers who had no task for a retention period.",
    usage: "revisit outreach clear --days <n> --queue <url> [<options>]",
    discussion: """
      Names, addresses and vehicles go; opt-outs, scores and what became of tasks
      stay under keyed names. A customer on a new list gets details anew. Files of
      exports are not touched: delete those that nobody needs.

        revisit outreach clear --days 400 --queue sqlite:outreach.db
      """)

  @Option(help: ArgumentHelp("Keep details for so many days after the last task.", valueName: "n"))
  var days: Int

  @OptionGroup var queue: QueueOptions
  @OptionGroup var work: WorkOptions

  func validate() throws {
    guard days > 0 else { throw ValidationError("--days \(days): at least 1.") }
  }

  func run() throws {
    let count: Int
    do {
      let queue = try queue.open()
      count = try queue.clearDetails(
        before: work.now - .days(Int64(days)), at: work.now, by: work.name)
      try queue.scrub()
    } catch {
      throw Failure.from(error)
    }
    if work.common.json {
      Output.json(["schema": "revisit.outreach-clear/1", "days": days, "customers": count])
    } else {
      Output.line("\(Shown.count(count)) customers' details are empty now.")
    }
  }
}
