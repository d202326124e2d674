import ArgumentParser
import ContactQueue
import Foundation
import Histories
import Outreach
import Reports

struct OutreachEnqueue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enqueue",
    abstract: "Take a list through the policy into the queue, with a hold-out that is never contacted.",
    usage: """
      revisit outreach enqueue --list <file> --data <dir> --campaign <name> \\
               --queue <url> [--holdout <share>] [--wave <n>] [<options>]
      """,
    discussion: """
      Scores, run record, hold-out and tasks are stored together or not at all; the
      same list once more changes nothing. The hold-out is drawn by a hash of
      campaign and customer among those whom this wave would contact and no wave
      before had: in every stratum of risk and value tier the share, to within one
      customer. Who was held out stays so; who was contacted is never held out
      later. A queue that is not there is made.

        revisit at-risk --data data --model lakeside --top all --out list.csv
        revisit outreach enqueue --list list.csv --data data --campaign autumn \\
          --queue sqlite:outreach.db --holdout 10%
      """)

  @OptionGroup var options: OutreachPlanOptions
  @Option(help: ArgumentHelp("Name of the campaign.", valueName: "name"))
  var campaign: String
  @OptionGroup var queue: QueueOptions
  @Option(help: ArgumentHelp("Share of customers held out, 0% to 50%.", valueName: "share"))
  var holdout = Share(0.1)
  @Option(help: ArgumentHelp("Number of the wave, from 1.", valueName: "n"))
  var wave = 1
  @Option(
    help: ArgumentHelp(
      "Name and version of the text that is sent (default: the purpose, version 1: service@1).",
      valueName: "name@v"))
  var template: String?
  @Option(
    help: ArgumentHelp(
      "Model that made the list, NAME or NAME@VERSION (default: what LIST.run.json beside it says).",
      valueName: "name"))
  var model: String?
  @OptionGroup var registry: RegistryOptions
  @Flag(help: "Let all tasks wait for `revisit outreach approve`.")
  var hold = false
  @Flag(help: "Encrypt personal fields of a new queue (AES-GCM, by the key file).")
  var encrypt = false
  @OptionGroup var common: CommonOptions

  private static let longestName = 64

  func validate() throws {
    guard (1...Self.longestName).contains(campaign.count), !campaign.contains(where: \.isNewline) else {
      throw ValidationError("--campaign must be a name of 1 to \(Self.longestName) characters.")
    }
    guard wave >= 1 else { throw ValidationError("--wave must be 1 or more, not \(wave).") }
    if let template, template.wholeMatch(of: /[^@\s]+@[0-9]+/) == nil {
      throw ValidationError(
        "--template is a name with a version, such as service-due@1, not \"\(template)\".")
    }
  }

  func run() throws {
    let stages = Stages(common)
    let fingerprint = try stages.run("Fingerprint of \(options.list)", key: "fingerprint") { _ in
      try ListFingerprint.of(options.list)
    }
    let (listModel, modelNotice) = try ListModel.find(
      list: options.list, fingerprint: fingerprint, reference: model, registry: registry.registry)
    let prepared = try options.prepare(stages)
    let own = Campaign(
      name: campaign, purpose: prepared.purpose, template: template ?? "\(prepared.purpose.word)@1",
      wave: wave,
      holdoutShare: holdout.value, policy: prepared.policy.yaml)
    let now = prepared.ledger.at
    let queue = try queue.openOrCreate(isSealing: encrypt, at: now)
    let (report, plan) = try stages.run(
      "Planning and enqueueing", key: "enqueue",
      { progress in
        try enqueue(
          prepared, own,
          ContactQueue.RunRecord(
            list: fingerprint, model: listModel?.name, modelHash: listModel?.sha256, startedAt: now),
          queue, progress)
      },
      detail: { "\(Shown.count($0.0.enqueued)) tasks, \(Shown.count($0.0.heldOut)) held out" })
    try queue.know(
      [KnownFile(path: URL(fileURLWithPath: options.list).standardizedFileURL.path, kind: KnownFile.list)],
      at: now)
    let notices = prepared.notices + [modelNotice].compactMap { $0 }
    for notice in notices { stages.note(notice) }
    if let listModel { stages.note("Model of the list: \(listModel.name), by \(listModel.source).") }
    try show(
      EnqueueText(report, campaign: own, plan: plan), listModel, notices, prepared.policy.time.text(now),
      stages)
  }

  /// Plans the list by what the campaign has done before and takes it into the queue, both in one transaction.
  private func enqueue(
    _ prepared: OutreachPlanOptions.Prepared, _ own: Campaign, _ record: ContactQueue.RunRecord,
    _ queue: TaskQueue, _ progress: StageProgress
  ) throws -> (EnqueueReport, OutreachPlan) {
    let now = prepared.ledger.at
    let linesPerWord = 1 << 14
    var plans: [OutreachPlan] = []
    let report = try queue.enqueue(own, at: now) { earlier in
      let plan = prepared.planner.plan(
        prepared.list,
        experiment: .init(
          campaign: campaign, wave: wave, share: holdout.value,
          earlier: EarlierWaves(try earlier(), vault: queue.vault)))
      plans = [plan]
      var lines = PlannedLines(plan, ledger: prepared.ledger, policy: prepared.policy)
      var count = 0
      var record = record
      record.counts = ["lines": plan.lines.count, "repeated": plan.repeated]
      return (
        record,
        {
          guard var line = lines.line() else { return nil }
          if hold { line.needsApproval = true }
          count += 1
          if count % linesPerWord == 0 { progress.note("\(Shown.count(count)) lines") }
          return line
        }
      )
    }
    return (report, plans[0])
  }

  private func show(
    _ text: EnqueueText, _ listModel: ListModel?, _ notices: [String], _ at: String, _ stages: Stages
  ) throws {
    guard common.json else {
      let terminal = Terminal.standardOutput
      return Output.line(
        text.text(common.language, width: terminal.width(), colour: terminal.wantsColour()))
    }
    let report = text.report
    var object: [String: Any] = [
      "schema": "revisit.outreach-enqueue/1", "campaign": campaign, "wave": wave, "run": report.run,
      "purpose": text.campaign.purpose.word, "template": text.campaign.template,
      "holdout_share": holdout.value, "at": at,
      "lines": report.lines, "enqueued": report.enqueued, "already_there": report.alreadyThere,
      "held_out": report.heldOut, "go_first": text.first, "notices": notices,
      "model": listModel?.json ?? NSNull(),
      "later": PlanReport.counts(text.delayed),
      "suppressed": Dictionary(uniqueKeysWithValues: report.suppressed.map { ($0.key.rawValue, $0.value) }),
      "channels": Dictionary(uniqueKeysWithValues: report.channels.map { ($0.key.rawValue, $0.value) }),
    ]
    if common.timings { object["timings"] = stages.timings }
    Output.json(object)
  }
}

/// A share as users write it: `10%` or `0.1`, from 0 to a half.
struct Share: ExpressibleByArgument, CustomStringConvertible {
  let value: Double
  private static let most = 0.5
  private static let hundred = 100.0

  init(_ value: Double) {
    self.value = value
  }

  init?(argument: String) {
    let isPercent = argument.hasSuffix("%")
    let digits = isPercent ? argument.dropLast() : argument[...]
    guard let number = Double(digits.trimmingCharacters(in: .whitespaces)) else { return nil }
    let value = isPercent ? number / Self.hundred : number
    guard (0...Self.most).contains(value) else { return nil }
    self.value = value
  }

  var description: String {
    let percent = value * Self.hundred
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }
  var defaultValueDescription: String { description }
}
