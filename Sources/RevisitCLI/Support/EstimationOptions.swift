import ArgumentParser
import Evaluation
import Features

/// What is fitted: terms, or coefficients, and how these are estimated and shown.
struct EstimationOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Use Firth's penalised likelihood, not a ridge penalty: finite, nearly unbiased coefficients where positives are "
        + "few or features separate the classes."))
  var firth = false

  @Flag(
    help: ArgumentHelp(
      "With --firth: intervals and p values by the profile likelihood; takes some thirty fits a coefficient.")
  )
  var profile = false

  @Flag(help: ArgumentHelp("Let no coefficient go against the direction that the catalogue expects."))
  var expectedDirections = false

  @Flag(
    help: ArgumentHelp(
      "One coefficient a column and a ridge penalty, no curves and no pairs of columns. --penalty, --firth, "
        + "--expected-directions and --coefficients mean that, too."))
  var linear = false

  @Flag(
    help: ArgumentHelp(
      "Print all coefficients with errors, intervals and p values that take the rows of a customer (with --table: of "
        + "one --id) together, and the likelihood-ratio test of each feature.")
  )
  var coefficients = false

  /// - Parameter penalty: the ridge penalty that was asked for.
  func estimator(penalty: Double?) -> ChurnEstimator {
    if firth { return .firth(profile ? .all : .none) }
    if expectedDirections { return .expectedDirections }
    return linear || penalty != nil || coefficients ? .ridge : .terms
  }

  /// The option that asks for coefficients; nil where terms are fitted.
  func coefficientOption(penalty: Double?) -> String? {
    let given = [
      ("--firth", firth), ("--expected-directions", expectedDirections), ("--linear", linear),
      ("--coefficients", coefficients), ("--penalty", penalty != nil),
    ]
    return given.first { $0.1 }?.0
  }

  /// - Parameter label: the rule of a data folder; nil for a table.
  /// - Throws: `ValidationError` for options that exclude each other.
  func check(penalty: Double?, label: LabelChoice?) throws {
    if firth, penalty != nil {
      throw ValidationError("--firth has no ridge penalty: leave --penalty out.")
    }
    if profile, !firth {
      throw ValidationError("--profile belongs to --firth: add it, or leave --profile out.")
    }
    if firth, expectedDirections {
      throw ValidationError("--firth and --expected-directions exclude each other: choose one.")
    }
    if expectedDirections, case .target? = label {
      throw ValidationError(
        "--expected-directions are those on lapse, not on a declared target: leave the option out.")
    }
  }
}
