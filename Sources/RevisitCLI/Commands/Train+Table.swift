import ChurnModel
import Evaluation
import Foundation
import ModelRegistry
import Reports
import Tables

extension Train {
  /// Learns from a table, judges by its folds where it has some, and saves the model.
  func train(onTable file: String, label: String) throws {
    let start = ContinuousClock.now
    let stages = Stages(common)
    let roles = tableOptions.roles(label: label)
    let choices = try ColumnChoices(tableOptions)
    let table = try stages.readTable(
      file,
      {
        try choices.check($0)
        return try TrainingTable($0, roles: roles, progress: $1)
      },
      detail: { "\(Shown.count($0.rows, "row")), \(Shown.count($0.features.count, "feature"))" })
    stages.tell(table.notices, common)
    try elasticNet.check(features: table.features, of: file)
    var training = TableTraining(table)
    var options = LogisticOptions()
    options.penalty = penalty ?? options.penalty
    options.penaltyFactors = elasticNet.factors
    if let choice = elasticNet.choice(penalty: penalty) {
      training.learner = .elasticNet(choice, options)
    } else {
      switch estimation.estimator(penalty: penalty) {
      case .firth: training.learner = .firth(options)
      case .terms: training.learner = .terms(choices.termOptions)
      case .ridge, .expectedDirections, .elasticNet:
        training.learner = .coefficients(
          options, choosesPenalty: penalty == nil, directions: choices.directions)
      }
    }
    training.calibration = probabilities.calibration
    training.populationRate = probabilities.populationRate
    let plan = training
    let folds = try table.folds.map { folds in
      try stages.steps(
        key: "cv",
        { step in
          try TableCrossValidation.run(plan, folds: folds) {
            step("fold \($0 + 1) of \(folds.names.count)")
          }
        })
    }
    stages.tell(TableCrossValidation.notices(folds ?? []), common)
    var metadata = table.schema.metadata
    metadata["label"] = label
    if let folds { metadata.merge(CrossValidationNotes(folds).metadata) { _, new in new } }
    training.keepsCovariance = probabilities.intervals
    training.clusteredErrors = true
    training.profiles = estimation.profile ? .all : .none
    training.testsFeatures = estimation.coefficients
    let fit = try stages.steps(
      key: "fit",
      { [metadata, training] step in try training.fit(metadata: metadata, progress: step) })
    let entry = try stages.run(
      "Saving", key: "save",
      { _ in
        try registry.registry.save(
          fit.model, covariance: probabilities.intervals ? fit.covariance : nil, name: name)
      },
      detail: { $0.reference.description })
    let report = TableTrainingReport(
      table: table, fit: fit, folds: folds, entry: entry,
      seconds: (ContinuousClock.now - start) / .seconds(1), common: common)
    if common.json {
      Output.json(report.json)
    } else {
      for line in report.lines { Output.line(line) }
      if probabilities.intervals, !entry.hasCovariance {
        stages.note(
          "No intervals are kept: a direction holds a term, and what it holds has no normal distribution.")
      }
      if estimation.coefficients, case .coefficients(let fit) = fit {
        let lines = CoefficientDocument(fit).lines(
          language: common.language, width: Terminal.standardOutput.uncutWidth())
        for line in [""] + lines { Output.line(line) }
      }
    }
  }
}
