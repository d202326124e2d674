import Foundation
import LinearAlgebra
import Testing

@testable import BuyTillYouDie

@Suite("Derivatives of likelihoods")
struct DerivativeTests {
  /// Central differences of the value give the gradient, those of the gradient the matrix of second derivatives.
  private func expectDerivatives(
    at position: [Double], _ evaluate: ([Double]) -> LikelihoodPoint, _ name: String
  ) {
    let point = evaluate(position)
    let step = 1e-4
    let scale = point.hessian.enumerated().map { max(abs($0.element[$0.offset]), 1) }
    for index in position.indices {
      var (above, below) = (position, position)
      above[index] += step
      below[index] -= step
      let (upper, lower) = (evaluate(above), evaluate(below))
      let slope = (upper.value - lower.value) / (2 * step)
      #expect(abs(slope - point.gradient[index]) < 1e-5 * scale[index], "\(name), gradient \(index)")
      for other in position.indices {
        let curvature = (upper.gradient[other] - lower.gradient[other]) / (2 * step)
        #expect(
          abs(curvature - point.hessian[index][other]) < 1e-5 * max(scale[index], scale[other]),
          "\(name), second derivative \(index) \(other)")
      }
    }
  }

  private static let histories = Life.many(
    BetaGeometric(r: 1.4, alpha: 20, a: 0.7, b: 2, k: 3, leavesAtOrigin: true), 60, seed: 2
  ).map(\.history)

  @Test("of every family they are those of central differences", arguments: RepeatModelKind.allCases)
  func families(_ kind: RepeatModelKind) throws {
    let groups = try RepeatGroups(Self.histories)
    for k in kind.isRegular ? [1, 2, 5] : [1] {
      let problem = RepeatFitProblem(
        groups: groups, kind: kind, options: RepeatFitOptions(), parallel: Parallel(threads: 1))
      for position in [[0.3, 2.8, -0.2, 0.8], [-1.2, 1.1, 0.9, 2.2]] {
        expectDerivatives(at: position, { problem.point(groups, at: $0, k) }, "\(kind.paperName), k = \(k)")
      }
    }
  }

  private static func standard(_ rows: [[Double]]) throws -> StandardCovariates {
    let names = rows[0].indices.map { "c\($0)" }
    return try StandardCovariates(RepeatCovariates(names: names, values: Matrix(rows)), count: rows.count)
  }

  @Test("with covariates on both processes, too", arguments: [RepeatModelKind.mbgCNBDk, .bgNBD, .paretoNBD])
  func covariates(_ kind: RepeatModelKind) throws {
    var random = Draw(seed: 4)
    let count = Self.histories.count
    let rate = try Self.standard((0..<count).map { _ in [random.unit() - 0.5, random.unit()] })
    let leaving = try Self.standard((0..<count).map { _ in [random.unit() - 0.5] })
    let likelihood = CovariateLikelihood(
      histories: Self.histories, rate: rate, leaving: leaving, kind: kind, k: kind.isRegular ? 3 : 1,
      logIntervals: 0, parallel: Parallel(threads: 1))
    expectDerivatives(
      at: [0.2, 2.7, -0.4, 0.9, 0.3, -0.5, 0.6], likelihood.callAsFunction, kind.paperName)
  }

  @Test("coefficients of 0 give the likelihood without covariates")
  func noEffect() throws {
    let groups = try RepeatGroups(Self.histories)
    for kind in [RepeatModelKind.mbgCNBDk, .bgNBD, .paretoNBD] {
      let k = kind.isRegular ? 3 : 1
      let problem = RepeatFitProblem(
        groups: groups, kind: kind, options: RepeatFitOptions(), parallel: Parallel(threads: 1))
      let halves = try Self.standard(Self.histories.indices.map { [Double($0 % 2)] })
      let likelihood = CovariateLikelihood(
        histories: Self.histories, rate: halves, leaving: halves, kind: kind, k: k, logIntervals: 0,
        parallel: Parallel(threads: 1))
      let plain = problem.point(groups, at: [0.2, 2.7, -0.4, 0.9], k).value
      #expect(abs(likelihood([0.2, 2.7, -0.4, 0.9, 0, 0]).value / plain - 1) < 1e-13)
    }
  }
}
