import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("A regression on terms")
struct TermRegressionTests {
  private static let table = TestTable.bent(count: 2000)

  @Test("finds the bend, the pair and the town, and leaves pure noise alone")
  func structure() throws {
    let fit = try Self.table.terms()
    #expect(fit.pairs.map(\.name) == ["left × right"])
    let terms = Dictionary(uniqueKeysWithValues: fit.model.terms.map { ($0.name, $0) })
    #expect(try #require(terms["bend"]).effectiveParameters > 2)
    #expect(try #require(terms["left × right"]).effectiveParameters > 2)
    #expect(try #require(terms["town"]).importance > 0.2)
    #expect(terms["noise"]?.importance ?? 0 < 0.1)
    // bend² − 1.5 at both ends lies 4 above its middle.
    let bend = try #require(fit.model.terms.first { $0.name == "bend" })
    let nodes = bend.scales[0].valueNodes
    #expect(bend.values[0] - bend.values[nodes / 2] > 2)
    #expect(bend.values[nodes - 1] - bend.values[nodes / 2] > 2)
  }

  @Test("labels that depend on no pair get none", arguments: 1...5)
  func noPairs(seed: Int) throws {
    var table = TestTable.bent(count: 800, seed: UInt64(seed))
    for index in table.rows.indices {
      table.labels[index] = table.rows[index][4] < 0.3 + 0.1 * table.rows[index][1]
    }
    for index in table.rows.indices { table.rows[index][4] = Double((index * 37) % 100) }
    #expect(try table.terms().pairs.isEmpty)
  }

  @Test("a weight of 2 is the row twice, and a weight of 0 no row")
  func weights() throws {
    let table = TestTable.bent(count: 700)
    let weights = table.labels.indices.map { $0 % 3 == 0 ? 2.0 : $0 % 11 == 0 ? 0 : 1 }
    var repeated = table
    repeated.rows = []
    repeated.labels = []
    for index in table.labels.indices {
      for _ in 0..<Int(weights[index]) {
        repeated.rows.append(table.rows[index])
        repeated.labels.append(table.labels[index])
      }
    }
    let weighted = try table.terms(weights: weights)
    let twice = try repeated.terms()
    #expect(weighted.pairs.map(\.name) == twice.pairs.map(\.name))
    #expect(greatestDifference(weighted.model.margins(table.rows), twice.model.margins(table.rows)) < 1e-6)
  }

  @Test("three equal rows of one group say as much as one row, of three groups as much as three")
  func groups() throws {
    let table = TestTable.bent(count: 400)
    let groups = table.labels.indices.map { Int32($0) }
    var tripled = table
    tripled.rows = table.rows.flatMap { [$0, $0, $0] }
    tripled.labels = table.labels.flatMap { [$0, $0, $0] }
    let once = try table.terms(groups: groups)
    let together = try tripled.terms(groups: groups.flatMap { [$0, $0, $0] })
    #expect(together.pairs.map(\.name) == once.pairs.map(\.name))
    // Penalties are found to four digits, from another start.
    #expect(greatestDifference(together.model.margins(table.rows), once.model.margins(table.rows)) < 1e-3)
    #expect((together.effectiveParameters / once.effectiveParameters - 1).magnitude < 1e-3)
    let alone = try tripled.terms(groups: tripled.labels.indices.map { Int32($0) })
    #expect(alone.effectiveParameters > 1.2 * once.effectiveParameters)
  }

