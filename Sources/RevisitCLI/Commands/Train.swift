import ArgumentParser
import ChurnModel
import Evaluation
import Features
import Foundation
import Histories
import ModelRegistry
import Reports

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn from the past which customers stop coming, and say how well that works.",
    usage: """
      revisit train --data <dir> [--name <name>] [<options>]
             revisit train --table <file> --label <column> [<options>]
      """,
    discussion: """
      With --data: learns from the relations active at several as-of dates and
      judges the model at the last one, on customers it has not seen. The plain
      rule (rank by days overdue) stands beside it: a model that does not beat the
      rule is not worth having. The model goes to MODELS/NAME/VERSION/ as readable
      JSON.

      Every feature gets a curve, as smooth as the data want it, and the few pairs
      of features that need one a map; `revisit models show` prints them. --linear
      fits one coefficient a feature.

        revisit train --data datasets/lakeside --name lakeside
        revisit train --data data --label fixed:365 \\
          --as-of 2024-03-31,2024-06-30,2024-09-30
        revisit train --data data --firth --coefficients
        revisit train --data data --elastic-net 1 --lambda-rule one-se

      With --table: learns from any CSV or Parquet file, one row each, a column
      with two values to predict. Numbers, yes/no, texts, dates and missing values
      (empty, NA, N/A, null, NaN, ?) are told apart by all rows of a column; texts
      with nearly as many values as rows are left out. With --folds every fold is
      judged by a model learned from the other folds alone. --shape gives columns a
      line, a logarithm, or steps at the best borders instead of curves; --monotone
      holds a column to one direction. --elastic-net fits coefficients of the columns
      that it chooses. Coefficients see numbers within their 0.1 % and 99.9 %
      quantiles: what lies beyond counts as these.

        revisit train --table customers.csv --label churn --id customer_id
        revisit train --table customers.parquet --label churn --folds fold --json
        revisit train --table customers.csv --label churn --shape age=bins \\
          --monotone tenure=falling
        revisit train --table visits.csv --label churn --id customer_id \\
          --linear --penalty 0 --coefficients

      Probabilities are calibrated on held-out rows where that gains more than noise.
      Where rows of one class were sampled, --population-rate says how frequent it
      is among those who will be scored, and probabilities are theirs.
      """)

  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String?

  @OptionGroup var tableOptions: TrainingTableOptions

  @Option(
    help: ArgumentHelp(
      "What is predicted. With --data a rule (default: due): \(LabelChoice.names). With --table the column's name.",
      valueName: "rule|column"))
  var label: String?

  @OptionGroup var memory: MemoryOptions

  @Option(
    help: ArgumentHelp(
      "As-of dates; the last is the test (default: five, a quarter of a year apart).",
      valueName: "yyyy-mm-dd,…"))
  var asOf: DayList?

  @Option(parsing: .unconditional, help: ArgumentHelp("Same as --label fixed:DAYS.", valueName: "days"))
  var horizon: Int?

  @Option(help: "Name of the model: small letters, digits, and . _ - inside.")
  var name = "churn"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Penalty on standardised coefficients, a ridge or that of --elastic-net, 0 or more (default: by cross-validation).",
      valueName: "lambda"))
  var penalty: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the customers kept for the test, 0.05 to 0.9 (default: 0.3).", valueName: "share"))
  var testShare: Double?

  @OptionGroup var elasticNet: ElasticNetOptions
  @OptionGroup var probabilities: ProbabilityOptions
  @OptionGroup var estimation: EstimationOptions
  @OptionGroup var registry: RegistryOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try InputChoice.check(data: data, table: tableOptions.table)
    if let horizon, LapseLabel("fixed:\(horizon)") == nil {
      throw ValidationError("--horizon must be 30 to 1095 days, not \(horizon).")
    }
    if let testShare, !(0.05...0.9).contains(testShare) {
      throw ValidationError("--test-share must be 0.05 to 0.9, not \(testShare).")
    }
    if let penalty, !(penalty >= 0 && penalty.isFinite) {
      throw ValidationError("--penalty must be 0 or more, not \(penalty).")
    }
    try elasticNet.check(penalty: penalty)
    try probabilities.check(isTable: tableOptions.table != nil)
    if data != nil {
      try tableOptions.refuse()
      try elasticNet.checkOnHistories()
      try estimation.check(penalty: penalty, label: ruleChoice)
    } else {
      guard label != nil else {
        throw ValidationError("--table needs --label <column>: the column to predict.")
      }
      try InputChoice.refuse(
        with: "--table",
        [
          "--as-of": asOf != nil, "--horizon": horizon != nil, "--test-share": testShare != nil,
          "--memory": memory.memory != nil, "--expected-directions": estimation.expectedDirections,
        ])
      try estimation.check(penalty: penalty, label: nil)
      try tableOptions.check(
        coefficients: elasticNet.elasticNet != nil
          ? "--elastic-net" : estimation.coefficientOption(penalty: penalty))
      try elasticNet.checkOnTable()
    }
    try elasticNet.check(estimation, penalty: penalty, offset: tableOptions.offset)
  }

  /// The label's rule, for a data folder.
  private var ruleChoice: LabelChoice {
    get throws {
      if let horizon { return .rule(.fixed(days: horizon)) }
      guard let label else { return .rule(.due) }
      guard let choice = LabelChoice(argument: label) else {
        throw ValidationError(
          "The value '\(label)' is invalid for '--label': with --data use \(LabelChoice.names).")
      }
      return choice
    }
  }

  func run() throws {
    // A wrong name or place must not cost a training first.
    do {
      _ = try ModelReference(name: name)
      try registry.registry.checkSaving()
    } catch {
      throw Failure.from(error)
    }
    if let file = tableOptions.table, let label { return try train(onTable: file, label: label) }
    guard let data else { preconditionFailure("arguments were validated") }
    try train(on: DataOptions(data: data, memory: memory))
  }

  private func train(on source: DataOptions) throws {
    let stages = Stages(common)
    let choice = try ruleChoice
    let histories = try stages.load(source, targets: choice.targets)
    let label = try choice.label(in: histories)
    var training = ChurnTraining()
    training.label = label
    training.testShare = testShare ?? training.testShare
    if let penalty {
      training.options.penalty = penalty
      training.choosesPenalty = false
    }
    training.options.penaltyFactors = elasticNet.factors
    training.estimator =
      elasticNet.choice(penalty: penalty).map { .elasticNet($0) } ?? estimation.estimator(penalty: penalty)
    training.clusteredErrors = true
    training.testsFeatures = estimation.coefficients
    training.calibration = probabilities.calibration
    let plan = training
    let result = try stages.steps(
      key: "train",
      { step in
        let dates = try asOf?.days ?? ChurnTraining.defaultDates(histories, label: label)
        var metadata = ["data_end": histories.dataEnd.description]
        metadata["dealer_group"] = histories.dealerGroup
        if case .target(let target) = label { metadata[NamedModel.targetKey] = target.summary }
        return try plan.run(histories, dates: dates, metadata: metadata, progress: step)
      })
    guard let test = result.test else { throw Failure(.internalFault, "the test was left out") }
    let truth = try stages.run(
      "Comparing with the truth", key: "truth",
      { _ in try TruthTest.run(source.data, histories, test, label) })
    let entry = try stages.run(
      "Saving", key: "save",
      { _ in
        try registry.registry.save(
          result.fit.model.noting(test),
          covariance: probabilities.intervals ? result.fit.covariance : nil, name: name)
      },
      detail: { $0.reference.description })

    let report = TrainingReport(
      result: result, test: test, truth: truth, label: label, hasIntervals: entry.hasCovariance)
    if common.json {
      var object = report.json
      object["model"] = entry.reference.description
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for line in report.lines(language: common.language) { Output.line(line) }
      if estimation.coefficients, case .coefficients(let fit) = result.fit {
        let document = CoefficientDocument(fit)
        for line in [""]
          + document.lines(language: common.language, width: Terminal.standardOutput.uncutWidth())
        {
          Output.line(line)
        }
      }
      Output.line()
      Output.line(
        common.language == .chinese
          ? "模型已保存：\(entry.reference)（\(entry.folder.path)）"
          : "Saved as \(entry.reference) in \(entry.folder.path)")
    }
  }
}
