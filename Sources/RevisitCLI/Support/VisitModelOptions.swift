import ArgumentParser
import BuyTillYouDie
import CustomerValue
import Evaluation

/// Which model of visits is fitted, and over which time value is counted.
struct VisitModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Model of visits: bg-nbd, mbg-nbd, bg-cnbd-k, mbg-cnbd-k, pareto-nbd, or auto for the one with the least AIC.",
      valueName: "model"))
  var model: ModelName = ModelName(choice: .automatic)

  @Option(
    help: ArgumentHelp(
      "The k of bg-cnbd-k and mbg-cnbd-k, 1 for visits at random (default: by likelihood, which needs a log).",
      valueName: "k"))
  var regularity: Int?

  @Option(help: ArgumentHelp("Months ahead in which visits and value are counted.", valueName: "n"))
  var horizonMonths = ValueOptions().horizonMonths

  @Option(help: ArgumentHelp("Discount a month: 0.01 for 1 %.", valueName: "rate"))
  var discount = ValueOptions().monthlyRate

  @Option(
    help: ArgumentHelp(
      "Days in a month (default: 30 where --unit is day, as in the package lifetimes, else the mean of 30.436875).",
      valueName: "days"))
  var monthDays: Double?

  @Flag(
    help:
      "Add the interval of all visits, and with --out those of every customer's visits and value: by chance and by the parameters' errors."
  )
  var intervals = false

  @Option(help: ArgumentHelp("Confidence of intervals.", valueName: "confidence"))
  var confidence = ValueOptions().confidence

  private static let mostMonths = 1200
  private static let mostDays = 366.0

  /// - Throws: `ValidationError` for what cannot be.
  func check() throws {
    guard (0...Self.mostMonths).contains(horizonMonths) else {
      throw ValidationError("--horizon-months must be a whole number from 0 to \(Self.mostMonths).")
    }
    guard discount >= 0, discount < 1 else {
      throw ValidationError(
        "--discount must be a rate a month from 0 to less than 1, such as 0.01, not \(discount).")
    }
    if let monthDays, !(monthDays > 0 && monthDays <= Self.mostDays) {
      throw ValidationError("--month-days must be above 0 and at most \(Int(Self.mostDays)).")
    }
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("--confidence must be between 0 and 1, such as 0.95, not \(confidence).")
    }
    guard let regularity else { return }
    guard (1...BetaGeometric.greatestRegularity).contains(regularity) else {
      throw ValidationError(
        "--regularity must be a whole number from 1 to \(BetaGeometric.greatestRegularity).")
    }
    guard case .kind(let kind) = model.choice, kind.isRegular else {
      throw ValidationError(
        "--regularity belongs to --model bg-cnbd-k or mbg-cnbd-k: name one, or leave it out.")
    }
  }

  /// - Parameter unit: of the times in the data.
  func value(unit: TimeUnit) -> ValueOptions {
    var options = ValueOptions()
    (options.horizonMonths, options.monthlyRate) = (horizonMonths, discount)
    (options.daysPerMonth, options.confidence) = (monthDays ?? unit.daysOfMonth, confidence)
    return options
  }

  var fit: RepeatFitOptions {
    var options = RepeatFitOptions()
    options.regularity = regularity
    return options
  }
}

/// The name of a family, or `auto`.
struct ModelName: ExpressibleByArgument, CustomStringConvertible {
  let choice: VisitModels.Choice

  private static let automatic = "auto"

  init(choice: VisitModels.Choice) {
    self.choice = choice
  }

  init?(argument: String) {
    if argument == Self.automatic {
      choice = .automatic
    } else if let kind = RepeatModelKind(rawValue: argument) {
      choice = .kind(kind)
    } else {
      return nil
    }
  }

  static var allValueStrings: [String] { RepeatModelKind.allCases.map(\.rawValue) + [automatic] }

  var description: String {
    switch choice {
    case .kind(let kind): kind.rawValue
    case .automatic: Self.automatic
    }
  }
}