  @Test("the power of the likelihood is the reciprocal of what groups make of the score's variance")
  func power() {
    func power(_ residuals: [Double], _ groups: [Int32]?) -> Double {
      GroupDependence.power(residuals: residuals, rows: residuals.indices.map { Int32($0) }, groups: groups)
    }
    let residuals = [0.5, 0.5, -0.2, -0.2, 0.1]
    #expect(power(residuals, nil) == 1)
    #expect(power(residuals, [0, 1, 2, 3, 4]) == 1)
    #expect((power(residuals, [7, 7, 3, 3, 1]) - 0.59 / 1.17).magnitude < 1e-15)
    #expect(
      power(residuals, [7, 3, 7, 3, 1]) == 1, "rows that contradict each other are worth no more than all")
  }

  @Test("neither the order of rows nor that of columns changes a score")
  func order() throws {
    let table = TestTable.bent(count: 700)
    let fit = try table.terms()
    var permuted = table
    let rows = table.labels.indices.sorted { ($0 * 337) % 701 < ($1 * 337) % 701 }
    permuted.rows = rows.map { table.rows[$0] }
    permuted.labels = rows.map { table.labels[$0] }
    let byRows = try permuted.terms()
    #expect(greatestDifference(fit.model.margins(table.rows), byRows.model.margins(table.rows)) < 1e-6)
    let columns = [3, 1, 4, 0, 2]
    permuted = table
    permuted.features = columns.map { table.features[$0] }
    permuted.rows = table.rows.map { row in columns.map { row[$0] } }
    let byColumns = try permuted.terms()
    #expect(greatestDifference(fit.model.margins(table.rows), byColumns.model.margins(permuted.rows)) < 1e-6)
  }

  @Test("columns in other units give the same scores", arguments: [1e-12, 1e12, -1])
  func units(factor: Double) throws {
    let table = TestTable.bent(count: 700)
    var scaled = table
    for index in scaled.rows.indices { scaled.rows[index][0] *= factor }
    let (one, other) = (try table.terms { $0.mostPairs = 0 }, try scaled.terms { $0.mostPairs = 0 })
    // A knot is the smallest value that reaches its share, so that mirroring moves knots by a row.
    let tolerance = factor < 0 ? 0.2 : 1e-6
    #expect(
      greatestDifference(one.model.margins(table.rows), other.model.margins(scaled.rows)) < tolerance)
  }

  @Test("one value of 1e308 leaves the rest of its column what it tells", arguments: [1e308, -1e308, 1e160])
  func outlier(value: Double) throws {
    var table = TestTable.bent(count: 700)
    let plain = try table.terms { $0.mostPairs = 0 }
    table.rows[3][0] = value
    let spoiled = try table.terms { $0.mostPairs = 0 }
    #expect(spoiled.model.training.logLoss < plain.model.training.logLoss + 0.02)
  }

  @Test("a fit is the same to the bit for any number of threads")
  func threads() throws {
    let table = TestTable.bent(count: 5000)
    let fits = try [1, 2, 3, 8].map { threads in
      try table.terms { $0.parallel = Parallel(threads: threads) }.model.json()
    }
    #expect(Set(fits).count == 1)
  }

  @Test("knots, pairs and penalties from a sample, but coefficients from all rows")
  func sample() throws {
    let table = TestTable.bent(count: 3000)
    let fit = try table.terms { $0.structureRows = 1000 }
    #expect(fit.certificate.passes.sample > 0)
    #expect(fit.model.training.rows == 3000)
    #expect(fit.certificate.gradientNorm <= 1e-9)
    // At the optimum on all rows with an unpenalised intercept, probabilities add up to the positives.
    let expected = fit.model.margins(table.rows).reduce(0) { $0 + 1 / (1 + exp(-$1)) }
    #expect((expected - Double(table.labels.count { $0 })).magnitude < 1e-5)
  }

  @Test("what cannot have a term is left out with the reason")
  func dropped() throws {
    var table = TestTable.bent(count: 400)
    table.features += ["constant", "absent", "twin"].map { FeatureColumn(name: $0, kind: .numeric) }
    for index in table.rows.indices { table.rows[index] += [5, .nan, 3 - 2 * table.rows[index][1]] }
    let fit = try table.terms()
    let reasons = Dictionary(uniqueKeysWithValues: fit.model.droppedFeatures.map { ($0.feature, $0.reason) })
    #expect(reasons.keys.sorted() == ["absent", "constant", "twin"])
    #expect(try #require(reasons["twin"]).contains("left"))
    #expect(try #require(reasons["absent"]).contains("no training row has a value"))
    #expect(fit.model.margins(table.rows).allSatisfy { $0.isFinite })
  }

  @Test("classes that a feature separates give finite terms")
  func separated() throws {
    var table = TestTable.bent(count: 300)
    for index in table.rows.indices { table.labels[index] = table.rows[index][1] > 0 }
    let fit = try table.terms()
    #expect(fit.model.margins(table.rows).allSatisfy { $0.isFinite })
    #expect(fit.model.training.logLoss < 0.05)
  }

  @Test("levels and missing values that training did not show score like nothing known of them")
  func unseen() throws {
    let table = TestTable.bent(count: 600)
    let fit = try table.terms { $0.mostPairs = 0 }
    let known = table.rows[0]
    var other = known
    other[3] = -1
    other[1] = .nan
    let names = fit.model.terms.map(\.name)
    let contributions = other.withUnsafeBufferPointer(fit.model.contributions)
    for name in ["town", "left"] {
      if let place = names.firstIndex(of: name) { #expect(contributions[place] == 0) }
    }
    let whole = fit.model.intercept + known.withUnsafeBufferPointer(fit.model.contributions).reduce(0, +)
    #expect((fit.model.margins([known])[0] - whole).magnitude < 1e-12)
  }

  @Test("values that cannot be used are errors with feature and row")
  func infinite() throws {
    var table = TestTable.bent(count: 100)
    table.rows[41][1] = .infinity
    #expect {
      _ = try table.terms()
    } throws: { error in
      guard let error = error as? ChurnModelError else { return false }
      return error.code == .infiniteValue && error.message.contains("\"left\" in row 42")
    }
    #expect(throws: ChurnModelError.self) { try TestTable.bent(count: 100).terms { $0.knots = 1 } }
    #expect(throws: ChurnModelError.self) {
      var one = TestTable.bent(count: 1)
      one.labels = [true]
      _ = try one.terms()
    }
  }

  @Test("JSON gives the model back, to the bit of every score, and a damaged one is an error")
  func json() throws {
    let fit = try Self.table.terms()
    let data = try fit.model.json()
    let back = try AnyModel(json: data)
    guard case .terms(let model) = back else {
      Issue.record("another kind")
      return
    }
    #expect(model.margins(Self.table.rows) == fit.model.margins(Self.table.rows))
    #expect(model.terms == fit.model.terms)
    #expect(try model.json() == data)
    let text = String(decoding: data, as: UTF8.self)
    for (old, new) in [
      ("\"left\"", "\"gone\""), ("\"values\"", "\"worths\""),
      ("\"formatVersion\" : 1", "\"formatVersion\" : 9"),
    ] {
      let damaged = Data(text.replacing(old, with: new, maxReplacements: 1).utf8)
      #expect(throws: ChurnModelError.self) { try AnyModel(json: damaged) }
    }
    #expect(throws: ChurnModelError.self) { try LogisticModel(json: data) }
  }
}
