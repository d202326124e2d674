import ArgumentParser
import CustomerValue
import Features
import Foundation
import Histories
import Reports
import Retention

struct Segment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sort customers into RFM segments: how recently they came, how often, and for how much.",
    usage: "revisit segment --data <dir> [--out <file>] [<options>]",
    discussion: """
      Recency is the days since the last service visit; frequency and money are the
      visits and the customer-paid amount of 730 days. Scores 1 to 5 (5 is best),
      segments by the rules of the R package rfm. Customers whose vehicles are all
      sold or scrapped are left out; lapsed ones are not, unless --active is given.

        revisit segment --data datasets/lakeside
        revisit segment --data data --by relation --out segments.csv
      """)

  @OptionGroup var source: DataOptions

  @Option(help: ArgumentHelp("As-of date (default: the end of the data).", valueName: "yyyy-mm-dd"))
  var asOf: Day?

  @Option(help: "Rows: one a customer, or one a relation (customer with vehicle).")
  var by: CustomerSegments.Unit = .customer

  @Flag(help: "Only relations that have not lapsed, as in `revisit at-risk`.")
  var active = false

  @Option(
    help: ArgumentHelp(
      "File to write: .csv .json .parquet; - for CSV on standard output (default: a summary).",
      valueName: "file"))
  var out: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try TableOutput.check(out)
    let stages = Stages(common)
    let histories = try stages.load(source)
    let date = asOf ?? histories.dataEnd
    let segments = try stages.run(
      "Segments at \(date)", key: "segment",
      { _ in
        try CustomerSegments(
          view: AsOfView(histories: histories, asOf: date), unit: by, activeOnly: active)
      }, detail: { "\(Shown.count($0.rows.count)) rows" })
    if let out {
      try stages.run(
        "Writing \(out)", key: "write",
        { _ in try SegmentTable(segments).write(to: out, protecting: source.files) })
    }
    if common.json, out != OutputFormat.standardOutput {
      Output.json(summary(segments, stages))
    } else if let out {
      TableOutput.tell(out, rows: segments.rows.count, common)
    } else {
      let terminal = Terminal.standardOutput
      Output.line(
        segments.terminalTable(
          language: common.language, width: terminal.width(), colour: terminal.wantsColour()))
    }
  }

  private func summary(_ segments: CustomerSegments, _ stages: Stages) -> [String: Any] {
    var object: [String: Any] = [
      "schema": "revisit.segment-summary/1", "as_of": segments.asOf.description, "by": by.rawValue,
      "currency": segments.histories.currency, "rows": segments.rows.count,
      "segments": segments.summaries.map {
        [
          "segment": $0.segment.rawValue, "label": $0.segment.label[common.language], "count": $0.count,
          "visits": $0.visits, "paid": $0.paid, "paid_share": $0.paidShare,
        ] as [String: Any]
      },
    ]
    if let out { object["out"] = out }
    if common.timings { object["timings"] = stages.timings }
    return object
  }
}

extension CustomerSegments.Unit: ExpressibleByArgument {}
