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
    let tests = try fit.likelihoodRatioTests()
    #expect(tests.count == 3)
    for (test, effect) in zip(tests, effects) {
      let wald = pow(effect.coefficient / effect.standardError, 2)
      #expect(abs(test.statistic / wald - 1) < 0.35, "\(test.statistic), \(wald)")
    }
    // Somebody's own model is the base with the effects in it.
    let own = fit.model(rate: [1, 0.5], leaving: [1]).parameters
    let shift = fit.rateEffects[0].coefficient + 0.5 * fit.rateEffects[1].coefficient
    #expect(abs(own[1] / (fit.model.parameters[1] * exp(-shift)) - 1) < 1e-12)
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
