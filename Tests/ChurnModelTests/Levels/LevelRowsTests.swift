import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Effects of levels without a row's own label")
struct LevelRowsTests {
  private static let count = 240
  private static let nodes = (0..<count).map { row -> Int32 in row % 13 == 5 ? -1 : Int32(row * 7 % 20) }
  private static let outcomes = (0..<count).map { row -> Double in row * row % 7 > 3 ? 1 : 0 }
  private static let margins = (0..<count).map { row -> Double in Double(row % 9) / 4 - 1.5 }
  private static let weights = (0..<count).map { row -> Double in 1 + Double(row % 3) / 2 }

  private static func effects(
    _ penalty: Double, outcomes: [Double] = outcomes, weights: [Double] = weights,
    units: [Int32]? = nil
  ) -> LevelRows.Effects {
    LevelRows(
      nodes: nodes, count: 20, outcomes: outcomes, weights: weights, margins: margins,
      units: units ?? (0..<count).map(Int32.init), parallel: Parallel(threads: 2)
    ).effects(penalty: penalty, start: Array(repeating: 0, count: 20))
  }

  @Test("an effect balances its rows against the penalty", arguments: [0.1, 1, 30])
  func balance(penalty: Double) {
    let found = Self.effects(penalty)
    for node in 0..<20 {
      var gradient = penalty * found.values[node]
      for row in 0..<Self.count where Self.nodes[row] == node {
        let probability = 1 / (1 + exp(-Self.margins[row] - found.values[node]))
        gradient += Self.weights[row] * (probability - Self.outcomes[row])
      }
      #expect(gradient.magnitude < 1e-6)
    }
  }

  @Test(
    "a row's left-out effect is that of a fit without its unit, to the second order",
    arguments: [(1.0, 0.05), (10, 0.002), (100, 0.0001)])
  func leftOut(penalty: Double, tolerance: Double) {
    let units = (0..<Self.count).map { Int32($0 / 40) }
    let found = Self.effects(penalty, units: units)
    for unit in 0..<6 {
      let without = Self.weights.enumerated().map { units[$0] == unit ? 0 : $1 }
      let refitted = Self.effects(penalty, weights: without)
      for row in 0..<Self.count where units[row] == unit && Self.nodes[row] >= 0 {
        #expect((found.leftOut[row] - refitted.values[Int(Self.nodes[row])]).magnitude < tolerance)
      }
    }
  }

  @Test("rows on no node have no effect and no loss")
  func nowhere() {
    let found = Self.effects(1)
    #expect((0..<Self.count).allSatisfy { Self.nodes[$0] >= 0 || found.leftOut[$0] == 0 })
    let changed = Self.outcomes.enumerated().map { Self.nodes[$0] < 0 ? 1 - $1 : $1 }
    #expect(Self.effects(1, outcomes: changed).loss == found.loss)
  }

  @Test("with so many rows of noise as of signal, left-out effects of noise gain nothing")
  func noise() {
    var state: UInt64 = 11
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    let nodes = (0..<10_000).map { Int32($0 % 2000) }
    func gain(_ chance: (Int) -> Double) -> Double {
      let rows = LevelRows(
        nodes: nodes, count: 2000, outcomes: nodes.map { uniform() < chance(Int($0)) ? 1 : 0 },
        weights: Array(repeating: 1, count: 10_000), margins: Array(repeating: -0.8, count: 10_000),
        units: (0..<10_000).map(Int32.init), parallel: Parallel(threads: 2))
      let start = [Double](repeating: 0, count: 2000)
      return LevelEffects.penalties.map {
        rows.lossWithoutEffects - rows.effects(penalty: $0, start: start).loss
      }.max() ?? 0
    }
    let noise = 1 / (1 + exp(0.8))
    #expect(gain { _ in noise } < 5)
    #expect(gain { $0 % 2 == 0 ? noise / 2 : noise * 1.5 } > 100)
  }
}
