import BuyTillYouDie
import Foundation
import LinearAlgebra
import Testing

/// How often 95 % intervals of parameters hold the parameters that made the histories; the long run prints the figures.
@Suite("Coverage")
struct CoverageTests {
  private static let isSoak = ProcessInfo.processInfo.environment["REVISIT_SOAK"] == "1"
  private static let quantile = 1.959964

  private static let truths: [RepeatModel] = [
    .betaGeometric(BetaGeometric(r: 0.9, alpha: 8, a: 0.8, b: 2.5)),
    .betaGeometric(BetaGeometric(r: 0.9, alpha: 8, a: 0.8, b: 2.5, leavesAtOrigin: true)),
    .betaGeometric(BetaGeometric(r: 1.5, alpha: 16, a: 0.8, b: 2.5, k: 2)),
    .betaGeometric(BetaGeometric(r: 2, alpha: 24, a: 0.8, b: 3, k: 3, leavesAtOrigin: true)),
    .pareto(ParetoNBD(r: 0.9, alpha: 12, s: 0.8, beta: 30)),
  ]

  private static func lives(_ truth: RepeatModel, _ count: Int, seed: UInt64) -> [Life] {
    var random = Draw(seed: seed)
    return (0..<count).map { _ in
      let age = 14 + 200 * random.unit()
      return switch truth {
      case .betaGeometric(let model): Life(model, age: age, &random)
      case .pareto(let model): Life(model, age: age, &random)
      }
    }
  }

