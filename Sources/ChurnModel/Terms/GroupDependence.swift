/// How much of the rows' evidence is their own, where several rows belong to one group.
///
/// A customer who stands in the table at four dates with nearly the same features and the same outcome tells little
/// more than one row; a likelihood that took them for independent would let terms follow chance. The likelihood is
/// therefore raised to a power (Pauli, Racugno and Ventura 2011, "Bayesian composite marginal likelihoods", Statistica
/// Sinica 21): the reciprocal of what the rows' dependence makes of the variance of the score,
/// Σ rᵢ² / Σ_groups (Σ_{i ∈ group} rᵢ)².
enum GroupDependence {
  /// The power of the likelihood, above 0 and at most 1: 1 when no group has more than one row.
  ///
  /// - Parameters:
  ///   - residuals: weight × (p − y), one a row.
  ///   - rows: the row numbers.
  ///   - groups: the group of each row of the table; nil for none.
  /// - Complexity: O(rows)
  static func power(residuals: [Double], rows: [Int32], groups: [Int32]?) -> Double {
    guard let groups else { return 1 }
    var sums: [Int32: Double] = [:]
    var squares = 0.0
    for (row, residual) in zip(rows, residuals) {
      sums[groups[Int(row)], default: 0] += residual
      squares += residual * residual
    }
    guard sums.count < rows.count else { return 1 }
    // In the order of the groups, for sums must not depend on that of a hash.
    let ofGroups = sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
    return ofGroups > squares ? squares / ofGroups : 1
  }
}
