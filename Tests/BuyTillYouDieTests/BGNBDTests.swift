import BuyTillYouDie
import Foundation
import LinearAlgebra
import Testing

@Suite("BG/NBD")
struct BGNBDTests {
  private static let truth = BGNBD(r: 1.8, alpha: 30, a: 0.9, b: 4)

  /// A plain generator of uniform numbers (SplitMix64).
  private struct Uniform: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    mutating func unit() -> Double { Double.random(in: .leastNonzeroMagnitude..<1, using: &self) }
    mutating func exponential() -> Double { -log(unit()) }
    /// Gamma of any shape by Marsaglia and Tsang (2000).
    mutating func gamma(_ shape: Double) -> Double {
      if shape < 1 { return gamma(shape + 1) * pow(unit(), 1 / shape) }
      let d = shape - 1.0 / 3
      while true {
        let normal = (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit())
        let v = pow(1 + normal / (9 * d).squareRoot(), 3)
        if v > 0, log(unit()) < normal * normal / 2 + d - d * v + d * log(v) { return d * v }
      }
    }
  }

  /// Histories drawn from the model's own story, and how many repeats follow within `later` days.
  private static func draw(_ count: Int, seed: UInt64, later: Double = 0) -> [(
    history: RepeatHistory, later: Int, alive: Bool
  )] {
    var random = Uniform(state: seed)
    return (0..<count).map { _ in
      let rate = random.gamma(truth.r) / (truth.alpha * truth.daysPerUnit)
      let (one, other) = (random.gamma(truth.a), random.gamma(truth.b))
      let leaving = one / (one + other)
      let age = Double(Int.random(in: 100...1500, using: &random))
      var time = 0.0
      var history = RepeatHistory(repeats: 0, lastDay: 0, age: Int(age))
      var after = 0
      var alive = true
      while true {
        time += random.exponential() / rate
        if time > age + later { break }
        let leaves = random.unit() < leaving
        if time <= age {
          history.repeats += 1
          history.lastDay = Int(time)
          if leaves { alive = false }
        } else {
          after += 1
        }
        if leaves { break }
      }
      return (history, after, alive)
    }
  }

  /// Equation 6 of the paper, with gamma functions.
  private static func logLikelihood(_ history: RepeatHistory, _ m: BGNBD) -> Double {
    let x = Double(history.repeats)
    let (last, age) = (Double(history.lastDay) / m.daysPerUnit, Double(history.age) / m.daysPerUnit)
    func beta(_ a: Double, _ b: Double) -> Double { lgamma(a) + lgamma(b) - lgamma(a + b) }
    let common = lgamma(m.r + x) - lgamma(m.r) + m.r * log(m.alpha) - beta(m.a, m.b)
    let alive = exp(common + beta(m.a, m.b + x) - (m.r + x) * log(m.alpha + age))
    let gone = x > 0 ? exp(common + beta(m.a + 1, m.b + x - 1) - (m.r + x) * log(m.alpha + last)) : 0
    return log(alive + gone)
  }

  @Test("the fit is where no small change of a parameter raises the paper's likelihood")
  func maximum() throws {
    let histories = Self.draw(4000, seed: 3).map(\.history)
    let fit = try #require(BGNBDFit(RepeatGroups(histories)))
    func total(_ change: SIMD4<Double>) -> Double {
      let m = fit.model
      let changed = BGNBD(
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
    let fit = try #require(BGNBDFit(RepeatGroups(Self.draw(60_000, seed: 9).map(\.history))))
    let found = [fit.model.r, fit.model.alpha, fit.model.a, fit.model.b]
    let truth = [Self.truth.r, Self.truth.alpha, Self.truth.a, Self.truth.b]
    for index in 0..<4 {
      #expect(fit.standardErrors[index] < 0.1 * truth[index])
      #expect(abs(found[index] - truth[index]) < 4 * fit.standardErrors[index])
    }
  }

  @Test("who is alive and how often they come again is as probable as the model says")
  func calibration() {
    let days = 700.0
    let drawn = Self.draw(60_000, seed: 21, later: days).filter { $0.history.repeats >= 2 }
    for group in [drawn.filter { $0.history.age - $0.history.lastDay > 400 }, drawn] {
      let count = Double(group.count)
      let alive = group.map { Self.truth.probabilityAlive($0.history) }.reduce(0, +) / count
      let expected =
        group.map { Self.truth.expectedRepeats(of: $0.history, within: days) }.reduce(0, +) / count
      #expect(count > 5000)
      #expect(abs(Double(group.count { $0.alive }) / count - alive) < 4 / (2 * count.squareRoot()))
      let found = Double(group.map(\.later).reduce(0, +)) / count
      let deviation = group.map { pow(Double($0.later) - found, 2) }.reduce(0, +) / count
      #expect(abs(found - expected) < 4 * (deviation / count).squareRoot())
    }
  }

  @Test("a history twice is the same as two histories, and their order and the threads change no bit")
  func grouping() throws {
    let histories = Self.draw(30_000, seed: 5).map(\.history)
    let once = try #require(BGNBDFit(RepeatGroups(histories), parallel: Parallel(threads: 1)))
    let shuffled = try #require(BGNBDFit(RepeatGroups(histories.reversed()), parallel: Parallel(threads: 3)))
    #expect(once.model == shuffled.model && once.logLikelihood == shuffled.logLikelihood)
    let twice = try #require(BGNBDFit(RepeatGroups(histories + histories)))
    #expect(abs(twice.logLikelihood / once.logLikelihood - 2) < 1e-12)
    #expect(abs(twice.model.r / once.model.r - 1) < 1e-6)
    #expect(abs(twice.standardErrors[0] * 2.0.squareRoot() / once.standardErrors[0] - 1) < 1e-5)
    #expect(RepeatGroups(histories + histories).distinctCount == RepeatGroups(histories).distinctCount)
  }

  @Test("another unit of time changes only the scale of the rates")
  func unitOfTime() throws {
    let groups = RepeatGroups(Self.draw(20_000, seed: 6).map(\.history))
    var months = BGNBDFit.Options()
    months.daysPerUnit = 28
    let byWeek = try #require(BGNBDFit(groups))
    let byMonth = try #require(BGNBDFit(groups, options: months))
    #expect(abs(byWeek.model.alpha / byMonth.model.alpha - 4) < 1e-5)
    #expect(abs(byWeek.model.a / byMonth.model.a - 1) < 1e-5)
    let history = RepeatHistory(repeats: 4, lastDay: 300, age: 800)
    #expect(
      abs(byWeek.model.probabilityAlive(history) - byMonth.model.probabilityAlive(history)) < 1e-7)
  }

  @Test("a wide prior keeps apart what plain likelihood cannot: clockwork visits of people who all stay")
  func prior() throws {
    let clockwork = (0..<2000).map { index in
      let age = 400 + index % 900
      return RepeatHistory(repeats: age / 180, lastDay: age / 180 * 180, age: age)
    }
    var options = BGNBDFit.Options()
    options.priorDeviation = 5
    let fit = try #require(BGNBDFit(RepeatGroups(clockwork), options: options))
    #expect(fit.model.r.isFinite && fit.model.r > 5)
    #expect(fit.model.probabilityAlive(RepeatHistory(repeats: 5, lastDay: 900, age: 950)) > 0.99)
    // Where the data do tell, it changes next to nothing.
    let groups = RepeatGroups(Self.draw(20_000, seed: 7).map(\.history))
    let plain = try #require(BGNBDFit(groups))
    let held = try #require(BGNBDFit(groups, options: options))
    #expect(abs(held.model.r - plain.model.r) < 0.01 * plain.standardErrors[0])
  }

  @Test("without any repeat there is nothing to fit, and everybody counts as alive")
  func noRepeats() {
    let none = (0..<100).map { RepeatHistory(repeats: 0, lastDay: 0, age: 100 + $0) }
    #expect(BGNBDFit(RepeatGroups(none)) == nil)
    #expect(BGNBDFit(RepeatGroups([])) == nil)
    #expect(Self.truth.probabilityAlive(none[3]) == 1)
  }

  @Test("expected repeats do not jump where a passes 1, start at the rate, and only grow")
  func continuity() {
    func model(_ a: Double) -> BGNBD { BGNBD(r: 1.2, alpha: 20, a: a, b: 3) }
    for (repeats, age) in [(0, 0.0), (0, 30), (1, 200), (9, 2000)] {
      let at = ExpectedRepeats(model(1), repeats: repeats)
      let below = ExpectedRepeats(model(1 - 1e-6), repeats: repeats)
      let above = ExpectedRepeats(model(1 + 1e-6), repeats: repeats)
      var before = 0.0
      for days in [1.0, 100, 1000, 4000] {
        let middle = at.expected(age: age, within: days)
        let around = (below.expected(age: age, within: days) + above.expected(age: age, within: days)) / 2
        #expect(abs(middle / around - 1) < 1e-9)
        #expect(middle > before)
        before = middle
      }
      let rate = (1.2 + Double(repeats)) / (20 * 7 + age)
      #expect(abs(at.expected(age: age, within: 1e-3) / (rate * 1e-3) - 1) < 1e-4)
    }
  }

  @Test("expected repeats are the mean over all chances to leave, by plain quadrature")
  func quadrature() {
    for (model, repeats, age, days) in [
      (Self.truth, 3, 500.0, 1095.0), (BGNBD(r: 25, alpha: 600, a: 0.3, b: 2), 6, 1500, 1095),
      (BGNBD(r: 0.4, alpha: 5, a: 1.7, b: 0.6), 0, 10, 1095),
      (BGNBD(r: 3.1, alpha: 94, a: 442, b: 11_789), 2, 700, 1095),
      (BGNBD(r: 3.1, alpha: 94, a: 442, b: 11_789), 0, 1, 30),
      (BGNBD(r: 2, alpha: 3, a: 12, b: 90), 15, 40, 1095),
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
      let found = ExpectedRepeats(model, repeats: repeats).expected(age: age, within: days)
      #expect(abs(found / (sum / mass) - 1) < 1e-7)
    }
  }

  @Test("discounting: at 0 % the sum is the total, at a rate it lies between the bounds")
  func discounting() {
    let expected = ExpectedRepeats(Self.truth, repeats: 2)
    let total = expected.expected(age: 400, within: 36 * ExpectedRepeats.daysPerMonth)
    #expect(abs(expected.discounted(age: 400, months: 36, annualRate: 0) / total - 1) < 1e-12)
    let discounted = expected.discounted(age: 400, months: 36, annualRate: 0.1)
    #expect(discounted < total && discounted > total / pow(1.1, 3))
  }

  @Test("a table of discounted repeats gives what the sum over months gives, whatever ages it was made for")
  func discountedTable() {
    let models = [
      Self.truth, BGNBD(r: 0.2, alpha: 0.6, a: 1, b: 2.4, daysPerUnit: 7),
      BGNBD(r: 9, alpha: 120, a: 0.05, b: 40, daysPerUnit: 7), BGNBD(r: 2, alpha: 30, a: 3.5, b: 0.3),
      BGNBD(r: 3.1, alpha: 94, a: 442, b: 11_789),
    ]
    for model in models {
      for repeats in [0, 1, 7, 60] {
        let expected = ExpectedRepeats(model, repeats: repeats)
        let table = DiscountedRepeats(model, repeats: repeats, ages: 0...12_000, months: 36, annualRate: 0.1)
        let part = DiscountedRepeats(model, repeats: repeats, ages: 400...700, months: 36, annualRate: 0.1)
        for age in [0, 1, 2, 6, 13, 90, 365, 400, 533, 700, 2048, 5000, 12_000] {
          let sum = expected.discounted(age: Double(age), months: 36, annualRate: 0.1)
          #expect(abs(table(age: age) / sum - 1) < 1e-12, "\(repeats) repeats, \(age) days")
          if (400...700).contains(age) { #expect(part(age: age) == table(age: age)) }
        }
      }
    }
  }
}
