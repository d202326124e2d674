import ArgumentParser
import ChurnModel
import Evaluation
import Features

/// An elastic net, how its penalty is chosen, and which columns are penalised how much.
struct ElasticNetOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Let an elastic net choose columns: 1 is the lasso, 0 the ridge, between them a mixture. Its penalty is chosen by "
        + "cross-validation among 100, or is --penalty.",
      valueName: "alpha"))
  var elasticNet: Double?

  @Option(
    help: ArgumentHelp(
      "With --elastic-net: the penalty with the lowest log loss on held-out rows (minimum, the default), or the greatest "
        + "within one standard error of it (one-se): fewer columns.",
      valueName: "rule"))
  var lambdaRule: PenaltySelection.Rule?

  @Option(
    help: ArgumentHelp(
      "With --elastic-net: hold out customers (customer, the default; with --table the rows of one --id), or with --data "
        + "each as-of date after fits on earlier ones (time).",
      valueName: "customer|time"))
  var crossValidation: ElasticNetChoice.Folds?

  @Option(
    help: ArgumentHelp(
      "Multiply the penalty of a column by this, 0 or more; 0 leaves it unpenalised. May be repeated.",
      valueName: "column=factor"))
  var penaltyFactor: [PenaltyFactor] = []

  /// The penalty factors by column.
  var factors: [String: Double] {
    Dictionary(penaltyFactor.map { ($0.column, $0.factor) }, uniquingKeysWith: { _, last in last })
  }

  /// - Parameter penalty: as given by `--penalty`.
  func choice(penalty: Double?) -> ElasticNetChoice? {
    elasticNet.map { mixing in
      var choice = ElasticNetChoice(mixing: mixing)
      choice.penalty = penalty
      choice.rule = lambdaRule ?? choice.rule
      choice.folds = crossValidation ?? choice.folds
      return choice
    }
  }

  /// - Throws: `ValidationError` for values out of range and options that mean nothing.
  func check(penalty: Double?) throws {
    guard let elasticNet else {
      try InputChoice.refuse(
        without: "--elastic-net",
        ["--lambda-rule": lambdaRule != nil, "--cross-validation": crossValidation != nil])
      return
    }
    guard (0...1).contains(elasticNet) else {
      throw ValidationError("--elastic-net must be 0 (ridge) to 1 (lasso), not \(elasticNet).")
    }
    guard let penalty else { return }
    guard penalty > 0 else {
      throw ValidationError(
        "--elastic-net needs a --penalty above 0, or none: it is then chosen by cross-validation.")
    }
    try InputChoice.refuse(
      with: "--penalty", ["--lambda-rule": lambdaRule != nil, "--cross-validation": crossValidation != nil])
  }

  /// Refuses what terms and other estimators do not take.
  ///
  /// - Parameter offset: as given by `--offset`.
  func check(_ estimation: EstimationOptions, penalty: Double?, offset: String?) throws {
    if elasticNet != nil {
      try InputChoice.refuse(
        with: "--elastic-net",
        ["--firth": estimation.firth, "--expected-directions": estimation.expectedDirections])
    }
    if estimation.firth, !penaltyFactor.isEmpty {
      throw ValidationError("--penalty-factor has no meaning with --firth. Leave it out.")
    }
    guard elasticNet == nil, estimation.estimator(penalty: penalty) == .terms else { return }
    try InputChoice.refuse(
      without: "--linear", ["--penalty-factor": !penaltyFactor.isEmpty, "--offset": offset != nil])
  }

  /// Refuses factors of what is no feature.
  func checkOnHistories() throws {
    let names = Set(FeatureColumns.all.filter { $0.kind != .unused }.map(\.name))
    if let unknown = factors.keys.sorted().first(where: { !names.contains($0) }) {
      throw ValidationError(
        "--penalty-factor names \"\(unknown)\", which is no feature of a risk model. `revisit features` lists them."
      )
    }
  }

  /// Refuses what a table does not take.
  func checkOnTable() throws {
    if crossValidation == .time {
      throw ValidationError(
        "--cross-validation time has no meaning with --table, which has no dates. Use --id to hold customers out."
      )
    }
  }

  /// - Throws: `Failure` when a factor is given for a column that is no feature.
  func check(features: [FeatureColumn], of file: String) throws {
    let names = features.map(\.name)
    guard let unknown = factors.keys.sorted().first(where: { !names.contains($0) }) else { return }
    let shown = names.prefix(Self.namesShown).map { "\"\($0)\"" }.joined(separator: ", ")
    throw Failure(
      .usage,
      "--penalty-factor names \"\(unknown)\", which is no feature of \(file). Its features are \(shown)"
        + "\(names.count > Self.namesShown ? ", …" : "").")
  }

  private static let namesShown = 12
}

/// How much of the penalty a column gets.
struct PenaltyFactor: ExpressibleByArgument {
  let column: String
  let factor: Double

  init?(argument: String) {
    guard let split = argument.lastIndex(of: "="), split > argument.startIndex,
      let factor = Double(argument[argument.index(after: split)...]), factor >= 0, factor.isFinite
    else { return nil }
    column = String(argument[..<split])
    self.factor = factor
  }
}

extension PenaltySelection.Rule: ExpressibleByArgument {}
extension ElasticNetChoice.Folds: ExpressibleByArgument {}
