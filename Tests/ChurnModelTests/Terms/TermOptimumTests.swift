import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("The optimum of a sum of terms")
struct TermOptimumTests {
  /// Two features and their pair, placed on nodes, with the dense design made the plain way beside them.
  private struct Small {
    let objective: TermObjective
    let design: [[Double]]
    let outcomes: [Double]
    let weights: [Double]

    init() throws {
      let table = TestTable.bent(count: 300)
      let weights = table.labels.indices.map { 1 + Double($0 % 3) / 2 }
      let data = try TrainingData(
        features: table.features, values: table.values, labels: table.labels, weights: weights)
      let rows = table.labels.indices.map(Int32.init)
      var options = TermOptions()
      options.knots = 6
      options.pairKnots = 4
      let candidates = try TermCandidates(data, rows: rows, options: options)
      var layout = TermLayout()
      var placed = PlacedRows(data, rows: rows)
      for features in [[0], [3], [0, 1], [1, 3]] {
        let scales = features.map { feature -> TermScale in
          guard let found = candidates.scales[feature] else { preconditionFailure("all features vary") }
          return features.count == 1 ? found.own : found.pair
        }
        let columns = zip(features, scales).map {
          PlacedColumn($1, values: table.values, feature: $0, rows: rows)
        }
        let axes = zip(features, scales).map { feature, scale in
          TermShape.Axis(
            feature: feature, scale: scale,
            basis: TermBasis(
              scale: scale, nodeWeights: (0..<scale.count).map { Double($0 + 1) }, isLogarithm: false))
        }
        layout.append(TermShape(axes: axes))
        placed.append(first: columns[0], second: columns.count == 2 ? columns[1] : nil)
      }
      objective = TermObjective(layout: layout, rows: placed, parallel: Parallel(threads: 2))
      design = table.rows.map { row in
        [1] + layout.shapes.flatMap { Self.directions($0, row) }
      }
      outcomes = table.labels.map { $0 ? 1 : 0 }
      self.weights = weights
    }

    /// The term's directions in a row: the product of what each axis gives.
    static func directions(_ shape: TermShape, _ row: [Double]) -> [Double] {
      let perAxis = shape.axes.map { axis -> [Double] in
        let place = axis.scale.place(row[axis.feature])
        return (0..<axis.basis.columns).map { column in
          (1 - place.share) * axis.basis.values[place.node * axis.basis.columns + column]
            + place.share * axis.basis.values[(place.node + 1) * axis.basis.columns + column]
        }
      }
      guard perAxis.count == 2 else { return perAxis[0] }
      return perAxis[0].flatMap { first in perAxis[1].map { first * $0 } }
    }

    func state(_ size: Double) -> TermState {
      let layout = objective.layout
      return TermState(
        intercept: -0.3 * size,
        coefficients: (0..<layout.columnCount).map { size * Double(($0 * 7) % 11 - 5) / 20 },
        penalties: (0..<layout.groupCount).map { 1 + Double($0) },
        isActive: Array(repeating: true, count: layout.groupCount))
    }
  }

  @Test("objective, gradient and Hessian on nodes are those of the dense design")
  func derivatives() throws {
    let small = try Small()
    let state = small.state(1)
    let active = state.activeColumns(small.objective.layout)
    let look = small.objective.look(state)
    let gradient = small.objective.gradient(look, state, active: active)
    let hessian = small.objective.hessian(look, state, active: active)
    let coefficients = [state.intercept] + state.coefficients
    let penalties = [0] + small.objective.layout.groupOfColumn.map { state.penalties[$0] }
    var (value, expected) = (0.0, [Double](repeating: 0, count: coefficients.count))
    var curvature = [[Double]](repeating: expected, count: coefficients.count)
    for (row, design) in small.design.enumerated() {
      let margin = zip(design, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      let probability = 1 / (1 + exp(-margin))
      value += small.weights[row] * (log1p(exp(margin)) - small.outcomes[row] * margin)
      for (first, one) in design.enumerated() {
        expected[first] += small.weights[row] * (probability - small.outcomes[row]) * one
        for (second, other) in design.enumerated() {
          curvature[first][second] += small.weights[row] * probability * (1 - probability) * one * other
        }
      }
    }
    for index in coefficients.indices {
      value += penalties[index] / 2 * coefficients[index] * coefficients[index]
      expected[index] += penalties[index] * coefficients[index]
      curvature[index][index] += penalties[index]
    }
    #expect((look.objective / value - 1).magnitude < 1e-12)
    #expect(greatestDifference(gradient, expected) < 1e-10)
    for first in coefficients.indices {
      #expect(
        greatestDifference(curvature[first], coefficients.indices.map { hessian[first, $0] }) < 1e-10)
    }
  }

  @Test(
    "the curvature made row by row is that summed up on nodes, for any selection of coefficients and threads")
  func curvatures() throws {
    let small = try Small()
    let look = small.objective.look(small.state(1))
    let all = Array(0..<small.objective.layout.columnCount)
    for active in [all, all.filter { $0 % 3 != 1 }, [2, 7], []] {
      let onNodes = small.objective.curvatureOnNodes(look, active: active)
      let byRows = small.objective.curvatureByRows(look, active: active)
      for row in 0...active.count {
        for column in 0...active.count {
          #expect((onNodes[row, column] - byRows[row, column]).magnitude < 1e-10)
        }
      }
    }
  }

