import BuyTillYouDie
import Foundation
import LinearAlgebra
import Testing

@Suite("What models say agrees with itself")
struct ConsistencyTests {
  private static let models = [
    RepeatModel(.bgNBD, parameters: [0.24, 4.4, 0.8, 2.4]),
    RepeatModel(.mbgNBD, parameters: [0.5, 6.2, 0.9, 1.6]),
    RepeatModel(.bgCNBDk, parameters: [2.1, 30, 1, 4], k: 2),
    RepeatModel(.mbgCNBDk, parameters: [1.3, 18, 0.4, 3], k: 4),
    RepeatModel(.paretoNBD, parameters: [0.55, 10.6, 0.6, 11.7]),
    RepeatModel(.paretoNBD, parameters: [2, 40, 1, 9]),
  ]
  private static let histories = [
    RepeatHistory(repeats: 0, last: 0, age: 0), RepeatHistory(repeats: 0, last: 0, age: 39),
    RepeatHistory(repeats: 1, last: 2, age: 39), RepeatHistory(repeats: 7, last: 38.5, age: 39),
    RepeatHistory(repeats: 26, last: 30.86, age: 31), RepeatHistory(repeats: 30, last: 20, age: 80),
  ]
  private static let month = 30.436875 / 7

  @Test("a horizon of 0 gives 0, a longer one never less, and none more than who is surely alive would")
  func horizons() throws {
    for model in Self.models {
      for history in Self.histories {
        let alive = model.probabilityAlive(history)
        #expect(alive > 0 && alive <= 1)
        #expect(model.expectedRepeats(of: history, within: try RepeatHorizon(time: 0)) == 0)
        var before = 0.0
        for time in [1e-3, 0.1, 1, 5, 20, 39, 40, 100, 400] {
          let expected = model.expectedRepeats(of: history, within: try RepeatHorizon(time: time))
          #expect(expected > before)
          let rate =
            model.k == 1
            ? (model.parameters[0] + Double(history.repeats)) / (model.parameters[1] + history.age)
            : .infinity
          #expect(expected <= alive * rate * time * (1 + 1e-12))
          before = expected
        }
      }
    }
  }

  @Test(
    "no discount gives the undiscounted number, a discount less, a longer horizon more, an endless one the most"
  )
  func discounts() throws {
    for model in Self.models {
      for history in [Self.histories[0], Self.histories[3]] {
        func expected(_ months: Int?, _ rate: Double) throws -> Double {
          let horizon = try RepeatHorizon(months: months, monthlyRate: rate, unitsPerMonth: Self.month)
          return model.expectedRepeats(of: history, within: horizon)
        }
        let plain = model.expectedRepeats(of: history, within: try RepeatHorizon(time: 36 * Self.month))
        #expect(try expected(36, 0) == plain)
        #expect(try expected(0, 0.01) == 0)
        let values = try [expected(12, 0.01), expected(36, 0.01), expected(60, 0.01), expected(nil, 0.01)]
        #expect(values[0] < values[1] && values[1] < values[2] && values[2] < values[3])
        #expect(values[1] < plain && values[1] > plain / pow(1.01, 36))
        #expect(abs(try expected(5000, 0.01) / values[3] - 1) < 1e-8)
      }
    }
  }

  @Test("spans of months stand for every single one of them")
  func spans() throws {
    let model = Self.models[3]
    let history = Self.histories[3]
    var sum = 0.0
    var before = 0.0
    for month in 1...300 {
      let until = model.expectedRepeats(
        of: history, within: try RepeatHorizon(time: Double(month) * Self.month))
      sum += (until - before) / pow(1.007, Double(month))
      before = until
    }
    let horizon = try RepeatHorizon(months: 300, monthlyRate: 0.007, unitsPerMonth: Self.month)
    #expect(abs(model.expectedRepeats(of: history, within: horizon) / sum - 1) < 1e-11)
  }

  @Test("probabilities of numbers of repeats add up to 1, and their mean is what is expected")
  func probabilities() throws {
    for model in Self.models {
      for history in Self.histories {
        let time = 20.0
        let chances = model.probabilities(upTo: 400, of: history, within: time)
        let mean = chances.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
        let expected = model.expectedRepeats(of: history, within: try RepeatHorizon(time: time))
        #expect(abs(chances.reduce(0, +) - 1) < 1e-12)
        #expect(abs(mean / expected - 1) < 1e-10, "\(model), \(history)")
      }
    }
  }

  @Test("many histories at once get what each gets alone, on any number of threads")
  func forecast() throws {
    var random = Draw(seed: 8)
    let histories = (0..<1200).map { _ in
      let repeats = Int(4 * random.unit())
      let age = 20 + 60 * random.unit()
      return RepeatHistory(repeats: repeats, last: repeats == 0 ? 0 : age * random.unit(), age: age)
    }
    let horizon = try RepeatHorizon(months: 24, monthlyRate: 0.01, unitsPerMonth: Self.month)
    for model in Self.models {
      let forecast = RepeatForecast(histories, model, horizon, parallel: Parallel(threads: 2))
      let alone = RepeatForecast(histories, model, horizon, parallel: Parallel(threads: 1))
      #expect(forecast.expected == alone.expected)
      for index in stride(from: 0, to: histories.count, by: 97) {
        #expect(forecast.probabilityAlive[index] == model.probabilityAlive(histories[index]))
        let own = model.expectedRepeats(of: histories[index], within: horizon)
        #expect(abs(forecast.expected[index] / own - 1) < 1e-11)
      }
    }
    #expect(RepeatForecast([], Self.models[0], horizon).expected.isEmpty)
  }

  @Test("k = 1 is the model without regularity")
  func firstRegularity() throws {
    let groups = try RepeatGroups(
      Life.many(BetaGeometric(r: 1, alpha: 9, a: 0.7, b: 2), 500, seed: 1).map(\.history))
    var options = RepeatFitOptions()
    options.regularity = 1
    for (kind, plain) in [(RepeatModelKind.bgCNBDk, RepeatModelKind.bgNBD), (.mbgCNBDk, .mbgNBD)] {
      let regular = try RepeatModelFit(groups, kind: kind, options: options)
      let fit = try RepeatModelFit(groups, kind: plain)
      #expect(regular.model == fit.model && regular.logLikelihood == fit.logLikelihood)
      #expect(regular.isComparable && regular.model.kind == plain)
    }
  }
}
