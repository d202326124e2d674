import ArgumentParser
import ContactQueue
import Foundation
import Histories
import Outreach
import Reports

struct OutreachOutcomes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcomes",
    abstract: "Say who of a campaign came back, contacted or held out, and with which repair order.",
    usage: """
      revisit outreach outcomes --campaign <name> --queue <url> --data <dir> \\
               [--out <file>] [<options>]
      """,
    discussion: """
      Came back: a qualified visit (first service, maintenance, a repair that the
      customer paid for) began on a day after the contact, or after the enqueueing
      of who was not contacted, and within --days. A visit belongs to the latest
      contact before it. The comparison is by assignment: all who were to be
      contacted against all held out, both counted from enqueueing, whatever became
      of the contact. Whom the policy did not allow to be contacted stands apart,
      by reason, and is not compared. Left out are relations that ended by nature,
      and those whose days are not over at the end of the data. The interval of the
      difference is Newcombe's (1998, method 10).

        revisit outreach outcomes --campaign spring --queue sqlite:q.db \\
          --data data --out outcomes.csv
      """)

  @Option(help: ArgumentHelp("The campaign.", valueName: "name"))
  var campaign: String

  @OptionGroup var queue: QueueOptions
  @OptionGroup var source: DataOptions

  @Option(help: ArgumentHelp("Days within which a visit counts, 1 to 365.", valueName: "n"))
  var days = CampaignReturns.defaultDays

  @Option(
    help: ArgumentHelp(
      "File for a row a relation: .csv .json .parquet, or - for standard output.", valueName: "file"))
  var out: String?

  @OptionGroup var clock: ClockOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    let allowed = CampaignReturns.allowedDays
    guard allowed.contains(days) else {
      throw ValidationError("--days \(days): from \(allowed.lowerBound) to \(allowed.upperBound).")
    }
  }

  func run() throws {
    try TableOutput.check(out)
    do {
      let stages = Stages(common)
      let queue = try queue.open()
      let outcomes = try queue.outcomes(of: campaign)
      let histories = try stages.load(source, orderIdentities: true)
      let time = LocalTime(TimeZone(identifier: histories.timeZone) ?? .gmt)
      let returns = try stages.run(
        "Looking for visits", key: "match",
        { _ in
          try CampaignReturns(
            outcomes, histories: histories, data: source.data, vault: queue.vault, time: time, days: days)
        }, detail: { "\(Shown.count($0.returns.count)) came back" })
      try queue.record(returns.returns, of: campaign, at: clock.now)
      if let out {
        try stages.run(
          "Writing \(out)", key: "write",
          { _ in
            try CampaignReturnTable(returns, campaign: campaign, time: time).write(
              to: out, protecting: source.files)
          })
        TableOutput.tell(out, rows: returns.rows.count, common)
      }
      let report = CampaignReturnReport(returns, campaign: campaign, language: common.language)
      if common.json, out != OutputFormat.standardOutput {
        var object = report.json
        if let out { object["out"] = out }
        if common.timings { object["timings"] = stages.timings }
        Output.json(object)
      } else if out != OutputFormat.standardOutput {
        for line in report.lines { Output.line(line) }
      }
    } catch {
      throw Failure.from(error)
    }
  }
}
