import BuyTillYouDie
import Foundation
import LinearAlgebra
import Testing

@Suite("BG/NBD")
struct BGNBDTests {
  private static let truth = BetaGeometric(r: 1.8, alpha: 30, a: 0.9, b: 4)

  private static func draw(_ count: Int, seed: UInt64, later: Double = 0) -> [Life] {
    Life.many(truth, count, seed: seed, later: later)
  }

  private static func fit(_ histories: [RepeatHistory], _ parallel: Parallel = .standard) throws
    -> RepeatModelFit
  {
    try RepeatModelFit(RepeatGroups(histories), kind: .bgNBD, parallel: parallel)
  }

  /// Equation 6 of the paper, with gamma functions.
  private static func logLikelihood(_ history: RepeatHistory, _ m: BetaGeometric) -> Double {
    let x = Double(history.repeats)
    let (last, age) = (history.last, history.age)
    func beta(_ a: Double, _ b: Double) -> Double { lgamma(a) + lgamma(b) - lgamma(a + b) }
    let common = lgamma(m.r + x) - lgamma(m.r) + m.r * log(m.alpha) - beta(m.a, m.b)
    let alive = exp(common + beta(m.a, m.b + x) - (m.r + x) * log(m.alpha + age))
    let gone = x > 0 ? exp(common + beta(m.a + 1, m.b + x - 1) - (m.r + x) * log(m.alpha + last)) : 0
    return log(alive + gone)
  }

  @Test("the fit is where no small change of a parameter raises the paper's likelihood")
  func maximum() throws {
    let histories = Self.draw(4000, seed: 3).map(\.history)
    let fit = try Self.fit(histories)
    let m = try #require(fit.model.asBetaGeometric)
    func total(_ change: SIMD4<Double>) -> Double {
      let changed = BetaGeometric(
        r: m.r * exp(change[0]), alpha: m.alpha * exp(change[1]), a: m.a * exp(change[2]),
        b: m.b * exp(change[3]))
      return histories.reduce(0) { $0 + Self.logLikelihood($1, changed) }
    }
    let top = total(SIMD4())
    #expect(abs(top - fit.logLikelihood) < 1e-6)
    for index in 0..<4 {
      var step = SIMD4<Double>()
      step[index] = 1e-3
      let (above, below) = (total(step), total(-1 * step))
      #expect(above < top && below < top)
      // The slope by central differences is nothing beside the curvature.
      #expect(abs(above - below) < 1e-3 * (2 * top - above - below))
    }
  }

  @Test("parameters that made the histories are found again within four standard errors")
  func recovery() throws {
    let fit = try Self.fit(Self.draw(20_000, seed: 9).map(\.history))
    for (index, truth) in RepeatModel.betaGeometric(Self.truth).parameters.enumerated() {
      #expect(fit.standardErrors[index] < 0.1 * truth)
      #expect(abs(fit.model.parameters[index] - truth) < 4 * fit.standardErrors[index])
    }
  }

  @Test("who is alive and how often they come again is as probable as the model says")
  func calibration() throws {
    let weeks = 100.0
    let drawn = Self.draw(20_000, seed: 21, later: weeks).filter { $0.history.repeats >= 2 }
    let forecast = RepeatForecast(
      drawn.map(\.history), .betaGeometric(Self.truth), try RepeatHorizon(time: weeks))
    let silent = drawn.indices.filter { drawn[$0].history.age - drawn[$0].history.last > 57 }
    for group in [silent, Array(drawn.indices)] {
      let count = Double(group.count)
      let alive = group.reduce(0) { $0 + forecast.probabilityAlive[$1] } / count
      let expected = group.reduce(0) { $0 + forecast.expected[$1] } / count
      #expect(count > 1500)
      #expect(abs(Double(group.count { drawn[$0].alive }) / count - alive) < 4 / (2 * count.squareRoot()))
      let found = Double(group.reduce(0) { $0 + drawn[$1].later }) / count
      let deviation = group.reduce(0) { $0 + pow(Double(drawn[$1].later) - found, 2) } / count
      #expect(abs(found - expected) < 4 * (deviation / count).squareRoot())
    }
  }

  @Test("a history twice is the same as two histories, and their order and the threads change no bit")
  func grouping() throws {
    let histories = Self.draw(4000, seed: 5).map(\.history)
    let once = try Self.fit(histories, Parallel(threads: 1))
    let shuffled = try Self.fit(histories.reversed(), Parallel(threads: 3))
    #expect(once.model == shuffled.model && once.logLikelihood == shuffled.logLikelihood)
    let twice = try Self.fit(histories + histories)
    #expect(abs(twice.logLikelihood / once.logLikelihood - 2) < 1e-12)
    #expect(abs(twice.model.parameters[0] / once.model.parameters[0] - 1) < 1e-6)
    #expect(abs(twice.standardErrors[0] * 2.0.squareRoot() / once.standardErrors[0] - 1) < 1e-5)
    #expect(try RepeatGroups(histories + histories).distinctCount == RepeatGroups(histories).distinctCount)
  }

