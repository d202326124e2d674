import ArgumentParser
import Evaluation
import Features

/// How coefficients are estimated and shown.
struct EstimationOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Use Firth's penalised likelihood, not a ridge penalty: finite, nearly unbiased coefficients where few lapse or "
        + "features separate the classes."))
  var firth = false

  @Flag(
    help: ArgumentHelp(
      "With --firth: intervals and p values by the profile likelihood; takes some thirty fits a coefficient.")
  )
  var profile = false

  @Flag(help: ArgumentHelp("Let no coefficient go against the direction that the catalogue expects."))
  var expectedDirections = false

  @Flag(help: ArgumentHelp("Fit curves and maps of pairs, as --table does, not coefficients."))
  var terms = false

  @Flag(
    help: ArgumentHelp(
      "Print all coefficients with errors, intervals and p values that take the rows of a customer together.")
  )
  var coefficients = false

  var estimator: ChurnEstimator {
    if firth { return .firth(profile ? .all : .none) }
    if terms { return .terms }
    return expectedDirections ? .expectedDirections : .ridge
  }

  /// - Throws: `ValidationError` for options that exclude each other.
  func check(penalty: Double?, label: LabelChoice) throws {
    if firth, penalty != nil {
      throw ValidationError("--firth has no ridge penalty: leave --penalty out.")
    }
    if profile, !firth {
      throw ValidationError("--profile belongs to --firth: add it, or leave --profile out.")
    }
    if firth, expectedDirections {
      throw ValidationError("--firth and --expected-directions exclude each other: choose one.")
    }
    if expectedDirections, case .target = label {
      throw ValidationError(
        "--expected-directions are those on lapse, not on a declared target: leave the option out.")
    }
  }
}