  /// All parameters together are held to the bar, each one to what chance leaves of 95 % in so many runs.
  private static func expect(_ shares: [Double], runs: Int) {
    let mean = shares.reduce(0, +) / Double(shares.count)
    #expect(mean > 0.93 && mean < 0.97, "\(shares)")
    let chance = 3.5 * (0.95 * 0.05 / Double(runs)).squareRoot()
    for share in shares { #expect(abs(share - 0.95) < chance, "\(shares)") }
  }

  /// Intervals that held and all of them, on the scale of logarithms.
  private static func held(
    _ truth: RepeatModel, customers: Int, seeds: Range<UInt64>
  ) throws -> (held: [Int], runs: Int) {
    var (held, runs) = ([Int](repeating: 0, count: 4), 0)
    var options = RepeatFitOptions()
    options.regularity = truth.kind.isRegular ? truth.k : nil
    for seed in seeds {
      let groups = try RepeatGroups(lives(truth, customers, seed: seed).map(\.history), logIntervals: 0)
      guard let fit = try? RepeatModelFit(groups, kind: truth.kind, options: options) else { continue }
      runs += 1
      for (index, value) in truth.parameters.enumerated() {
        let deviation = fit.standardErrors[index] / fit.model.parameters[index]
        if abs(log(fit.model.parameters[index] / value)) < quantile * deviation { held[index] += 1 }
      }
    }
    return (held, runs)
  }

  @Test(
    "95 % intervals of the parameters of every family hold the truth 93 to 97 times in 100",
    .enabled(if: isSoak), arguments: truths)
  func parameters(_ truth: RepeatModel) throws {
    let (held, runs) = try Self.held(truth, customers: 4000, seeds: 1000..<2000)
    let shares = held.map { Double($0) / Double(runs) }
    print("coverage of \(truth.kind.paperName), k = \(truth.k), \(runs) runs:", shares)
    #expect(runs >= 990)
    Self.expect(shares, runs: runs)
  }

  @Test(
    "95 % intervals of coefficients of covariates hold the truth 93 to 97 times in 100", .enabled(if: isSoak),
    arguments: [RepeatModelKind.mbgCNBDk, .paretoNBD])
  func covariates(_ kind: RepeatModelKind) throws {
    let (rateEffects, leavingEffects) = ([0.6, -0.4], [-0.5, 0.3])
    let truth = kind == .paretoNBD ? Self.truths[4] : Self.truths[3]
    var (held, runs) = ([Int](repeating: 0, count: 8), 0)
    var options = RepeatFitOptions()
    options.regularity = truth.k
    for seed in UInt64(0)..<600 {
      var random = Draw(seed: seed)
      var (histories, rows): ([RepeatHistory], [[Double]]) = ([], [])
      for _ in 0..<3000 {
        let own = [random.unit() < 0.4 ? 1.0 : 0, 2 * random.unit() - 1]
        let rate = exp(-(rateEffects[0] * own[0] + rateEffects[1] * own[1]))
        let leaving = exp(leavingEffects[0] * own[0] + leavingEffects[1] * own[1])
        let age = 14 + 200 * random.unit()
        let life =
          switch truth {
          case .betaGeometric(let model):
            Life(
              BetaGeometric(
                r: model.r, alpha: model.alpha * rate, a: model.a * leaving, b: model.b, k: model.k,
                leavesAtOrigin: model.leavesAtOrigin), age: age, &random)
          case .pareto(let model):
            Life(
              ParetoNBD(r: model.r, alpha: model.alpha * rate, s: model.s, beta: model.beta / leaving),
              age: age, &random)
          }
        histories.append(life.history)
        rows.append(own)
      }
      let covariates = RepeatCovariates(names: ["yes", "number"], values: Matrix(rows))
      guard
        let fit = try? RepeatCovariateFit(
          histories, logIntervals: 0, rate: covariates, leaving: covariates, kind: kind, options: options)
      else { continue }
      runs += 1
      for (index, value) in truth.parameters.enumerated() {
        let deviation = fit.standardErrors[index] / fit.model.parameters[index]
        if abs(log(fit.model.parameters[index] / value)) < Self.quantile * deviation { held[index] += 1 }
      }
      for (index, pair) in zip(fit.rateEffects + fit.leavingEffects, rateEffects + leavingEffects)
        .enumerated()
      {
        if abs(pair.0.coefficient - pair.1) < Self.quantile * pair.0.standardError { held[4 + index] += 1 }
      }
    }
    let shares = held.map { Double($0) / Double(runs) }
    print("coverage of \(kind.paperName) with covariates, \(runs) runs:", shares)
    #expect(runs >= 590)
    Self.expect(shares, runs: runs)
  }

  @Test("95 % intervals hold the truth about as often as they say in a few runs")
  func coverageOfFew() throws {
    let (held, runs) = try Self.held(Self.truths[3], customers: 400, seeds: 1000..<1015)
    #expect(runs == 15 && held.reduce(0, +) > 48)
  }

  /// The chances of whole numbers leave gaps: an interval of them holds at least as often as it says. What can be held
  /// against 95 % exactly is the probability at which a number came, drawn evenly within its step.
  @Test("visits to come lie evenly in their distribution: its middle 95 % hold 95 times in 100")
  func visits() throws {
    let time = 40.0
    guard case .betaGeometric(let model) = Self.truths[3] else { return }
    let count = Self.isSoak ? 20_000 : 1500
    let lives = Life.many(model, count, seed: 5, later: time)
    var options = RepeatFitOptions()
    options.regularity = 3
    let fit = try RepeatModelFit(
      RepeatGroups(lives.map(\.history), logIntervals: 0), kind: .mbgCNBDk, options: options)
    var random = Draw(seed: 6)
    var (held, inInterval) = (0, 0)
    for life in lives {
      let chances = fit.model.probabilities(upTo: life.later, of: life.history, within: time)
      let place = chances.dropLast().reduce(0, +) + random.unit() * chances[life.later]
      if place > 0.025, place < 0.975 { held += 1 }
      if Self.isSoak, fit.actualInterval(of: life.history, within: time).contains(life.later) {
        inInterval += 1
      }
    }
    let share = Double(held) / Double(count)
    if Self.isSoak {
      print(
        "visits of one: randomised \(share), interval of whole numbers \(Double(inInterval) / Double(count))")
    }
    #expect(abs(share - 0.95) < 4 * (0.95 * 0.05 / Double(count)).squareRoot(), "\(share)")
  }
}
