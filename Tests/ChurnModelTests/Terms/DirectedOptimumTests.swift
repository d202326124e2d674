import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("The optimum with held directions")
struct DirectedOptimumTests {
  /// The table of `Scripts/directions.py`, a curve on six knots with missing values and one on four.
  private struct Small {
    let layout: TermLayout
    let rows: PlacedRows
    static let penalties = [0.7, 1.3, 0.4, 0.2, 2.0]
    private static let knots = [[0, 1, 2.5, 3, 7, 20], [-1.0, 0, 2, 3]]
    private static let chances = [3, 6, 4, 6, 5, 8]

    init(_ steps: StepBounds?) throws {
      var values: [[Double]] = []
      var labels: [Bool] = []
      for row in 0..<400 {
        let (knot, other, isMissing) = (row * 7 % 6, row * 5 / 3 % 4, row % 11 == 0)
        let chance = Self.chances[knot] + (other == 2 ? 1 : 0) - (isMissing ? 2 : 0)
        labels.append((row * row * 3 + row * 7 + row / 13) % 10 < chance)
        values.append([isMissing ? .nan : Self.knots[0][knot], Self.knots[1][other]])
      }
      let features = ["curve", "other"].map { FeatureColumn(name: $0, kind: .numeric) }
      let data = try TrainingData(
        features: features, values: Matrix(values), labels: labels, weights: nil)
      let numbers = labels.indices.map(Int32.init)
      var placed = PlacedRows(data, rows: numbers)
      var layout = TermLayout()
      for feature in 0..<2 {
        let scale = TermScale(nodes: .knots(Self.knots[feature]), hasMissing: feature == 0)
        var weights = [Double](repeating: 0, count: scale.count)
        for row in values {
          let place = scale.place(row[feature])
          weights[place.node] += 1 - place.share
          weights[place.node + 1] += place.share
        }
        let basis = TermBasis(scale: scale, nodeWeights: weights, isLogarithm: false)
        var shape = TermShape(axes: [TermShape.Axis(feature: feature, scale: scale, basis: basis)])
        if feature == 0 { shape.steps = steps }
        layout.append(shape)
        placed.append(
          first: PlacedColumn(scale, values: data.values, feature: feature, rows: numbers), second: nil)
      }
      self.layout = layout
      rows = placed
    }

    var objective: TermObjective {
      TermObjective(layout: layout, rows: rows, parallel: Parallel(threads: 2))
    }

    /// Coefficients far from any optimum.
    func state(_ size: Double) -> TermState {
      TermState(
        intercept: size, coefficients: (0..<layout.columnCount).map { size * Double(($0 * 7) % 5 - 2) },
        penalties: Self.penalties, isActive: Array(repeating: true, count: layout.groupCount))
    }

    func optimum(_ size: Double = 0) throws -> TermSolver.Optimum {
      guard layout.shapes[0].steps != nil else {
        var solver = TermSolver(objective, state: state(size))
        return try solver.converge(tolerance: 1e-13, maximumIterations: 50)
      }
      var solver = try DirectedTermSolver(objective, state: state(size))
      return try solver.converge(tolerance: 1e-13, maximumIterations: 50)
    }

    func curve(_ optimum: TermSolver.Optimum, _ term: Int) -> [Double] {
      layout.shapes[term].values(optimum.state.coefficients[layout.columns[term]])
    }

    func conditions(_ optimum: TermSolver.Optimum) throws -> DirectionConditions {
      DirectionConditions(
        layout, try #require(optimum.directed), name: { ["curve", "other"][$0] },
        totalWeight: rows.totalWeight)
    }
  }

  private static let rising = StepBounds(Array(repeating: .rising, count: 5))

  // Scripts/directions.py: NumPy 2.4.6, SciPy 1.17.1.
  private static let freeObjective = 253.70605600759257
  private static let heldObjective = 256.52236421846396
  private static let curve = [
    -0.747170474493, -0.274635442962, -0.274635442962, -0.02670493448, -0.02670493448, 1.359450826383,
  ]
  private static let missing = -0.803634692007
  private static let other = [-0.030198902172, -0.194839934824, 0.038678011552, 0.188696004908]
  private static let multipliers = [0, 6.483751352713, 0, 0.739112788974, 0]

  @Test(
    "curves, missing value, objective and multipliers are those of an independent dense fit",
    arguments: [0.0, 0.3, -2])
  func reference(start: Double) throws {
    #expect((try Small(nil).optimum(start).objective / Self.freeObjective - 1).magnitude < 1e-12)
    let small = try Small(Self.rising)
    let optimum = try small.optimum(start)
    #expect((optimum.objective / Self.heldObjective - 1).magnitude < 1e-12)
    #expect((optimum.state.intercept - 0.3421249017429073).magnitude < 1e-9)
    #expect(greatestDifference(small.curve(optimum, 0), Self.curve + [Self.missing, 0]) < 1e-9)
    #expect(greatestDifference(small.curve(optimum, 1), Self.other + [0]) < 1e-9)
    let conditions = try small.conditions(optimum)
    let own = try #require(conditions.terms.first)
    #expect(own.heldSteps == 2 && own.steps == 5 && own.direction == "rising")
    #expect(greatestDifference(own.multipliers.map { $0 * 400 }, Self.multipliers) < 1e-8)
    #expect(conditions.stationarity < 1e-12)
    #expect(conditions.maximumViolation == 0 && conditions.complementarity == 0)
  }

