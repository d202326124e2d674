import BuyTillYouDie
import Foundation
import LinearAlgebra
import Testing

@Suite("Parameters that made histories are found again")
struct RecoveryTests {
  private static let regular = BetaGeometric(r: 2, alpha: 24, a: 0.8, b: 3, k: 3, leavesAtOrigin: true)
  private static let pareto = ParetoNBD(r: 0.9, alpha: 12, s: 0.8, beta: 30)

  private static func groups(_ lives: [Life]) throws -> RepeatGroups {
    try RepeatGroups(lives.map(\.history), logIntervals: lives.reduce(0) { $0 + $1.logIntervals })
  }

  private static func paretoLives(_ count: Int, seed: UInt64) -> [Life] {
    var random = Draw(seed: seed)
    return (0..<count).map { _ in
      let age = 14 + 200 * random.unit()
      return Life(pareto, age: age, &random)
    }
  }

  private func expectClose(_ fit: RepeatModelFit, _ truth: RepeatModel) {
    for (index, value) in truth.parameters.enumerated() {
      #expect(fit.standardErrors[index] < 0.4 * value)
      #expect(
        abs(fit.model.parameters[index] - value) < 4 * fit.standardErrors[index], "\(fit.kind) \(index)")
    }
    #expect(fit.isConverged && fit.notes.isEmpty)
  }

  @Test("of regular visits, their regularity k by the likelihood")
  func regularVisits() throws {
    let groups = try Self.groups(Life.many(Self.regular, 3000, seed: 11))
    let fit = try RepeatModelFit(groups, kind: .mbgCNBDk)
    #expect(fit.model.k == 3)
    #expect(fit.logLikelihoodByRegularity[3] == fit.logLikelihood && fit.logLikelihoodByRegularity.count >= 5)
    expectClose(fit, .betaGeometric(Self.regular))
    let test = try #require(fit.likelihoodRatioTest(against: RepeatModelFit(groups, kind: .mbgNBD)))
    #expect(test.pValue < 1e-20 && test.degreesOfFreedom == 1)
    #expect(fit.likelihoodRatioTest(against: try RepeatModelFit(groups, kind: .bgNBD)) == nil)
  }

  @Test("of people who leave at any moment")
  func leavingAtAnyMoment() throws {
    expectClose(
      try RepeatModelFit(Self.groups(Self.paretoLives(1500, seed: 3)), kind: .paretoNBD), .pareto(Self.pareto)
    )
  }

  @Test("the best of all families is the one that made the histories")
  func choice() throws {
    let choice = try RepeatModelChoice(Self.groups(Life.many(Self.regular, 300, seed: 5)))
    #expect(choice.best.kind == .mbgCNBDk && choice.best.model.k == 3 && choice.fits.count == 5)
    let summaries = try RepeatModelChoice(RepeatGroups(Life.many(Self.regular, 300, seed: 5).map(\.history)))
    #expect(summaries.fits.map(\.kind) == [.bgNBD, .mbgNBD, .paretoNBD])
    #expect(summaries.refusals[.mbgCNBDk]?.code == .regularityUnknown(.mbgCNBDk))
  }

  @Test("intervals of visits to come hold what comes, of one and of all")
  func intervals() throws {
    let time = 40.0
    let lives = Life.many(Self.regular, 600, seed: 77, later: time)
    var options = RepeatFitOptions()
    options.regularity = 3
    let fit = try RepeatModelFit(Self.groups(lives), kind: .mbgCNBDk, options: options)
    let histories = lives.map(\.history)
    let intervals = try #require(RepeatIntervals(histories, fit, RepeatHorizon(time: time)))
    let actual = Double(lives.reduce(0) { $0 + $1.later })
    let (expected, total) = (intervals.ofExpectedTotal(), intervals.ofActualTotal())
    #expect(expected.lower < intervals.total && intervals.total < expected.upper)
    #expect(total.lower < actual && actual < total.upper)
    #expect(total.upper - total.lower > expected.upper - expected.lower)
    let sample = stride(from: 0, to: lives.count, by: 4)
    let held = sample.count { fit.actualInterval(of: histories[$0], within: time).contains(lives[$0].later) }
    // At least 95 %, for numbers of visits are whole.
    #expect(Double(held) > 0.91 * 150)
    let own = intervals.ofExpected(3)
    #expect(own.lower < intervals.expected[3] && intervals.expected[3] < own.upper)
    let moments = fit.model.probabilities(upTo: 300, of: histories[3], within: time).enumerated()
    let mean = moments.reduce(0) { $0 + Double($1.offset) * $1.element }
    let variance = moments.reduce(0) { $0 + pow(Double($1.offset) - mean, 2) * $1.element }
    let parameters = pow(intervals.logDeviations[3] * intervals.expected[3], 2)
    #expect(abs(pow(intervals.actualDeviations[3], 2) / (variance + parameters) - 1) < 1e-9)
  }
}
