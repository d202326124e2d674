import CVectorLoops
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Opening passes of many rows")
struct OpeningPassTests {
  /// Every fourth row is the sample then.
  private func warm(_ table: TestTable, _ change: (inout LogisticOptions) -> Void = { _ in }) throws
    -> LogisticFit
  {
    try table.fit {
      $0.warmStartRows = 100
      change(&$0)
    }
  }

  @Test("weighted squares of a column are those of a plain loop", arguments: [0, 1, 7, 8, 9, 500])
  func squares(count: Int) {
    let values = (0..<count).map { Double($0 * 37 % 101) / 7 - 5 }
    let weights = (0..<count).map { Double($0 % 3) }
    let expected = zip(values, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    #expect((vector_weighted_squares(values, weights, count) - expected).magnitude <= 1e-11 * Double(count))
  }

  @Test("what the sample does not show is found: a level, a missing value, a second value of a constant")
  func misleadingSample() throws {
    var table = TestTable(count: 3000)
    table.features += [
      FeatureColumn(name: "still", kind: .numeric), FeatureColumn(name: "kept", kind: .numeric),
    ]
    for row in table.rows.indices {
      let isHidden = row % 4 == 1
      table.rows[row] += [isHidden ? 2 : 1, isHidden && row % 3 == 0 ? .nan : Double(row * 31 % 17)]
      // The level "nowhere" occurs beside the sample only.
      if isHidden, row % 5 == 0 { table.rows[row][2] = 3 }
    }
    let (found, expected) = (try warm(table), try table.fit())
    #expect(found.model.columns.map(\.name) == expected.model.columns.map(\.name))
    #expect(
      found.model.columns.map(\.name).contains("still") && found.model.columns.map(\.name).contains("kept_na")
    )
    #expect(difference(found.model, expected.model) < 1e-12)
    #expect(found.model.droppedFeatures == expected.model.droppedFeatures)
  }

  @Test("columns that say the same are dropped, and the start of the others takes it into account")
  func twins() throws {
    var table = TestTable(count: 3000, missing: false)
    table.features.append(FeatureColumn(name: "months", kind: .numeric))
    for row in table.rows.indices { table.rows[row].append(12 * table.rows[row][0]) }
    let (found, expected) = (try warm(table), try table.fit())
    #expect(
      found.model.droppedFeatures.map(\.feature) == ["months"]
        && found.model.droppedFeatures == expected.model.droppedFeatures)
    #expect(difference(found.model, expected.model) < 1e-12)
  }

  @Test(
    "an infinite value is found inside and outside of the sample, and its row named",
    arguments: [400, 401, 2999])
  func infinite(row: Int) {
    var table = TestTable(count: 3000)
    table.rows[row][1] = .infinity
    let error = #expect(throws: ChurnModelError.self) { try warm(table) }
    #expect(error?.code == .infiniteValue)
    #expect(error?.description.contains("row \(row + 1)") == true)
  }

  @Test("a value beyond single precision does no harm")
  func overflow() throws {
    var table = TestTable(count: 60_000)
    table.rows[50_001][4] = 1e40
    let fit = try table.fit { $0.winsorisedShare = 0 }
    #expect(fit.coefficients.rows.allSatisfy { $0.estimate.isFinite && $0.standardError.isFinite })
  }

  @Test("a fit of many rows meets the tolerance at the returned coefficients, with the proof that it does")
  func manyRows() throws {
    let table = TestTable(count: 60_000)
    let fit = try table.fit { $0.robustErrors = true }
    let certificate = fit.certificate
    let bound = try #require(certificate.returnedGradientBound)
    #expect(bound <= 1e-9)
    #expect(try #require(certificate.returnedGradientNorm) <= bound)
    #expect(try #require(certificate.gapBound) < 1e-15)
    #expect(certificate.passes.full == certificate.passes.evaluations + 2)
    // Until the gradient has vanished at an evaluation, too.
    let longer = try table.fit { $0.tolerance = 1e-15 }
    #expect(difference(fit.model, longer.model) < 1e-8)
    #expect((fit.model.training.objective - longer.model.training.objective).magnitude < 1e-14)
    #expect((fit.model.training.logLoss - longer.model.training.logLoss).magnitude < 1e-10)
    for (row, other) in zip(fit.coefficients.rows, longer.coefficients.rows) {
      #expect((row.standardError / other.standardError - 1).magnitude < 1e-4)
    }
  }

  @Test("a column that is the sum of others is told as such among many rows, too")
  func dependent() throws {
    var table = TestTable(count: 60_000, missing: false)
    table.features.append(FeatureColumn(name: "sum", kind: .numeric))
    for row in table.rows.indices { table.rows[row].append(table.rows[row][0] + 20 * table.rows[row][4]) }
    let error = #expect(throws: ChurnModelError.self) {
      try table.fit {
        $0.penalty = 0
        $0.winsorisedShare = 0
      }
    }
    #expect(error?.code == .dependentColumns)
    let held = try table.fit { $0.winsorisedShare = 0 }
    #expect(held.coefficients.rows.contains { $0.name == "sum" && ($0.varianceInflation ?? .infinity) > 1e8 })
    #expect(try #require(held.certificate.returnedGradientBound) <= 1e-9)
  }
}
