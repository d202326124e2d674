import Foundation
import LinearAlgebra
import Testing

@Suite("Newton's method within bounds")
struct BoundedNewtonTests {
  private struct Generator {
    var state: UInt64
    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-52 - 1
    }
  }

  private struct Problem {
    let gradient: [Double]
    let hessian: Matrix
    let lower: [Double]
    let upper: [Double]

    init(seed: UInt64, order: Int) {
      var generator = Generator(state: seed)
      let factors = (0..<order).map { _ in (0..<order).map { _ in generator.uniform() } }
      hessian = Matrix(
        (0..<order).map { i in
          (0..<order).map { j in
            (i == j ? 0.05 : 0) + (0..<order).reduce(0) { $0 + factors[i][$1] * factors[j][$1] }
          }
        })
      gradient = (0..<order).map { _ in 2 * generator.uniform() }
      lower = (0..<order).map { $0 % 4 == 3 ? -.infinity : -0.4 * generator.uniform().magnitude }
      upper = (0..<order).map { $0 % 3 == 2 ? .infinity : 0.4 * generator.uniform().magnitude }
    }

    func value(_ point: [Double]) -> BoundedNewton.Value {
      let product = point.indices.map { i in point.indices.reduce(0) { $0 + hessian[i, $1] * point[$1] } }
      let objective = point.indices.reduce(0) { $0 + point[$1] * (gradient[$1] + product[$1] / 2) }
      return BoundedNewton.Value(
        objective: objective, gradient: zip(gradient, product).map { $0 + $1 }, hessian: hessian)
    }

    /// Every element free, low or high: the best admissible of all.
    func enumerated() throws -> [Double] {
      var best: (point: [Double], objective: Double)?
      let order = gradient.count
      var choice = [Int](repeating: 0, count: order)
      for number in 0..<Int(pow(3, Double(order))) {
        var rest = number
        for index in 0..<order { (choice[index], rest) = (rest % 3, rest / 3) }
        var point = (0..<order).map { choice[$0] == 1 ? lower[$0] : choice[$0] == 2 ? upper[$0] : 0 }
        guard point.allSatisfy(\.isFinite) else { continue }
        let free = (0..<order).filter { choice[$0] == 0 }
        let slope = value(point).gradient
        for (index, step) in zip(free, try Cholesky(hessian.principal(free)).solve(free.map { -slope[$0] })) {
          point[index] = step
        }
        let isAdmissible = (0..<order).allSatisfy { lower[$0] <= point[$0] && point[$0] <= upper[$0] }
        let objective = value(point).objective
        if isAdmissible, objective < best?.objective ?? .infinity { best = (point, objective) }
      }
      return try #require(best).point
    }
  }

  @Test("the minimum of a quadratic is the best of all ways to hold elements at bounds", arguments: 1...12)
  func quadratic(seed: UInt64) throws {
    let problem = Problem(seed: seed, order: 5)
    let solver = BoundedNewton(lower: problem.lower, upper: problem.upper, tolerance: 1e-12)
    let solution = try solver.minimise(from: Array(repeating: 0, count: 5), evaluate: problem.value)
    #expect(solution.isConverged && solution.iterations <= 2)
    for (found, expected) in zip(solution.point, try problem.enumerated()) {
      #expect((found - expected).magnitude < 1e-10)
    }
    for index in 0..<5 {
      guard let side = solution.held[index] else { continue }
      #expect(solution.point[index] == (side == .lower ? problem.lower : problem.upper)[index])
    }
    #expect((solution.predictedObjective - problem.value(solution.point).objective).magnitude < 1e-12)
  }

  @Test("a large quadratic meets the conditions of the optimum from any start", arguments: [0, -30, 30])
  func large(start: Double) throws {
    let problem = Problem(seed: 99, order: 60)
    let solver = BoundedNewton(lower: problem.lower, upper: problem.upper, tolerance: 1e-10)
    let solution = try solver.minimise(from: Array(repeating: start, count: 60), evaluate: problem.value)
    let gradient = problem.value(solution.point).gradient
    #expect(solver.projectedGradient(gradient, at: solution.point).allSatisfy { $0.magnitude < 1e-10 })
    let inside = zip(solution.point, zip(problem.lower, problem.upper)).allSatisfy {
      $1.0 <= $0 && $0 <= $1.1
    }
    #expect(inside)
    #expect(solution.held.contains(.lower) && solution.held.contains(.upper) && solution.held.contains(nil))
  }

  @Test("a function that is not quadratic is minimised, with steps halved where they overshoot")
  func exponential() throws {
    // Σ exp(aᵢ·xᵢ) − xᵢ has its free minimum at −log(aᵢ)/aᵢ.
    let slopes = [0.2, 1, 3, 8]
    let solver = BoundedNewton(
      lower: [-.infinity, 0.5, -1, -1], upper: [6, 2, -0.5, 1], tolerance: 1e-12)
    var evaluations = 0
    let solution = try solver.minimise(from: [-20, 2, -1, -1]) { point in
      evaluations += 1
      return BoundedNewton.Value(
        objective: zip(slopes, point).reduce(0) { $0 + exp($1.0 * $1.1) - $1.1 },
        gradient: zip(slopes, point).map { $0 * exp($0 * $1) - 1 },
        hessian: Matrix(
          slopes.indices.map { i in
            slopes.indices.map { $0 == i ? slopes[i] * slopes[i] * exp(slopes[i] * point[i]) : 0 }
          }))
    }
    #expect(solution.isConverged && evaluations > solution.iterations + 1)
    #expect(solution.point[0] == 6 && solution.held[0] == .upper)
    #expect(solution.point[1] == 0.5 && solution.held[1] == .lower)
    #expect(solution.point[2] == -0.5 && solution.held[2] == .upper)
    #expect((solution.point[3] + log(8) / 8).magnitude < 1e-12 && solution.held[3] == nil)
  }

  @Test("fixed elements stay, and a singular Hessian of free elements is an error")
  func fixedAndSingular() throws {
    let ones = Matrix(rows: 2, columns: 2, repeating: 1)
    let evaluate = { (point: [Double]) in
      let sum = point[0] + point[1] - 3
      return BoundedNewton.Value(objective: sum * sum / 2, gradient: [sum, sum], hessian: ones)
    }
    let fixed = try BoundedNewton(lower: [1, -5], upper: [1, 5]).minimise(from: [4, 0], evaluate: evaluate)
    #expect(fixed.point[0] == 1 && (fixed.point[1] - 2).magnitude < 1e-12)
    #expect(throws: LinearAlgebraError.self) {
      try BoundedNewton(lower: [-5, -5], upper: [5, 5]).minimise(from: [0, 0], evaluate: evaluate)
    }
  }

  @Test("too few steps are told")
  func tooFewSteps() throws {
    let solver = BoundedNewton(lower: [-1], upper: [50], tolerance: 1e-12, maximumIterations: 1)
    let solution = try solver.minimise(from: [20]) { point in
      BoundedNewton.Value(
        objective: exp(point[0]) - point[0], gradient: [exp(point[0]) - 1],
        hessian: Matrix([[exp(point[0])]]))
    }
    #expect(!solution.isConverged && solution.iterations == 1)
  }

  @Test("leverages are the diagonal of X·A⁻¹·Xᵀ, and the determinant's logarithm that of the products")
  func leverages() throws {
    let problem = Problem(seed: 5, order: 7)
    let factor = try Cholesky(problem.hessian)
    let panel = Panel(columns: 7)
    var generator = Generator(state: 8)
    let rows = (0..<20).map { _ in (0..<7).map { _ in generator.uniform() } }
    for column in 0..<7 { for row in 0..<20 { panel.column(column)[row] = rows[row][column] } }
    var found = [Double](repeating: 0, count: 20)
    found.withUnsafeMutableBufferPointer { panel.leverages(rows: 20, factor: factor, into: $0) }
    for (row, leverage) in zip(rows, found) {
      let expected = zip(row, factor.solve(row)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect((leverage / expected - 1).magnitude < 1e-12)
    }
    // Of a triangular product the determinant is that of the diagonals.
    let small = try Cholesky(Matrix([[4, 2], [2, 10]]))
    #expect((small.logDeterminant - log(36)).magnitude < 1e-14)
  }
}
