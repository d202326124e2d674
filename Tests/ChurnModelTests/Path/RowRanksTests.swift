import Testing

@testable import ChurnModel

@Suite("Ranks of rows")
struct RowRanksTests {
  /// Distinct values spread widely, few values again and again, one value among many, all the same, and none.
  private static let tables: [[Int32]] = [
    (0..<5000).map { Int32(truncatingIfNeeded: $0 &* 2_654_435_761) },
    (0..<5000).map { Int32($0 * 7 % 24) },
    (0..<5000).map { $0 % 50 == 7 ? Int32($0) : -3 },
    [Int32](repeating: .min, count: 100),
    [.max, .min, 0, -1, 1],
    [5],
    [],
  ]

  @Test("they are those of the sorted distinct keys; rows without a weight have none", arguments: tables)
  func ranks(values: [Int32]) {
    let weights = values.indices.map { $0 % 3 == 1 ? 0.0 : 0.5 }
    for key in [
      { UInt64(Int64($0) - Int64(Int32.min)) }, { SplitMix64.number(UInt64(UInt32(bitPattern: $0))) },
    ]
      as [(Int32) -> UInt64]
    {
      let ranked = RowRanks(values, weights: weights, key: key)
      let keys = Set(values.indices.filter { weights[$0] > 0 }.map { key(values[$0]) }).sorted()
      #expect(ranked.keys == keys)
      for (row, value) in values.enumerated() {
        let rank = weights[row] > 0 ? keys.firstIndex(of: key(value)) : nil
        #expect(Int(ranked.ranks[row]) == rank ?? -1)
      }
    }
  }
}
