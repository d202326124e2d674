import LinearAlgebra

extension Design {
  /// A column is a sum of others when they leave less than this share of its variance.
  private static let leastOwnVariance = 1e-8

  /// Positions of the columns that are no linear combination of kept ones before them, by a Cholesky factorisation of the
  /// correlations that passes over vanishing pivots.
  ///
  /// - Complexity: O(columns³)
  func independentColumns() -> [Int] {
    var kept: [Int] = []
    /// Rows of the factor, one a kept column.
    var factor: [[Double]] = []
    for column in columns.indices {
      var row: [Double] = []
      row.reserveCapacity(kept.count)
      for (position, other) in kept.enumerated() {
        var product = correlations[column, other]
        for index in 0..<position { product -= row[index] * factor[position][index] }
        row.append(product / factor[position][position])
      }
      let own = row.reduce(1) { $0 - $1 * $1 }
      guard own >= Self.leastOwnVariance else { continue }
      kept.append(column)
      factor.append(row + [own.squareRoot()])
    }
    return kept
  }
}
