import BuyTillYouDie
import Foundation
import Testing

@Suite("Impossible and telling-nothing histories")
struct BadInputTests {
  private static let good = RepeatHistory(repeats: 2, last: 5, age: 9)

  @Test(
    "an impossible history is refused with its place and its fault",
    arguments: [
      (RepeatHistory(repeats: 1, last: 9.5, age: 9), RepeatHistoryFault.recencyBeyondAge),
      (RepeatHistory(repeats: 0, last: 1, age: 9), .recencyWithoutRepeats),
      (RepeatHistory(repeats: -1, last: 0, age: 9), .negativeRepeats),
      (RepeatHistory(repeats: 1, last: -1, age: 9), .negativeTime),
      (RepeatHistory(repeats: 1, last: .nan, age: 9), .notFinite),
      (RepeatHistory(repeats: 1, last: 1, age: .infinity), .notFinite),
      (RepeatHistory(repeats: 1_000_001, last: 1, age: 9), .tooManyRepeats),
    ])
  func impossible(_ history: RepeatHistory, _ fault: RepeatHistoryFault) {
    #expect(history.fault == fault)
    #expect(throws: RepeatModelError(.history(index: 1, fault))) {
      _ = try RepeatGroups([Self.good, history])
    }
  }

  @Test(
    "too few customers, one-time buyers alone and unknown intervals are refused in words, by every family")
  func refusals() throws {
    let none = try RepeatGroups((0..<100).map { RepeatHistory(repeats: 0, last: 0, age: 50 + Double($0)) })
    for kind in RepeatModelKind.allCases {
      #expect(throws: RepeatModelError(.noRepeats)) { _ = try RepeatModelFit(none, kind: kind) }
      #expect(throws: RepeatModelError(.tooFew(count: 1))) {
        _ = try RepeatModelFit(RepeatGroups([Self.good]), kind: kind)
      }
      #expect(throws: RepeatModelError(.tooFew(count: 0))) {
        _ = try RepeatModelFit(RepeatGroups([]), kind: kind)
      }
    }
    let summaries = try RepeatGroups(
      Life.many(BetaGeometric(r: 1, alpha: 9, a: 1, b: 2), 50, seed: 1).map(\.history))
    #expect(throws: RepeatModelError(.regularityUnknown(.mbgCNBDk))) {
      _ = try RepeatModelFit(summaries, kind: .mbgCNBDk)
    }
    var options = RepeatFitOptions()
    options.regularity = 33
    #expect(throws: RepeatModelError(.regularity(33))) {
      _ = try RepeatModelFit(summaries, kind: .bgCNBDk, options: options)
    }
    options.regularity = 2
    #expect(try RepeatModelFit(summaries, kind: .bgCNBDk, options: options).isComparable == false)
    #expect(throws: RepeatModelError(.intervals)) {
      _ = try RepeatGroups([Self.good], logIntervals: -.infinity)
    }
  }

  @Test("horizons that have no length or no end are refused")
  func horizons() {
    #expect(throws: RepeatModelError(.horizon)) { _ = try RepeatHorizon(time: -1) }
    #expect(throws: RepeatModelError(.horizon)) { _ = try RepeatHorizon(time: .infinity) }
    #expect(throws: RepeatModelError(.horizon)) {
      _ = try RepeatHorizon(months: nil, monthlyRate: 0, unitsPerMonth: 4)
    }
    #expect(throws: RepeatModelError(.horizon)) {
      _ = try RepeatHorizon(months: 3, monthlyRate: -0.1, unitsPerMonth: 4)
    }
  }

  @Test("thousands of visits by one customer are taken as they are")
  func manyVisits() throws {
    var histories = Life.many(BetaGeometric(r: 1, alpha: 9, a: 0.7, b: 2), 400, seed: 3).map(\.history)
    histories.append(RepeatHistory(repeats: 4000, last: 213.98, age: 214))
    let groups = try RepeatGroups(histories)
    for kind in [RepeatModelKind.bgNBD, .mbgNBD, .paretoNBD] {
      let fit = try RepeatModelFit(groups, kind: kind)
      #expect(fit.model.parameters.allSatisfy(\.isFinite) && fit.logLikelihood.isFinite)
      let expected = fit.model.expectedRepeats(of: histories[400], within: try RepeatHorizon(time: 10))
      #expect(expected > 50 && expected < 400)
    }
  }

  @Test("a maximum at the border of a family is said in words: nobody leaves, all come at one rate")
  func borders() throws {
    let clockwork = try RepeatGroups(
      (0..<300).map { index in
        let age = 60 + index % 120
        return RepeatHistory(repeats: age / 26, last: Double(age / 26 * 26), age: Double(age))
      })
    for kind in [RepeatModelKind.bgNBD, .mbgNBD, .paretoNBD] {
      let fit = try RepeatModelFit(clockwork, kind: kind)
      #expect(fit.notes == [.sameRate, .nobodyLeaves] && !fit.isConverged, "\(fit.model)")
      #expect(fit.model.probabilityAlive(RepeatHistory(repeats: 3, last: 78, age: 90)) > 0.999)
      // What the data do tell stays right: the rate.
      #expect(abs(fit.model.parameters[1] / fit.model.parameters[0] / 30 - 1) < 0.1)
    }
    let allAlike = Life.many(BetaGeometric(r: 1, alpha: 9, a: 2e5, b: 6e5), 1500, seed: 8).map(\.history)
    let fit = try RepeatModelFit(RepeatGroups(allAlike), kind: .bgNBD)
    let chance = fit.model.parameters[2] / (fit.model.parameters[2] + fit.model.parameters[3])
    #expect(abs(chance - 0.25) < 0.03)
  }
}
