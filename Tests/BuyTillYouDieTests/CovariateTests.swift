import BuyTillYouDie
import Foundation
import LinearAlgebra
import Testing

@Suite("Covariates")
struct CovariateTests {
  private static let rateEffects = [0.6, -0.4]
  private static let leavingEffects = [-0.5]

  private struct Data {
    var histories: [RepeatHistory] = []
    var logIntervals = 0.0
    var rate: [[Double]] = []
    var leaving: [[Double]] = []
  }

  /// γ as `RepeatCovariateFit` says, with a yes or no and a number for visits, and the yes or no for leaving.
  private static func draw(_ kind: RepeatModelKind, _ count: Int) -> Data {
    var random = Draw(seed: 31)
    var data = Data()
    for _ in 0..<count {
      let (yes, number) = (random.unit() < 0.4 ? 1.0 : 0, 2 * random.unit() - 1)
      let rate = exp(-(rateEffects[0] * yes + rateEffects[1] * number))
      let leaving = exp(leavingEffects[0] * yes)
      let age = 40 + 120 * random.unit()
      let life =
        kind == .paretoNBD
        ? Life(ParetoNBD(r: 1.4, alpha: 12 * rate, s: 0.9, beta: 40 / leaving), age: age, &random)
        : Life(
          BetaGeometric(r: 1.4, alpha: 24 * rate, a: 0.8 * leaving, b: 3, k: 2, leavesAtOrigin: true),
          age: age,
          &random)
      data.histories.append(life.history)
      data.logIntervals += life.logIntervals
      data.rate.append([yes, number])
      data.leaving.append([yes])
    }
    return data
  }

  private static func fit(
    _ kind: RepeatModelKind, _ data: Data, scale: Double = 1, shift: Double = 0
  ) throws -> RepeatCovariateFit {
    var options = RepeatFitOptions()
    options.regularity = 2
    return try RepeatCovariateFit(
      data.histories, logIntervals: data.logIntervals,
      rate: RepeatCovariates(
        names: ["yes", "number"], values: Matrix(data.rate.map { [$0[0], $0[1] * scale + shift] })),
      leaving: RepeatCovariates(names: ["yes"], values: Matrix(data.leaving)), kind: kind, options: options)
  }

  @Test(
    "effects that made the histories are found again, and tested alike by both tests",
    arguments: [RepeatModelKind.mbgCNBDk, .paretoNBD])
  func recovery(_ kind: RepeatModelKind) throws {
    let fit = try Self.fit(kind, Self.draw(kind, 700))
    let effects = fit.rateEffects + fit.leavingEffects
    for (effect, truth) in zip(effects, Self.rateEffects + Self.leavingEffects) {
      #expect(effect.standardError < 0.3 && abs(effect.coefficient - truth) < 4 * effect.standardError)
    }
    let tests = try [
      fit.likelihoodRatioTest(withoutRate: [0]), fit.likelihoodRatioTest(withoutRate: [1]),
      fit.likelihoodRatioTest(leaving: [0]),
    ]
    for (test, effect) in zip(tests, effects) {
      let wald = pow(effect.coefficient / effect.standardError, 2)
      #expect(abs(test.statistic / wald - 1) < 0.35, "\(test.statistic), \(wald)")
    }
    // Somebody's own model is the base with the effects in it.
    let own = fit.model(rate: [1, 0.5], leaving: [1]).parameters
    let shift = fit.rateEffects[0].coefficient + 0.5 * fit.rateEffects[1].coefficient
    #expect(abs(own[1] / (fit.model.parameters[1] * exp(-shift)) - 1) < 1e-12)
    // Without all of them the fit is the one without covariates.
    let none = try fit.likelihoodRatioTest(withoutRate: [0, 1], leaving: [0])
    #expect(abs(none.statistic - 2 * (fit.logLikelihood - fit.base.logLikelihood)) < 1e-6)
    #expect(none.degreesOfFreedom == 3)
  }

