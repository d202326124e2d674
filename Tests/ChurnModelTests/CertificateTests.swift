import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Certificates of fits")
struct CertificateTests {
  private let table = TestTable(count: 3000)

  /// f at a model's coefficients, for models with the same design.
  private func objective(_ model: LogisticModel) throws -> Double {
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let pass = ObjectivePass(
      expansion: Expansion(features: table.features, columns: model.columns),
      data: data, penalty: model.penalty)
    let coefficients = [model.intercept] + model.columns.map(\.coefficient)
    return pass.evaluate(coefficients, Workspaces(parallel: Parallel(threads: 1))).objective
  }

  @Test(
    "the bounds hold against a much tighter fit, before and after the last step, and are not idle",
    arguments: [0, 1e-3, 0.1], [1e-1, 1e-2, 1e-3, 1e-4, 1e-6])
  func bounds(penalty: Double, tolerance: Double) throws {
    let tight = try objective(
      try table.fit {
        $0.penalty = penalty
        $0.tolerance = 1e-13
      }.model)
    let fit = try table.fit {
      $0.penalty = penalty
      $0.tolerance = tolerance
    }
    let certificate = fit.certificate
    let rounding = 4 * Double.ulpOfOne
    let before = fit.model.training.objective - tight
    let after = try objective(fit.model) - tight
    #expect(before >= -rounding && after >= -rounding)
    if let bound = certificate.gapBoundBeforeLastStep {
      #expect(before <= bound + rounding)
      // The bound's leading term is the gap of the quadratic model.
      #expect(bound < 100 * before + 1e-9)
    }
    if let bound = certificate.gapBound { #expect(after <= bound + rounding) }
    if tolerance <= 1e-4 {
      #expect(certificate.gapBound != nil && certificate.gapBoundBeforeLastStep != nil)
    }
    #expect(certificate.gradientNorm <= tolerance)
  }

  @Test("a usual fit is proven optimal to rounding, and its gradient vanishes at the returned coefficients")
  func usual() throws {
    let fit = try table.fit { $0.robustErrors = true }
    let certificate = fit.certificate
    #expect(try #require(certificate.gapBound) < 1e-15)
    #expect(certificate.gradientNorm == fit.model.training.gradientNorm)
    #expect(try #require(certificate.returnedGradientNorm) < 1e-15)
    #expect(certificate.reciprocalCondition > 1e-6 && certificate.reciprocalCondition < 1)
  }

  @Test("the reach of a row in the norm of the Hessian is within the bound that the proof uses")
  func reach() throws {
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let summaries = try FeatureSurvey.run(data, parallel: Parallel(threads: 1))
    for share in [0, 0.01] {
      let model = try table.fit { $0.winsorisedShare = share }.model
      let design = table.design(model)
      for (position, column) in model.columns.enumerated() {
        let bound = column.greatestMagnitude(
          kind: table.features[column.feature].kind, summary: summaries[column.feature])
        let greatest = design.reduce(0) { max($0, $1[position + 1].magnitude) }
        #expect(greatest <= bound * (1 + 1e-12))
        #expect(bound <= greatest * (1 + 1e-12))
      }
    }
  }

  @Test(
    "the gradient after a Newton step is within the bound, which a single far value does not make idle",
    arguments: [1e-1, 1e-2, 1e-3])
  func lastStep(distance: Double) throws {
    var table = table
    table.rows[7][4] = 1000
    let model = try table.fit { $0.winsorisedShare = 0 }.model
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let pass = ObjectivePass(
      expansion: Expansion(features: table.features, columns: model.columns), data: data,
      penalty: model.penalty)
    let workspaces = Workspaces(parallel: Parallel(threads: 1))
    let optimum = [model.intercept] + model.columns.map(\.coefficient)
    let point = optimum.enumerated().map { $1 + ($0 % 2 == 0 ? distance : -distance) }
    let value = pass.evaluate(point, workspaces)
    let direction = try Cholesky(value.hessian).solve(value.gradient)
    let design = table.design(model)
    let greatest = point.indices.map { column in design.reduce(0) { max($0, $1[column].magnitude) } }
    let last = LastStep(value, direction: direction, greatest: greatest, rounding: .none)
    let after = pass.evaluate(zip(point, direction).map { $0 - $1 }, workspaces)
    #expect(after.gradientNorm <= last.gradientBound + 1e-16)
    // By the reach of a row alone.
    let steepest = point.indices.reduce(0) { max($0, value.hessian[$1, $1].squareRoot()) }
    let plain = steepest * last.decrement * last.reach / 2 * exp(last.reach)
    #expect(greatest.max().map { $0 > 40 } == true && last.gradientBound < 0.9 * plain)
  }

  @Test("passes are counted, those over samples apart")
  func passes() throws {
    let cold = try table.fit()
    // Survey, bounds and moments come before the evaluations.
    #expect(cold.certificate.passes.evaluations >= cold.model.training.iterations + 1)
    #expect(cold.certificate.passes.full == cold.certificate.passes.evaluations + 3)
    #expect(cold.certificate.passes.sample == 0)
    let warm = try table.fit {
      $0.warmStartRows = 100
      $0.boundRows = 500
      $0.robustErrors = true
    }
    // The opening pass does all of that and evaluates at the start; robust errors take the other pass.
    #expect(warm.certificate.passes.full == warm.certificate.passes.evaluations + 1)
    #expect(warm.certificate.passes.sample >= 3)
  }

  @Test("certificates come back from JSON")
  func json() throws {
    let certificate = try table.fit().certificate
    let data = try JSONEncoder().encode(certificate)
    #expect(try JSONDecoder().decode(Certificate.self, from: data) == certificate)
  }
}
