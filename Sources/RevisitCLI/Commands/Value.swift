import ArgumentParser
import BuyTillYouDie
import CustomerValue
import Evaluation
import Features
import Foundation
import Histories
import Reports
import Tables

struct Value: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what customers are worth: still there or not, visits and money to expect.",
    usage: """
      revisit value --data <dir> [--as-of <date>] [--out <file>] [<options>]
             revisit value --table <file> [--out <file>] [<options>]
      """,
    discussion: """
      A buy-till-you-die model of visits and a gamma-gamma model of what they bring
      give every customer a probability of being alive, expected visits, expected
      spend, discounted value and residual value.

        revisit value --data datasets/lakeside
        revisit value --table orders.csv --calibration-end 2025-12-31
        revisit value --table t.csv --horizon-months 12 --out v.html

      Of a log, transactions of a customer on one day are one; negative amounts are
      returns and left out. --out .csv .json .parquet writes every customer, .html
      the page with the drawings.
      """)

  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String?

  @OptionGroup var memory: MemoryOptions

  @Option(
    help: ArgumentHelp("With --data: as-of date (default: the end of the data).", valueName: "yyyy-mm-dd"))
  var asOf: Day?

  @OptionGroup var tableOptions: ValueTableOptions
  @OptionGroup var visitModel: VisitModelOptions

  @Option(
    help: ArgumentHelp(
      "File to write: .csv .json .parquet .html; - for CSV on standard output (default: a summary).",
      valueName: "file"))
  var out: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    try InputChoice.check(data: data, table: tableOptions.table)
    try visitModel.check()
    if tableOptions.table != nil {
      try InputChoice.refuse(with: "--table", ["--as-of": asOf != nil, "--memory": memory.memory != nil])
      try tableOptions.check()
    } else {
      try tableOptions.refuse()
    }
  }

  func run() throws {
    try TableOutput.check(out, asPage: true)
    let stages = Stages(common)
    if let table = tableOptions.table {
      try value(table: table, stages)
    } else if let data {
      try value(data: DataOptions(data: data, memory: memory), stages)
    }
  }

  private func value(table path: String, _ stages: Stages) throws {
    let input = try stages.readTable(
      path, { try tableOptions.read($0, progress: $1) },
      detail: { "\(Shown.count($0.histories.count)) customers" })
    let models = try stages.run(
      "Fitting \(visitModel.model)", key: "fit",
      { _ in
        try VisitModels(
          input.histories, choice: visitModel.model.choice, options: visitModel.fit,
          covariates: input.covariates)
      },
      detail: { $0.main.kind.paperName })
    let assessment = try assess(input.histories, models, stages)
    let notices =
      input.notices + ValueNotices.of(models, choice: visitModel.model.choice)
      + ValueNotices.of(assessment.spend, asked: input.histories.spend != nil)
    let document = ValueDocument(
      assessment, subject: Bilingual("customers", "客户"),
      source: URL(fileURLWithPath: path).lastPathComponent, currency: nil)
    try tell(document, names: input.names, notices: notices, inputs: [path], stages)
  }

  private func value(data source: DataOptions, _ stages: Stages) throws {
    let histories = try stages.load(source)
    let date = asOf ?? histories.dataEnd
    let relations = try stages.run(
      "Visits until \(date)", key: "visits",
      { _ in RelationHistories(AsOfView(histories: histories, asOf: date, scope: .riskModel)) },
      detail: { "\(Shown.count($0.relations.count)) relations" })
    var options = visitModel.fit
    options.priorDeviation = VisitModels.priorDeviation
    let models = try stages.run(
      "Fitting \(visitModel.model)", key: "fit",
      { [options] _ in try VisitModels(relations, choice: visitModel.model.choice, options: options) },
      detail: { $0.main.kind.paperName })
    let assessment = try assess(relations.histories, models, stages)
    let notices =
      ValueNotices.of(relations.histories, isSummary: false)
      + ValueNotices.of(models, choice: visitModel.model.choice)
      + ValueNotices.of(assessment.spend, asked: true)
    let document = ValueDocument(
      assessment, subject: Bilingual("relations", "客户车辆关系"),
      source: [histories.dealerGroup, date.description].compactMap { $0 }.joined(separator: " · "),
      currency: histories.currency)
    try tell(
      document, names: .relations(histories, relations: relations.relations, asOf: date), notices: notices,
      inputs: source.files, stages)
  }

  private func assess(
    _ histories: PurchaseHistories, _ models: VisitModels, _ stages: Stages
  ) throws -> ValueAssessment {
    try stages.run(
      "Valuing", key: "value",
      { _ in
        try ValueAssessment(
          histories, models: models, options: visitModel.value(unit: histories.unit),
          withIntervals: visitModel.intervals)
      },
      detail: { "\(Shown.count($0.valuation.count)) valued" })
  }

  private func tell(
    _ document: ValueDocument, names: ValueTable.Names, notices: [TableNotice], inputs: [String],
    _ stages: Stages
  ) throws {
    stages.tell(notices, common)
    if let out {
      try stages.run(
        "Writing \(out)", key: "write",
        { _ in
          if try OutputFormat(path: out) == .html {
            try document.write(to: out, language: common.language, protecting: inputs)
          } else {
            try ValueTable(document.assessment, names: names, withIntervals: visitModel.intervals)
              .write(to: out, protecting: inputs)
          }
        })
    }
    if common.json, out != OutputFormat.standardOutput {
      var object = ValueReport(assessment: document.assessment).json
      object["warnings"] = notices.map { $0.json(common) }
      if let out { object["out"] = out }
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else if let out {
      TableOutput.tell(out, rows: document.assessment.valuation.count, common)
    } else {
      let terminal = Terminal.standardOutput
      let lines = document.lines(
        language: common.language, width: terminal.width(), colour: terminal.wantsColour())
      for line in lines { Output.line(line) }
    }
  }
}
