import ArgumentParser
import Evaluation

/// How the margins of a trained model become probabilities, and whether their intervals are wanted later.
struct ProbabilityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Calibrator of the probabilities: the best on held-out rows (none unless it gains more than noise), or a certain one.",
      valueName: "auto|none|beta|isotonic"))
  var calibration: CalibrationRule = .auto

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With --table, where rows of one class were sampled: share of positives among those who will be scored, such as 0.03.",
      valueName: "share"))
  var populationRate: Double?

  @Flag(help: "Keep what `revisit score --interval` needs beside the model.")
  var intervals = false

  /// - Throws: `ValidationError` for a share that is none.
  func check(isTable: Bool) throws {
    guard let populationRate else { return }
    if !isTable { try InputChoice.refuse(with: "--data", ["--population-rate": true]) }
    guard populationRate > 0, populationRate < 1 else {
      throw ValidationError(
        "--population-rate must be a share between 0 and 1, such as 0.03 for 3 %, not \(populationRate).")
    }
  }
}

extension CalibrationRule: ExpressibleByArgument {}