  @Test(
    "products in single precision differ from those in double by their rounding, an estimate keeps the sum")
  func steeringCurvatures() throws {
    let small = try Small()
    let look = small.objective.look(small.state(1))
    let all = Array(0..<small.objective.layout.columnCount)
    let exact = small.objective.curvatureByRows(look, active: all)
    let single = small.objective.curvatureByRows(look, active: all, precision: .single)
    let design = TermDesign(objective: small.objective, parts: small.objective.activeParts(all))
    let estimate = design.estimatedGram(
      look.curvatures, sampled: look.curvatures.count / 2, parallel: Parallel(threads: 2))
    var greatest = 0.0
    for row in 0...all.count {
      for column in 0...all.count {
        let size = (exact[row, row] * exact[column, column]).squareRoot()
        greatest = max(greatest, (single[row, column] - exact[row, column]).magnitude / size)
      }
    }
    #expect(greatest > 0 && greatest < GramPrecision.single.relativeError)
    #expect((estimate[0, 0] / exact[0, 0] - 1).magnitude < 2e-5)
    #expect(estimate[1, 1] != single[1, 1])
  }

  @Test("a direction that rows could hardly move stays at 0, unless it is all that its group has")
  func negligible() throws {
    let small = try Small()
    let layout = small.objective.layout
    var powers = [Double](repeating: 1e9, count: layout.columnCount)
    powers[0] = 1e-9
    powers[4] = 1e-9
    #expect(layout.groupOfColumn.count { $0 == layout.groupOfColumn[0] } == 1)
    #expect(layout.groupOfColumn.count { $0 == layout.groupOfColumn[4] } > 1)
    let directions = TermSolver.Directions(
      powers: powers, kinds: Array(repeating: 0, count: layout.groupCount))
    var solver = TermSolver(small.objective, state: small.state(1), directions: directions)
    try solver.choosePenalties(steps: 5)
    let idle = solver.state.isNegligible.indices.filter { solver.state.isNegligible[$0] }
    #expect(idle == [4])
    #expect(solver.state.coefficients[4] == 0)
    let optimum = try solver.converge(tolerance: 1e-9, maximumIterations: 50)
    #expect(optimum.active.contains(4) == false)
    #expect(optimum.state.coefficients[4] == 0)
  }

  @Test("groups that are left out leave their rows and columns out of the derivatives")
  func leftOut() throws {
    let small = try Small()
    var state = small.state(1)
    let layout = small.objective.layout
    let all = small.objective.hessian(
      small.objective.look(state), state, active: state.activeColumns(layout))
    state.isActive[1] = false
    state.isActive[4] = false
    let active = state.activeColumns(layout)
    #expect(active.count < layout.columnCount)
    let part = small.objective.hessian(small.objective.look(state), state, active: active)
    let places = [0] + active.map { $0 + 1 }
    for (row, first) in places.enumerated() {
      for (column, second) in places.enumerated() { #expect(part[row, column] == all[first, second]) }
    }
  }

  @Test("the optimum is the same from any start, its gradient vanishes, and the proven gap with it")
  func optimum() throws {
    let small = try Small()
    var results: [[Double]] = []
    for size in [0.0, 0.5, 3] {
      var solver = TermSolver(small.objective, state: small.state(size))
      let optimum = try solver.converge(tolerance: 1e-9, maximumIterations: 50)
      results.append([optimum.state.intercept] + optimum.state.coefficients)
    }
    #expect(greatestDifference(results[0], results[1]) < 1e-9)
    #expect(greatestDifference(results[0], results[2]) < 1e-9)
    let fit = try TestTable.bent(count: 600).terms()
    #expect(fit.certificate.gradientNorm <= 1e-9)
    #expect(try #require(fit.certificate.gapBound) < 1e-12)
  }

  @Test("penalties end where the marginal likelihood wants them: λ‖β‖² is the group's effective parameters")
  func penalties() throws {
    let small = try Small()
    var solver = TermSolver(small.objective, state: small.state(0))
    try solver.choosePenalties(steps: 400)
    let optimum = try solver.converge(tolerance: 1e-10, maximumIterations: 50)
    let layout = small.objective.layout
    let variances = optimum.factor.inverseDiagonal()
    var checked = 0
    for group in 0..<layout.groupCount where optimum.state.isActive[group] {
      let penalty = optimum.state.penalties[group]
      var (parameters, squares) = (0.0, 0.0)
      for (index, column) in optimum.active.enumerated() where layout.groupOfColumn[column] == group {
        parameters += 1 - penalty * variances[index + 1]
        squares += optimum.state.coefficients[column] * optimum.state.coefficients[column]
      }
      guard parameters > 0.1 else { continue }
      checked += 1
      #expect((penalty * squares / parameters - 1).magnitude < 0.1)
    }
    #expect(checked >= 3)
  }

  @Test("a curve is less certain at its ends than in its middle, and certain of what is worth nothing")
  func errors() throws {
    let fit = try TestTable.bent(count: 500).terms { $0.mostPairs = 0 }
    let bend = try #require(fit.model.terms.first { $0.name == "bend" })
    let knots = bend.scales[0].valueNodes
    #expect(bend.errors[..<knots].allSatisfy { $0 > 0 && $0.isFinite })
    #expect(bend.errors[0] > bend.errors[knots / 2])
    #expect(bend.errors[knots - 1] > bend.errors[knots / 2])
    #expect(bend.errors.last == 0)
  }
}
