import ArgumentParser
import ContactQueue
import Foundation
import Histories
import Outreach
import Reports

struct OutreachPreview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Say for every line of a list which channel it gets and when, or why none; nothing is stored.",
    usage: "revisit outreach preview --list <file> --data <dir> [<options>]",
    discussion: """
      Consents, complaints, bookings, open orders, past contacts and addresses come
      from the histories. Without a recorded consent for channel and purpose nobody
      is contacted; no option changes that. The hold-out is drawn by `enqueue`.

        revisit at-risk --data data --model lakeside --top all --out list.csv
        revisit outreach preview --list list.csv --data data
        revisit outreach preview --list list.csv --data data --purpose marketing \\
          --policy policy.yaml --out preview.csv
      """)

  @OptionGroup var options: OutreachPlanOptions

  @Option(
    help: ArgumentHelp(
      "File for all lines: .csv .json .parquet, or - for standard output.", valueName: "file"))
  var out: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try TableOutput.check(out)
    let stages = Stages(common)
    let prepared = try options.prepare(stages)
    let plan = try stages.run(
      "Planning", key: "plan", { _ in prepared.planner.plan(prepared.list) },
      detail: { "\(Shown.count($0.contacts)) of \(Shown.count($0.lines.count)) lines are contacted" })
    for notice in prepared.notices { stages.note(notice) }
    if let out {
      try stages.run(
        "Writing \(out)", key: "write",
        { _ in
          try PlanTable(plan, time: prepared.policy.time).write(to: out, protecting: options.inputs)
        })
      TableOutput.tell(out, rows: plan.lines.count, common)
    }
    if common.json, out != OutputFormat.standardOutput {
      var report = PlanReport(plan, prepared).object
      report["schema"] = "revisit.outreach-preview/1"
      if let out { report["out"] = out }
      if common.timings { report["timings"] = stages.timings }
      Output.json(report)
    } else if out == nil {
      let terminal = Terminal.standardOutput
      Output.line(
        PlanTerminal(plan, time: prepared.policy.time, language: common.language).text(
          width: terminal.width(), colour: terminal.wantsColour()))
    }
  }
}