  @Test(
    "what is forecast of many with covariates is what their own models say, one by one",
    arguments: [RepeatModelKind.mbgCNBDk, .paretoNBD])
  func forecasts(_ kind: RepeatModelKind) throws {
    let data = Self.draw(kind, 400)
    var options = RepeatFitOptions()
    options.regularity = 2
    // As many different chances to leave as customers, then two.
    for leaving in [data.rate.map { [$0[1]] }, data.leaving] {
      let fit = try RepeatCovariateFit(
        data.histories, logIntervals: data.logIntervals,
        rate: RepeatCovariates(names: ["yes", "number"], values: Matrix(data.rate)),
        leaving: RepeatCovariates(names: ["leaving"], values: Matrix(leaving)), kind: kind, options: options)
      let horizons = try [
        RepeatHorizon(time: 30), RepeatHorizon(months: nil, monthlyRate: 0.02, unitsPerMonth: 4.3),
        RepeatHorizon(time: 0),
      ]
      // The same customers many times over, so that tables are worth their while.
      let copies = 40
      let many = [[RepeatHistory]](repeating: data.histories, count: copies).flatMap { $0 }
      let stacked = try RepeatCovariateFit(
        many, logIntervals: data.logIntervals * Double(copies),
        rate: RepeatCovariates(
          names: ["yes", "number"],
          values: Matrix([[[Double]]](repeating: data.rate, count: copies).flatMap { $0 })),
        leaving: RepeatCovariates(
          names: ["leaving"], values: Matrix([[[Double]]](repeating: leaving, count: copies).flatMap { $0 })),
        kind: kind, options: options)
      let forecast = RepeatForecast(many, stacked.models, horizons)
      for index in stride(from: 0, to: data.histories.count, by: 13) {
        let history = data.histories[index]
        let own = stacked.models[index]
        #expect(
          abs(
            own.parameters[1] / fit.model(rate: data.rate[index], leaving: leaving[index]).parameters[1] - 1)
            < 1e-5)
        #expect(abs(forecast.probabilityAlive[index] - own.probabilityAlive(history)) < 1e-12)
        for (horizon, expected) in zip(horizons, forecast.expectedWithin) {
          let exact = own.expectedRepeats(of: history, within: horizon)
          #expect(abs(expected[index] - exact) <= 1e-9 * exact)
        }
      }
    }
  }

  @Test("the scale and the zero of a covariate change nothing but its coefficient")
  func scales() throws {
    let data = Self.draw(.mbgCNBDk, 400)
    let plain = try Self.fit(.mbgCNBDk, data)
    let odd = try Self.fit(.mbgCNBDk, data, scale: 1e9, shift: 3e9)
    #expect(abs(plain.logLikelihood - odd.logLikelihood) < 1e-7)
    #expect(abs(odd.rateEffects[1].coefficient * 1e9 / plain.rateEffects[1].coefficient - 1) < 1e-5)
    #expect(abs(odd.rateEffects[1].standardError * 1e9 / plain.rateEffects[1].standardError - 1) < 1e-5)
    #expect(abs(odd.rateEffects[0].coefficient - plain.rateEffects[0].coefficient) < 1e-6)
  }

  @Test("covariates that tell nothing are refused by name")
  func refusals() {
    let data = Self.draw(.paretoNBD, 50)
    func code(_ columns: [(Int) -> Double]) -> RepeatModelError.Code? {
      let values = Matrix((0..<50).map { row in columns.map { $0(row) } })
      let covariates = RepeatCovariates(names: columns.indices.map { "c\($0)" }, values: values)
      do throws(RepeatModelError) {
        _ = try RepeatCovariateFit(data.histories, rate: covariates, leaving: .none, kind: .paretoNBD)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code([{ Double($0) }, { _ in .nan }]) == .covariate(name: "c1", .notFinite))
    #expect(code([{ _ in 7e12 }]) == .covariate(name: "c0", .constant))
    #expect(
      code([{ Double($0) }, { Double($0 % 3) }, { 3 * Double($0) - Double($0 % 3) }])
        == .covariate(name: "c2", .dependent))
    let short = RepeatCovariates(names: ["c"], values: Matrix([[1], [2]]))
    #expect(throws: RepeatModelError(.covariateRows(2, histories: 50))) {
      _ = try RepeatCovariateFit(data.histories, rate: short, leaving: .none, kind: .paretoNBD)
    }
  }
}
