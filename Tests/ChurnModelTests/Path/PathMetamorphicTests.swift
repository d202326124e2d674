import ChurnModel
import LinearAlgebra
import Testing

@Suite("What must not change a path, and what must change it how")
struct PathMetamorphicTests {
  private let table = TestTable(count: 1200)

  private func path(
    _ table: TestTable, mixing: Double = 0.7, weights: [Double]? = nil, offsets: [Double]? = nil,
    count: Int = 12, _ change: (inout LogisticOptions) -> Void = { _ in }
  ) throws -> RegularisationPath {
    var options = LogisticOptions()
    change(&options)
    var path = RegularisationPath.Options()
    path.mixing = mixing
    path.count = count
    path.leastRatio = 1e-3
    path.tolerance = 1e-12
    return try RegularisationPath.fit(
      features: table.features, values: table.values, labels: table.labels, weights: weights,
      offsets: offsets, options: options, path: path)
  }

  /// Greatest difference of coefficients.
  private func difference(_ first: RegularisationPath, _ second: RegularisationPath) -> Double {
    guard first.columns == second.columns, first.points.count == second.points.count else {
      return .infinity
    }
    return zip(first.points, second.points).reduce(0) { worst, pair in
      zip([pair.0.intercept] + pair.0.coefficients, [pair.1.intercept] + pair.1.coefficients)
        .reduce(worst) { max($0, ($1.0 - $1.1).magnitude) }
    }
  }

  @Test("a weight of 2 is the row twice, a weight of 0 is no row", arguments: [0.0, 0.7, 1.0])
  func weights(mixing: Double) throws {
    let weights = table.labels.indices.map { $0 % 3 == 0 ? 2.0 : $0 % 7 == 1 ? 0 : 1 }
    var repeated = table
    (repeated.rows, repeated.labels) = ([], [])
    for (row, weight) in weights.enumerated() {
      for _ in 0..<Int(weight) {
        repeated.rows.append(table.rows[row])
        repeated.labels.append(table.labels[row])
      }
    }
    let weighted = try path(table, mixing: mixing, weights: weights)
    #expect(difference(weighted, try path(repeated, mixing: mixing)) < 1e-9)
    #expect(weighted.points.allSatisfy { $0.violation <= 1e-12 })
  }

  @Test("permuted rows change nothing")
  func permutedRows() throws {
    var permuted = table
    let order = table.labels.indices.map { ($0 * 7 + 5) % table.labels.count }
    permuted.rows = order.map { table.rows[$0] }
    permuted.labels = order.map { table.labels[$0] }
    #expect(difference(try path(table), try path(permuted)) < 1e-9)
  }

  @Test("columns in other units have the same standardised coefficients", arguments: [1e-12, 1e12])
  func rescaledColumn(unit: Double) throws {
    var rescaled = table
    for index in rescaled.rows.indices { rescaled.rows[index][0] = table.rows[index][0] * unit }
    #expect(difference(try path(table), try path(rescaled)) < 1e-9)
  }

  @Test("a constant offset moves the intercept only", arguments: [0.0, 1.0])
  func constantOffset(mixing: Double) throws {
    let plain = try path(table, mixing: mixing)
    let shifted = try path(
      table, mixing: mixing, offsets: [Double](repeating: 0.75, count: table.labels.count))
    #expect((plain.nullLogLoss - shifted.nullLogLoss).magnitude < 1e-12)
    for (first, second) in zip(plain.points, shifted.points) {
      #expect((first.intercept - 0.75 - second.intercept).magnitude < 1e-9)
      for (one, other) in zip(first.coefficients, second.coefficients) {
        #expect((one - other).magnitude < 1e-9)
      }
    }
  }

  @Test("with α = 0 the coefficients are those of the ridge fit to 1e-8, unequal penalty factors included")
  func ridge() throws {
    let factors = ["age": 0.0, "region": 3, "gap": 0.25]
    let path = try path(table, mixing: 0, count: 4) { $0.penaltyFactors = factors }
    for point in path.points {
      let fit = try table.fit {
        $0.penalty = point.penalty
        $0.penaltyFactors = factors
      }
      #expect((point.intercept - fit.model.intercept).magnitude < 1e-8)
      #expect((point.objective - fit.model.training.objective).magnitude < 1e-14)
      for (own, column) in zip(point.coefficients, fit.model.columns) {
        #expect((own - column.coefficient).magnitude < 1e-8)
      }
    }
  }

  @Test("the number of threads changes no bit", arguments: [2, 3, 8])
  func threads(count: Int) throws {
    let table = TestTable(count: 9000)
    func points(_ threads: Int) throws -> [RegularisationPath.Point] {
      try path(table, count: 20) {
        $0.parallel = Parallel(threads: threads)
        $0.warmStartRows = 5000
      }.points
    }
    #expect(try points(1) == points(count))
  }

  @Test("a path begun on a sample ends where one begun on all rows does")
  func sample() throws {
    #expect(difference(try path(table) { $0.warmStartRows = 100 }, try path(table)) < 1e-9)
  }
}
