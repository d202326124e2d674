import ArgumentParser
import ChurnModel
import CustomerValue
import Evaluation
import Features
import Foundation
import Histories
import ModelRegistry
import Reports
import Retention

struct AtRisk: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "at-risk",
    abstract:
      "List the customers about to stop coming: ranked by probability × value, with reasons in words.",
    usage: "revisit at-risk --data <dir> [--model <name>] [--out <file>] [<options>]",
    discussion: """
      Without --model the list is made with a model trained on the data's own past,
      which is not kept. Names, phones and plates are masked. Natural losses (sold,
      scrapped, moved …) and cars in the workshop never appear.

        revisit at-risk --data datasets/lakeside --model lakeside --top 15
        revisit at-risk --data data --dealer D01 --tier vip --out list.html
        revisit at-risk --data data --out - | head
      """)

  @OptionGroup var source: DataOptions

  @Option(help: ArgumentHelp("As-of date (default: the end of the data).", valueName: "yyyy-mm-dd"))
  var asOf: Day?

  @Option(help: ArgumentHelp("Model: NAME or NAME@VERSION.", valueName: "name"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Without --model: as-of date to train at (default: as late as the label allows).",
      valueName: "yyyy-mm-dd"))
  var trainAsOf: Day?

  @Option(help: ArgumentHelp("Only this store.", valueName: "id"))
  var dealer: String?

  @Option(help: ArgumentHelp("Only this value tier: vip, main, ordinary or small.", valueName: "tier"))
  var tier: ValueTier?

  @Option(
    help: ArgumentHelp(
      "What comes first: lapse probability × amount of two years (amount, the default), the probability alone (risk), or probability × worth of service, insurance, trade-in and referral (value).",
      valueName: "rule"))
  var rankBy: AtRiskRanking = .amount

  @Option(help: ArgumentHelp("Rows, or `all` (default: 15 on the terminal, 1000 in a file).", valueName: "n"))
  var top: RowLimit?

  @Option(
    help: ArgumentHelp(
      "File to write: .csv .json .parquet .html; - for CSV on standard output.", valueName: "file"))
  var out: String?

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    try TableOutput.check(out, asPage: true)
    let begin = ScoreRunRecord.Begin()
    let stages = Stages(common)
    let kept = try model.map { try NamedModel($0, from: registry.registry) }
    let keptModel = try kept?.onHistories()
    if let kept, case .target = kept.label {
      throw Failure(
        .badData,
        "The model \(kept.name) predicts \(kept.label), not who stops coming: no list can be made of it.")
    }
    let histories = try stages.load(source)
    let date = asOf ?? histories.dataEnd
    let own = try kept == nil ? trained(histories, asOf: date, stages) : nil
    guard let model = keptModel ?? own?.model else { preconditionFailure("a model was read or trained") }
    let name = kept?.name ?? own?.name ?? ""
    let limit = top ?? .rows(out == nil && !common.json ? 15 : 1000)
    let list = try stages.run(
      "Scoring at \(date)", key: "score_list",
      { _ in
        let view = own?.view ?? AsOfView(histories: histories, asOf: date)
        let builder = AtRiskBuilder(
          view: view, model: model, modelName: name, language: common.language)
        return try builder.build(.init(dealerID: dealer, tier: tier, limit: limit.count, ranking: rankBy))
      }, detail: { "\(Shown.count($0.activeRelations)) active relations" })
    let record =
      try isList
      ? ScoreRunRecord(
        model: name, modelSHA256: kept?.digest() ?? FileDigest(of: model.json()).sha256,
        data: ["path": source.data], options: options(asOf: date), begin: begin) : nil
    try show(list, histories, record, stages)
  }

  /// Whether a file can be enqueued, so that a record beside it says which model made it.
  private var isList: Bool {
    guard let out, out != OutputFormat.standardOutput, let format = try? OutputFormat(path: out) else {
      return false
    }
    return format != .html
  }

  /// What changes rows, by option.
  private func options(asOf date: Day) -> [String: String] {
    var options = ["--as-of": date.description, "--rank-by": rankBy.rawValue]
    options["--dealer"] = dealer
    options["--tier"] = tier?.rawValue
    if let top { options["--top"] = top.count.map(String.init) ?? "all" }
    return options
  }

  /// A model of the data's own past, trained at one date on all customers and not kept; with the view of the list's date,
  /// for which peers were looked at on the way.
  private func trained(
    _ histories: Histories, asOf: Day, _ stages: Stages
  ) throws -> (model: AnyModel, name: String, view: AsOfView?) {
    try stages.steps(
      key: "train",
      { step in
        var training = ChurnTraining()
        training.testShare = 0
        training.alsoAt = [asOf]
        let date = trainAsOf ?? min(asOf, histories.dataEnd) - training.label.longestHorizon(in: histories)
        let result = try training.run(histories, dates: [date], progress: step)
        return (result.fit.model, "trained at \(date)", result.furtherViews.first)
      })
  }

  private func show(
    _ list: AtRiskList, _ histories: Histories, _ record: ScoreRunRecord?, _ stages: Stages
  ) throws {
    if let out {
      try stages.run(
        "Writing \(out)", key: "write", { _ in try list.write(to: out, protecting: source.files) })
      if var record {
        try record.finish(
          ["as_of": list.asOf.description, "rows": list.rows.count], output: out, stages: stages)
      }
      if common.json {
        Output.json(summary(list, histories, stages, out: out))
      } else if !common.quiet, out != OutputFormat.standardOutput {
        Talk.line(
          "\(Shown.count(list.rows.count)) of \(Shown.count(list.matchingRelations)) rows written to \(out)")
      }
    } else if common.json {
      Output.bytes(list.json())
    } else {
      let terminal = Terminal.standardOutput
      Output.line(list.terminalTable(width: terminal.width(), colour: terminal.wantsColour()))
    }
  }

  private func summary(_ list: AtRiskList, _ histories: Histories, _ stages: Stages, out: String) -> [String:
    Any]
  {
    var object: [String: Any] = [
      "schema": "revisit.at-risk-summary/1", "out": out, "as_of": list.asOf.description, "model": list.model,
      "ranked_by": list.ranking.rawValue,
      "active_relations": list.activeRelations, "matching_relations": list.matchingRelations,
      "listed": list.rows.count,
    ]
    if common.timings {
      object["seconds"] = stages.timings
      object["rows"] = [
        "orders": histories.orders.count, "listed": list.rows.count, "features": Feature.count,
      ]
    }
    return object
  }
}

extension ValueTier: ExpressibleByArgument {}
extension AtRiskRanking: ExpressibleByArgument {}

/// A number of rows, or all.
enum RowLimit: ExpressibleByArgument {
  case rows(Int)
  case all

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let count = Int(argument), count > 0 {
      self = .rows(count)
    } else {
      return nil
    }
  }

  var count: Int? {
    if case .rows(let count) = self { count } else { nil }
  }
}
