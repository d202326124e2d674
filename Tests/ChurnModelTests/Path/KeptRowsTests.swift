import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite(
  "Passes that measure changes in single precision",
  .enabled(if: SinglePanels.isSupported(columns: 6), "this processor has no vectors for them"))
struct KeptRowsTests {
  private let table = TestTable(count: 2600)

  private func preparation(
    _ path: RegularisationPath.Options = RegularisationPath.Options(), table: TestTable? = nil
  ) throws -> PathPreparation {
    let table = table ?? self.table
    return try PathPreparation(
      features: table.features, values: table.values, labels: table.labels,
      weights: table.labels.indices.map { Double($0 % 5) / 2 },
      offsets: table.labels.indices.map { 0.1 * Double($0 % 7) },
      options: LogisticOptions(), path: path)
  }

  /// Passes over three groups of rows in double and in single precision.
  private func passes(_ preparation: PathPreparation) -> (exact: PathPass, single: PathPass) {
    let rows = GroupedRows(
      data: preparation.data, groupOfRow: (0..<preparation.data.rows).map { $0 % 3 }, groups: 3)
    let solver = preparation.solver(rows)
    return (
      PathPass(expansion: solver.expansion, rows: rows, parallel: Parallel(threads: 2)),
      PathPass(
        expansion: solver.expansion, rows: rows, parallel: Parallel(threads: 2), precision: .single)
    )
  }

  private func direction(_ count: Int, _ seed: Int) -> [Double] {
    let values = (0..<count).map { sin(Double($0 * 7 + seed * 13)) }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }

  @Test(
    "at any step from a landmark, losses and gradients of every group differ from those of double precision by less than 1e-8 of the step",
    arguments: [0, 1e-4, 0.01, 0.3, 1, 2.4])
  func changes(length: Double) throws {
    let (exact, single) = passes(try preparation())
    let order = exact.expansion.panelColumns
    let landmark = direction(order, 1).map { 1.5 * $0 }
    _ = single.landmarks([PathRequest(coefficients: landmark, groups: [0, 1, 2])])
    let requests = (2..<7).map { seed in
      PathRequest(
        coefficients: zip(landmark, direction(order, seed)).map { $0 + length * $1 },
        groups: seed % 2 == 0 ? [0, 2] : [0, 1, 2])
    }
    let weights = exact.rows.weights
    for (found, expected) in zip(single.evaluate(requests, within: .far), exact.evaluate(requests)) {
      #expect(found.groups == expected.groups)
      for (index, group) in expected.groups.enumerated() {
        let bound = 1e-8 * length * weights[group] + 1e-12
        // Beyond what is linear in the step, losses change as its square.
        let lossBound = bound * max(length, 1)
        #expect((found.losses[index] - expected.losses[index]).magnitude < lossBound)
        for (slope, other) in zip(found.gradients[index], expected.gradients[index]) {
          #expect((slope - other).magnitude < bound)
        }
      }
    }
  }

  @Test(
    "far from every landmark, and where a Gram matrix is wanted, points are evaluated in double precision")
  func exactly() throws {
    let (exact, single) = passes(try preparation())
    let order = exact.expansion.panelColumns
    _ = single.landmarks([PathRequest(coefficients: direction(order, 1), groups: [0, 1, 2])])
    let requests = [
      PathRequest(coefficients: direction(order, 2).map { 8 * $0 }, groups: [1]),
      PathRequest(coefficients: direction(order, 1).map { 1.1 * $0 }, groups: [0, 1, 2]),
      PathRequest(coefficients: direction(order, 1), groups: [0, 1, 2], gram: .double),
    ]
    let found = single.evaluate(requests)
    let expected = exact.evaluate(requests)
    for index in [0, 2] {
      #expect(found[index].losses == expected[index].losses)
      #expect(found[index].gradients == expected[index].gradients)
      #expect(found[index].grams == expected[index].grams)
    }
    #expect(found[1].losses != expected[1].losses)
  }

  @Test(
    "a path of many rows meets its tolerance in double precision, too, and says by how much to 4e-9",
    arguments: [0.0, 1.0])
  func path(mixing: Double) throws {
    var path = RegularisationPath.Options()
    path.mixing = mixing
    path.count = 40
    let table = TestTable(count: 60_000)
    let preparation = try preparation(path, table: table)
    let solver = preparation.solver(GroupedRows(data: preparation.data))
    let solved = try solver.solve()
    let exact = PathPass(
      expansion: solver.expansion, rows: solver.rows, parallel: Parallel(threads: 2))
    let sums = exact.evaluate(
      solved.problem.states.map { PathRequest(coefficients: $0.coefficients, groups: [0]) })
    for (index, state) in solved.problem.states.enumerated() {
      let evaluation = PathState.Evaluation(
        coefficients: state.coefficients, sums: sums[index], weight: solved.problem.weight,
        penalty: solved.problem.terms[index])
      let told = try #require(state.accepted)
      #expect(evaluation.violation < path.tolerance + 4e-9)
      #expect((evaluation.violation - told.violation).magnitude < 4e-9)
      #expect((evaluation.objective - told.objective).magnitude < 1e-9)
    }
  }

  @Test("a finer tolerance than the default is met by many rows, too: all of it is in double precision then")
  func fineTolerance() throws {
    var path = RegularisationPath.Options()
    path.mixing = 0
    path.tolerance = 1e-11
    path.count = 40
    let table = TestTable(count: 60_000)
    let found = try RegularisationPath.fit(
      features: table.features, values: table.values, labels: table.labels, path: path)
    #expect(found.points.allSatisfy { $0.violation <= path.tolerance })
    #expect(found.points.allSatisfy { $0.evaluations <= 12 })
  }

  @Test("the number of threads changes no bit of a path of many rows", arguments: [2, 3])
  func threads(count: Int) throws {
    let table = TestTable(count: 60_000)
    func points(_ threads: Int) throws -> [RegularisationPath.Point] {
      var options = LogisticOptions()
      options.parallel = Parallel(threads: threads)
      var path = RegularisationPath.Options()
      path.count = 25
      path.mixing = 0
      return try RegularisationPath.fit(
        features: table.features, values: table.values, labels: table.labels, options: options, path: path
      ).points
    }
    #expect(try points(count) == points(1))
  }

  @Test(
    "columns that separate a few rows, or that no row of the sample shows, are solved in 25 rounds at most, down to a millionth of the greatest λ",
    arguments: [0.0, 0.5, 1.0])
  func separated(mixing: Double) throws {
    var table = TestTable(count: 60_000, missing: false)
    for name in ["separating", "unseen"] { table.features.append(FeatureColumn(name: name, kind: .flag)) }
    for row in table.rows.indices {
      let (isSeparated, isUnseen) = (row % 1009 == 0, row % 160 == 7)
      table.rows[row] += [isSeparated ? 1 : 0, isUnseen ? 1 : 0]
      if isSeparated || isUnseen && row % 3 > 0 { table.labels[row] = true }
    }
    var path = RegularisationPath.Options()
    path.mixing = mixing
    path.leastRatio = 1e-6
    let found = try RegularisationPath.fit(
      features: table.features, values: table.values, labels: table.labels, path: path)
    #expect(found.points.allSatisfy { $0.violation <= path.tolerance })
    #expect(found.points.allSatisfy { $0.evaluations <= 25 })
  }
}