  @Test("another unit of time changes only the scale of the rates")
  func unitOfTime() throws {
    let histories = Self.draw(4000, seed: 6).map(\.history)
    let byWeek = try Self.fit(histories)
    let byDay = try Self.fit(
      histories.map { RepeatHistory(repeats: $0.repeats, last: $0.last * 7, age: $0.age * 7) })
    #expect(abs(byDay.model.parameters[1] / byWeek.model.parameters[1] - 7) < 1e-5)
    #expect(abs(byDay.model.parameters[2] / byWeek.model.parameters[2] - 1) < 1e-5)
    let week = byWeek.model.probabilityAlive(RepeatHistory(repeats: 4, last: 43, age: 114))
    let day = byDay.model.probabilityAlive(RepeatHistory(repeats: 4, last: 301, age: 798))
    #expect(abs(week - day) < 1e-7)
  }

  @Test("a wide prior keeps apart what plain likelihood cannot: clockwork visits of people who all stay")
  func prior() throws {
    let clockwork = (0..<2000).map { index in
      let age = 400 + index % 900
      return RepeatHistory(repeats: age / 180, last: Double(age / 180 * 180) / 7, age: Double(age) / 7)
    }
    var options = RepeatFitOptions()
    options.priorDeviation = 5
    let fit = try RepeatModelFit(RepeatGroups(clockwork), kind: .bgNBD, options: options)
    #expect(fit.model.parameters[0].isFinite && fit.model.parameters[0] > 5)
    #expect(fit.model.probabilityAlive(RepeatHistory(repeats: 5, last: 900 / 7, age: 950 / 7)) > 0.99)
    // Where the data do tell, it changes next to nothing.
    let groups = try RepeatGroups(Self.draw(6000, seed: 7).map(\.history))
    let plain = try RepeatModelFit(groups, kind: .bgNBD)
    let held = try RepeatModelFit(groups, kind: .bgNBD, options: options)
    #expect(abs(held.model.parameters[0] - plain.model.parameters[0]) < 0.01 * plain.standardErrors[0])
  }

  @Test("expected repeats are the mean over all chances to leave, by plain quadrature")
  func quadrature() throws {
    for (model, repeats, age, days) in [
      (Self.truth, 3, 500.0, 1095.0), (BetaGeometric(r: 25, alpha: 600, a: 0.3, b: 2), 6, 1500, 1095),
      (BetaGeometric(r: 0.4, alpha: 5, a: 1.7, b: 0.6), 0, 10, 1095),
      (BetaGeometric(r: 3.1, alpha: 94, a: 442, b: 11_789), 2, 700, 1095),
      (BetaGeometric(r: 3.1, alpha: 94, a: 442, b: 11_789), 0, 1, 30),
      (BetaGeometric(r: 2, alpha: 3, a: 12, b: 90), 15, 40, 1095),
    ] {
      let shape = model.r + Double(repeats)
      let z = days / (model.alpha * 7 + age)
      let (a, b) = (model.a, model.b + Double(repeats))
      // Mean over p of (1 − (1 + pz)^−shape)/p; with p = s^k/(s^k + (1 − s)^k) the density has no pole at its ends.
      let steps = 200_000
      let k = 4.0 / min(a, b, 1)
      // So that no weight vanishes where a and b are large.
      let greatest = a * log(a / (a + b)) + b * log(b / (a + b))
      var sum = 0.0
      var mass = 0.0
      for step in 0..<steps {
        let s = (Double(step) + 0.5) / Double(steps)
        let (one, other) = (k * log(s), k * log1p(-s))
        let both = max(one, other) + log1p(exp(-abs(one - other)))
        let (logP, logRest) = (one - both, other - both)
        let p = exp(logP)
        let weight = exp(a * logP + b * logRest - greatest - log(s) - log1p(-s))
        mass += weight
        sum += weight * (p < 1e-12 ? shape * z : -expm1(-shape * log1p(p * z)) / p)
      }
      let history = RepeatHistory(repeats: repeats, last: age / 7, age: age / 7)
      let found =
        model.expectedRepeats(of: history, within: try RepeatHorizon(time: days / 7))
        / model.probabilityAlive(history)
      #expect(abs(found / (sum / mass) - 1) < 1e-7)
    }
  }

  @Test("a table of discounted repeats gives what the sum over months gives, whatever ages it was made for")
  func discountedTable() throws {
    let models = [
      Self.truth, BetaGeometric(r: 0.2, alpha: 0.6, a: 1, b: 2.4),
      BetaGeometric(r: 9, alpha: 120, a: 0.05, b: 40, k: 3), BetaGeometric(r: 2, alpha: 30, a: 3.5, b: 0.3),
      BetaGeometric(r: 3.1, alpha: 94, a: 442, b: 11_789, leavesAtOrigin: true),
    ]
    let month = 30.436875 / 7
    let horizon = try RepeatHorizon(months: 36, monthlyRate: 0.008, unitsPerMonth: month)
    for model in models {
      for repeats in [0, 1, 7, 60] {
        let table = RepeatsByAge(model, repeats: repeats, ages: 0...1714, within: horizon)
        let part = RepeatsByAge(model, repeats: repeats, ages: 57...100, within: horizon)
        for age in [0, 0.3, 2, 13, 57, 90, 100, 365, 533, 1700] {
          let history = RepeatHistory(repeats: repeats, last: repeats == 0 ? 0 : age / 2, age: age)
          let sum = model.expectedRepeats(of: history, within: horizon) / model.probabilityAlive(history)
          #expect(abs(table(history) / sum - 1) < 1e-12, "\(repeats) repeats, \(age) weeks")
          if (57...100).contains(age) { #expect(part(history) == table(history)) }
        }
      }
    }
  }
}