  @Test(
    "bounds that hold nothing give the free optimum, those of both sides a constant, and none a better objective"
  )
  func bounds() throws {
    let free = try Small(nil)
    let freeOptimum = try free.optimum()
    let wide = try Small(
      StepBounds(lower: Array(repeating: -9, count: 5), upper: Array(repeating: 9, count: 5)))
    let idle = try wide.optimum()
    for term in 0..<2 {
      #expect(greatestDifference(free.curve(freeOptimum, term), wide.curve(idle, term)) < 1e-10)
    }
    #expect(try wide.conditions(idle).binding == 0)
    let zeros = Array(repeating: 0.0, count: 5)
    let both = try Small(StepBounds(lower: zeros, upper: zeros))
    let constant = try both.optimum()
    #expect(both.curve(constant, 0).prefix(6).allSatisfy { $0.magnitude < 1e-15 })
    #expect(both.curve(constant, 0)[6] < -0.5)
    for trend in [
      [MonotoneDirection.rising, .rising, .falling, .falling, .falling], Array(repeating: .falling, count: 5),
      [.falling, .rising, .rising, .rising, .rising],
    ] {
      let some = try Small(StepBounds(trend)).optimum()
      #expect(some.objective > freeOptimum.objective)
      #expect(some.objective < constant.objective + 1e-9)
    }
  }

  @Test("a multiplier is what a looser bound is worth")
  func loosening() throws {
    let optimum = try Small(Self.rising).optimum()
    let loosening = 1e-6
    for (step, multiplier) in Self.multipliers.enumerated() where multiplier > 0 {
      let lower = (0..<5).map { $0 == step ? -loosening : 0 }
      let looser = try Small(
        StepBounds(lower: lower, upper: Array(repeating: .infinity, count: 5))
      ).optimum()
      #expect(((optimum.objective - looser.objective) / loosening / multiplier - 1).magnitude < 1e-3)
    }
  }

  @Test("steps tell coefficients and coefficients steps, and derivatives go with them")
  func coordinates() throws {
    let small = try Small(Self.rising)
    let active = small.state(1).activeColumns(small.layout)
    let coordinates = try StepCoordinates(small.layout, active: active)
    let point = (0...active.count).map { Double(($0 * 5) % 7) / 3 }
    let coefficients = coordinates.coefficients(point)
    #expect(greatestDifference(coordinates.point(coefficients), point) < 1e-12)
    var state = small.state(1)
    state.coefficients = Array(coefficients.dropFirst())
    let curve = small.layout.shapes[0].values(state.coefficients[small.layout.columns[0]])
    for step in 0..<5 { #expect((curve[step + 1] - curve[step] - point[step + 1]).magnitude < 1e-12) }
    // The slope along a step is the gradient's product with what the step does to the coefficients.
    let gradient = coefficients.indices.map { Double($0 * $0 % 5) - 1 }
    let hessian = Matrix(coefficients.indices.map { row in coefficients.indices.map { row == $0 ? 3 : 0.5 } })
    let mapped = coordinates.gradient(gradient)
    let curvature = coordinates.hessian(hessian)
    for place in point.indices {
      var unit = [Double](repeating: 0, count: point.count)
      unit[place] = 1
      let direction = coordinates.coefficients(unit)
      let slope = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      #expect((mapped[place] - slope).magnitude < 1e-12)
      var bend = 0.0
      for row in direction.indices {
        for column in direction.indices { bend += direction[row] * hessian[row, column] * direction[column] }
      }
      #expect((curvature[place, place] / bend - 1).magnitude < 1e-12)
    }
  }

  @Test("errors are those of the curve on the face of its free steps")
  func errors() throws {
    let small = try Small(Self.rising)
    let optimum = try small.optimum()
    let covariance = try #require(optimum.directed).covariance
    let shape = small.layout.shapes[0]
    func variance(_ cell: Int) -> Double {
      let direction = shape.direction(cell: cell)
      var sum = 0.0
      for row in direction.indices {
        for column in direction.indices {
          sum += direction[row] * covariance[row + 1, column + 1] * direction[column]
        }
      }
      return sum
    }
    // Nodes that are held together move together.
    #expect((variance(1) / variance(2) - 1).magnitude < 1e-9)
    #expect((variance(3) / variance(4) - 1).magnitude < 1e-9)
    #expect((variance(0) / variance(1) - 1).magnitude > 0.01)
  }
}
