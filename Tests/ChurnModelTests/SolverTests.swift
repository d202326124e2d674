import CVectorLoops
import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Solver")
struct SolverTests {
  private let table = TestTable(count: 2000)

  private func objective(_ design: [[Double]], _ coefficients: [Double], _ penalty: Double) -> Double {
    var sum = 0.0
    for (row, label) in zip(design, table.labels) {
      let margin = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      sum += log1p(exp(margin)) - (label ? margin : 0)
    }
    let squares = coefficients.dropFirst().reduce(0) { $0 + $1 * $1 }
    return sum / Double(design.count) + penalty / 2 * squares
  }

  @Test("the design's columns have mean 0 and standard deviation 1")
  func standardised() throws {
    let model = try table.fit().model
    let design = table.design(model)
    for column in 1...model.columns.count {
      let values = design.map { $0[column] }
      let count = Double(values.count)
      #expect((values.reduce(0, +) / count).magnitude < 1e-12)
      #expect((values.reduce(0) { $0 + $1 * $1 } / count - 1).magnitude < 1e-11)
    }
  }

  @Test("the gradient is the slope of the objective, measured by differences of a plain implementation")
  func gradient() throws {
    let model = try table.fit().model
    let design = table.design(model)
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let pass = ObjectivePass(
      expansion: Expansion(features: table.features, columns: model.columns),
      data: data, penalty: 0.01)
    let point = (0...model.columns.count).map { 0.3 * Double($0 % 4) - 0.4 }
    let value = pass.evaluate(point, Workspaces(parallel: Parallel(threads: 2)))
    #expect((value.objective - objective(design, point, 0.01)).magnitude < 1e-13)
    let step = 1e-5
    for index in point.indices {
      var (up, down) = (point, point)
      up[index] += step
      down[index] -= step
      let slope = (objective(design, up, 0.01) - objective(design, down, 0.01)) / (2 * step)
      #expect((value.gradient[index] - slope).magnitude < 1e-9)
    }
  }

  @Test("the coefficients are those of a plain Newton method", arguments: [0.0, 1e-3, 0.3])
  func plainNewton(penalty: Double) throws {
    let fit = try table.fit { $0.penalty = penalty }
    let design = table.design(fit.model)
    let order = design[0].count
    var coefficients = [Double](repeating: 0, count: order)
    for _ in 0..<12 {
      var gradient = [Double](repeating: 0, count: order)
      var hessian = [[Double]](repeating: gradient, count: order)
      for (row, label) in zip(design, table.labels) {
        let margin = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        let probability = 1 / (1 + exp(-margin))
        for i in 0..<order {
          gradient[i] += (probability - (label ? 1 : 0)) * row[i]
          for j in 0..<order { hessian[i][j] += probability * (1 - probability) * row[i] * row[j] }
        }
      }
      for i in 1..<order {
        gradient[i] += penalty * Double(design.count) * coefficients[i]
        hessian[i][i] += penalty * Double(design.count)
      }
      let step = eliminate(hessian, gradient)
      for i in 0..<order { coefficients[i] -= step[i] }
    }
    #expect((fit.model.intercept - coefficients[0]).magnitude < 1e-8)
    for (column, plain) in zip(fit.model.columns, coefficients.dropFirst()) {
      #expect((column.coefficient - plain).magnitude < 1e-8)
    }
    #expect(fit.model.training.gradientNorm <= 1e-9)
  }

  @Test("vector loops agree with the C library to 1e-15")
  func vectorLoops() {
    let margins = (-4000...4000).map { Double($0) * 0.1003 }
    var probabilities = margins
    vector_logistic(probabilities.count, &probabilities)
    for (margin, probability) in zip(margins, probabilities) {
      let expected = margin < 0 ? exp(margin) / (1 + exp(margin)) : 1 / (1 + exp(-margin))
      #expect((probability / expected - 1).magnitude < 2e-15)
    }
    let values = (-3000...3000).map {
      (Double($0).sign == .minus ? -1 : 1) * pow(10, Double($0).magnitude / 100 - 15)
    }
    var logarithms = values
    var term = VectorTerm.unbounded
    vector_logarithm_term(values, 1, values.count, &term, &logarithms)
    for (value, logarithm) in zip(values, logarithms) {
      let expected = (value < 0 ? -1 : 1) * log1p(abs(value))
      #expect((logarithm / expected - 1).magnitude < 1e-15)
    }
  }
}
