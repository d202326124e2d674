import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Bins of a table")
struct BinnedMatrixTests {
  private static let features =
    (0..<9).map { FeatureColumn(name: "number \($0)", kind: .numeric) }
    + [FeatureColumn(name: "city", kind: .category(levels: ["a", "b", "c", "d"]))]

  /// Numbers with some missing, some rounded, and one column of levels, of which one is unknown.
  private static func table(rows: Int) -> Matrix {
    var random = RandomNumbers(seed: 7)
    return Matrix(
      (0..<rows).map { _ in
        (0..<9).map { column in
          let value = random.normal() * 10
          return random.uniform() < 0.1 ? .nan : column.isMultiple(of: 2) ? value : value.rounded()
        } + [[0, 0, 0, 1, 1, 3, 7, .nan][Int(random.uniform() * 8)]]
      })
  }

  @Test("row-major tables and columns give the bins of single values, for any number of threads")
  func bins() {
    let table = Self.table(rows: 777)
    let bins = ColumnBins.quantiles(of: table, features: Self.features, bins: 20)
    let columns = (0..<10).map { column in (0..<777).map { table[$0, column] } }
    for threads in [1, 2, 3, 8] {
      let parallel = Parallel(threads: threads)
      #expect(
        ColumnBins.quantiles(of: table, features: Self.features, bins: 20, parallel: parallel) == bins)
      let byRows = BinnedMatrix(table, bins: bins, parallel: parallel)
      let byColumns = BinnedMatrix(columns: columns, bins: bins, parallel: parallel)
      #expect(byRows.rows == 777 && byRows.columns == 10)
      for column in 0..<10 {
        let expected = columns[column].map { UInt8(bins[column].index(of: $0)) }
        #expect(byRows.withUnsafeColumn(column) { Array($0) } == expected)
        #expect(byColumns.withUnsafeColumn(column) { Array($0) } == expected)
      }
      #expect(byRows[5, 3] == bins[3].index(of: table[5, 3]))
    }
  }

  @Test("levels without rows and unknown levels share a bin, missing ones have the last")
  func levels() {
    let bins = ColumnBins.quantiles(of: Self.table(rows: 400), features: Self.features)[9]
    #expect(bins == .levels(LevelBins(binOfLevel: [0, 1, 3, 2], valueBins: 4, unseen: 3)))
    #expect([0, 1, 2, 3, 4, -1, .nan].map(bins.index(of:)) == [0, 1, 3, 2, 3, 3, 4])
    #expect(
      LevelBins(levelWeights: [1, 5, 3, 4], bins: 3)
        == LevelBins(binOfLevel: [2, 0, 2, 1], valueBins: 3, unseen: 2))
  }

  @Test("a sample takes one row of each stretch, all rows when they are few")
  func sample() {
    #expect(RowSample.rows(of: 5, atMost: 10) == [0, 1, 2, 3, 4])
    let rows = RowSample.rows(of: 1_003, atMost: 100)
    #expect(rows.count == 100)
    for (index, row) in rows.enumerated() {
      #expect((1_003 * index / 100..<1_003 * (index + 1) / 100).contains(row))
    }
    #expect(Set(rows.map { $0 % 10 }).count == 10)
  }
}
