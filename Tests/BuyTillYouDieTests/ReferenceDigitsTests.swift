import Foundation
import LinearAlgebra
import Testing

@testable import BuyTillYouDie

/// Likelihood, P(alive) and expectation of single histories against 50-digit values (Reference/digits.py) over shapes from
/// 1e-3 to 1e4, times from 1e-3 to 1e6 and up to 5,000 repeats.
@Suite("Models against 50 digits")
struct ReferenceDigitsTests {
  struct Row: Sendable {
    let text: String
    let model: RepeatModel
    let history: RepeatHistory
    let time: Double
    let logLikelihood: Double
    let alive: Double
    let expected: Double
  }

  static func rows() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/digits.csv")
    return try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map {
      line in
      let cells = line.split(separator: ",").map(String.init)
      let v = cells.dropFirst().map { Double($0)! }
      let kind: RepeatModelKind = cells[0] == "pareto" ? .paretoNBD : cells[0] == "bg" ? .bgCNBDk : .mbgCNBDk
      return Row(
        text: String(line), model: RepeatModel(kind, parameters: Array(v[0..<4]), k: Int(v[4])),
        history: RepeatHistory(repeats: Int(v[5]), last: v[6], age: v[7]), time: v[8], logLikelihood: v[9],
        alive: v[10], expected: v[11])
    }
  }

  private static func point(_ row: Row) throws -> LikelihoodSums {
    let groups = try RepeatGroups([row.history])
    let parallel = Parallel(threads: 1)
    switch row.model {
    case .betaGeometric(let model):
      return BetaGeometricLikelihood(of: groups, at: model, parallel: parallel).sums
    case .pareto(let model): return ParetoLikelihood(of: groups, at: model, parallel: parallel).sums
    }
  }

  @Test("the log-likelihood agrees to 1e-12 of its terms, and every derivative is finite")
  func logLikelihood() throws {
    for row in try Self.rows() {
      let point = try Self.point(row)
      // What is added up: the logarithms of shapes and times, as often as there are repeats.
      let terms = max(1, abs(row.logLikelihood), Double(row.history.repeats) * 15, row.model.parameters[0])
      #expect(abs(point.value - row.logLikelihood) < 1e-12 * terms, "\(row.text): \(point.value)")
      for row in [point.gradient] + point.hessian {
        #expect((0..<4).allSatisfy { row[$0].isFinite })
      }
    }
  }

  @Test("P(alive) agrees to 1e-10 and lies within 0 and 1")
  func alive() throws {
    for row in try Self.rows() {
      let found = row.model.probabilityAlive(row.history)
      #expect(found >= 0 && found <= 1 && abs(found - row.alive) < 1e-10, "\(row.text): \(found)")
    }
  }

  @Test("what is expected of who is alive agrees to 1e-11, to 1e-8 where more than 15,000 phases may pass")
  func expected() throws {
    for row in try Self.rows() {
      let horizon = try RepeatHorizon(time: row.time)
      let found: Double
      var tolerance = 1e-11
      switch row.model {
      case .betaGeometric(let model):
        found = model.expectedIfAlive(row.history, within: horizon)
        let phases =
          (model.r + Double(model.k * row.history.repeats)) * row.time / (model.alpha + row.history.age)
        if phases > 2e3 || row.time / (model.alpha + row.history.age) > 1e2 { tolerance = 1e-8 }
      case .pareto(let model):
        found =
          (model.r + Double(row.history.repeats)) / (model.alpha + row.history.age)
          * model.lifetime(scale: model.beta + row.history.age, within: horizon)
      }
      #expect(abs(found / row.expected - 1) < tolerance, "\(row.text): \(found)")
    }
  }

  @Test("all of a history is finite, also where time and rate are at odds")
  func finite() throws {
    let histories = [
      RepeatHistory(repeats: 0, last: 0, age: 0), RepeatHistory(repeats: 0, last: 0, age: 1e6),
      RepeatHistory(repeats: 1, last: 0, age: 0), RepeatHistory(repeats: 5000, last: 1e-3, age: 1e6),
      RepeatHistory(repeats: 5000, last: 1e6, age: 1e6), RepeatHistory(repeats: 3, last: 1e-3, age: 1e-3),
    ]
    let horizon = try RepeatHorizon(time: 30)
    for kind in RepeatModelKind.allCases {
      for r in [1e-3, 1e4] {
        for third in [1e-3, 1, 1e4] {
          for scale in [1e-3, 1e6] {
            let fourth = kind == .paretoNBD ? 1e6 / scale : 1e-3
            let model = RepeatModel(
              kind, parameters: [r, scale, third, fourth], k: kind.isRegular ? 4 : 1)
            for history in histories {
              let alive = model.probabilityAlive(history)
              let expected = model.expectedRepeats(of: history, within: horizon)
              let chances = model.probabilities(upTo: 5, of: history, within: 10)
              #expect(alive >= 0 && alive <= 1 && expected >= 0 && expected.isFinite, "\(model), \(history)")
              #expect(chances.allSatisfy { $0 >= 0 && $0 <= 1 + 1e-12 }, "\(model), \(history)")
            }
          }
        }
      }
    }
  }
}
