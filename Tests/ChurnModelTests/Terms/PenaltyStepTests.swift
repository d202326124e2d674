import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Penalties of like groups")
struct PenaltyStepTests {
  /// Columns that all say the same, each with noise of its own, and labels that follow what they say.
  private static func table(rows: Int, seed: UInt64) -> TestTable {
    var state = seed
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    var table = TestTable(count: 0)
    table.features = (0..<20).map { FeatureColumn(name: "x\($0)", kind: .numeric) }
    for _ in 0..<rows {
      let common = normal()
      table.rows.append((0..<20).map { _ in common + normal() })
      table.labels.append(uniform() < 1 / (1 + exp(-2 * common)))
    }
    return table
  }

  @Test("pooled penalties lose less on new rows where many columns say the same")
  func collinear() throws {
    let test = Self.table(rows: 2000, seed: 99)
    func loss(_ pooling: Double, _ seed: UInt64) throws -> Double {
      let fit = try Self.table(rows: 150, seed: seed).terms {
        $0.penaltyPooling = pooling
        $0.mostPairs = 0
      }
      let margins = fit.model.margins(test.rows)
      return zip(margins, test.labels).reduce(0) { $0 + log1p(exp($1.1 ? -$1.0 : $1.0)) } / 2000
    }
    let seeds: [UInt64] = [1, 2, 3]
    let pooled = try seeds.map { try loss(0.2, $0) }.reduce(0, +)
    let separate = try seeds.map { try loss(0, $0) }.reduce(0, +)
    #expect(pooled < separate - 0.02)
    #expect(throws: ChurnModelError.self) { _ = try loss(-1, 1) }
  }

  @Test("a step solves q/2 − λ‖β‖²/2 = κ·(log λ − mean of the kind), and without κ gives q/‖β‖²")
  func definition() throws {
    var layout = TermLayout()
    let scale = TermScale(nodes: .knots([0, 1, 2, 3]), hasMissing: false)
    for feature in 0..<2 {
      let basis = TermBasis(scale: scale, nodeWeights: [3, 2, 2, 3, 0], isLogarithm: false)
      layout.append(TermShape(axes: [.init(feature: feature, scale: scale, basis: basis)]))
    }
    let start = TermState(
      intercept: 0, coefficients: [0.5, 0.2, -0.3, 0.6, 0.1, 0.1], penalties: [2, 3, 4, 5],
      isActive: [true, true, true, true])
    let variances = [0.2, 0.05, 0.1, 0.12, 0.08, 0.02]
    for pooling in [0, 0.2, 5] {
      var state = start
      let kinds = [0, 1, 0, 1]
      _ = PenaltyStep(kinds: kinds, pooling: pooling).update(
        &state, coefficients: start.coefficients, variances: variances, active: Array(0..<6), layout)
      for group in 0..<4 {
        let own = (0..<6).filter { layout.groupOfColumn[$0] == group }
        let parameters = own.reduce(0) { $0 + 1 - start.penalties[group] * variances[$1] }
        let squares = own.reduce(0) { $0 + start.coefficients[$1] * start.coefficients[$1] }
        let mean = (0..<4).filter { kinds[$0] == kinds[group] }.reduce(0) {
          $0 + log(start.penalties[$1]) / 2
        }
        let penalty = state.penalties[group]
        let rest = parameters / 2 - penalty * squares / 2 - pooling * (log(penalty) - mean)
        #expect(rest.magnitude < 1e-5)
      }
    }
  }
}
