import ChurnModel
import LinearAlgebra
import Testing

@Suite("What must not change a fit, and what must change it how")
struct MetamorphicTests {
  private let table = TestTable(count: 1500)

  @Test("a weight of 2 is the row twice")
  func doubledRows() throws {
    let weights = table.labels.indices.map { $0 % 3 == 0 ? 2.0 : 1 }
    var repeated = table
    for index in table.labels.indices where index % 3 == 0 {
      repeated.rows.append(table.rows[index])
      repeated.labels.append(table.labels[index])
    }
    // A row and its repetition are in one cluster; clusters are no runs of rows.
    let clusters = table.labels.indices.map { Int32($0 % 97) - 50 }
    let repeatedClusters = clusters + clusters.indices.filter { $0 % 3 == 0 }.map { clusters[$0] }
    let weighted = try table.fit(weights: weights, clusters: clusters)
    let twice = try repeated.fit(clusters: repeatedClusters)
    #expect(difference(weighted.model, twice.model) < 1e-10)
    for (first, second) in zip(weighted.coefficients.rows, twice.coefficients.rows) {
      for kind in CoefficientTable.ErrorKind.allCases {
        let (one, other) = (try #require(first.error(kind)), try #require(second.error(kind)))
        #expect((one / other - 1).magnitude < 1e-8)
      }
    }
  }

  @Test("a weight of 0 is no row, even where its values could not be used")
  func absentRows() throws {
    var padded = table
    var weights = [Double](repeating: 1, count: table.labels.count)
    for index in 0..<200 {
      padded.rows.insert([1e9, .infinity, 99, -.infinity, -1e9], at: 5 * index)
      padded.labels.insert(index % 2 == 0, at: 5 * index)
      weights.insert(0, at: 5 * index)
    }
    for share in [0.001, 0] {
      let fit = try padded.fit(weights: weights) { $0.winsorisedShare = share }
      #expect(difference(fit.model, try table.fit { $0.winsorisedShare = share }.model) < 1e-10)
      #expect(fit.model.training.rows == table.labels.count)
    }
  }

  @Test("permuted rows change nothing")
  func permutedRows() throws {
    var permuted = table
    let order = table.labels.indices.map { ($0 * 7 + 5) % table.labels.count }
    permuted.rows = order.map { table.rows[$0] }
    permuted.labels = order.map { table.labels[$0] }
    #expect(Set(order).count == table.labels.count)
    #expect(difference(try table.fit().model, try permuted.fit().model) < 1e-10)
  }

  @Test("a column in other units has its coefficient in other units")
  func rescaledColumn() throws {
    var rescaled = table
    for index in rescaled.rows.indices { rescaled.rows[index][0] = table.rows[index][0] * -365.25 + 7 }
    let original = try table.fit()
    let changed = try rescaled.fit()
    let first = try #require(original.coefficients["age"])
    let second = try #require(changed.coefficients["age"])
    #expect((second.estimate * -365.25 / first.estimate - 1).magnitude < 1e-9)
    let margins = zip(original.model.margins(table.rows), changed.model.margins(rescaled.rows))
    #expect(margins.allSatisfy { ($0 - $1).magnitude < 1e-9 })
  }

  @Test("the number of threads changes no bit", arguments: [2, 3, 8])
  func threads(count: Int) throws {
    let table = TestTable(count: 60_000)
    let clusters = table.labels.indices.map { Int32(truncatingIfNeeded: ($0 * 7919) % 20_011) }
    let alone = try table.fit(clusters: clusters) { $0.parallel = Parallel(threads: 1) }
    let together = try table.fit(clusters: clusters) { $0.parallel = Parallel(threads: count) }
    #expect(alone.coefficients == together.coefficients)
    #expect(alone.certificate == together.certificate)
    #expect(alone.coefficients.clusters == 20_011)
    #expect(difference(alone.model, together.model) == 0)
    #expect(try alone.model.json() == together.model.json())
  }

  @Test("a warm start gives the same coefficients as a cold one")
  func warmStart() throws {
    let warm = try table.fit { $0.warmStartRows = 100 }
    let cold = try table.fit()
    #expect(difference(warm.model, cold.model) < 1e-12)
    #expect(warm.model.training.iterations <= cold.model.training.iterations)
  }
}
