import LinearAlgebra

/// The design columns of a fit and how they hang together.
struct Design: Sendable {
  /// Standardised, coefficients zero.
  let columns: [DesignColumn]
  /// Weighted correlations of the columns, columns × columns. Rows that miss a feature count with the provisional mean
  /// of a sample where that is not all rows, see `LogisticOptions.boundRows`: about three digits are right then.
  let correlations: Matrix

  /// The ridge penalties λ·f of all coefficients, the intercept's 0 first.
  func penalties(_ features: [FeatureColumn], _ options: LogisticOptions) -> [Double] {
    penaltyFactors(features, options).map { options.penalty * $0 }
  }

  /// The penalty factors f of all coefficients, the intercept's 0 first.
  func penaltyFactors(_ features: [FeatureColumn], _ options: LogisticOptions) -> [Double] {
    [0] + columns.map { options.penaltyFactors[features[$0.feature].name] ?? 1 }
  }

  /// The greatest magnitude of each standardised column over the training rows, the intercept's 1 first.
  func greatestMagnitudes(_ features: [FeatureColumn], _ summaries: [FeatureSummary]) -> [Double] {
    [1]
      + columns.map {
        $0.greatestMagnitude(kind: features[$0.feature].kind, summary: summaries[$0.feature])
      }
  }

  /// The design without some of its columns.
  ///
  /// - Parameter kept: positions, ascending.
  func keeping(_ kept: [Int]) -> Design {
    let correlations = Matrix(rows: kept.count, columns: kept.count) { elements in
      for (row, first) in kept.enumerated() {
        for (column, second) in kept.enumerated() {
          elements[row * kept.count + column] = self.correlations[first, second]
        }
      }
    }
    return Design(columns: kept.map { columns[$0] }, correlations: correlations)
  }

  /// The variance inflation factor 1/(1 − R²) of each column, R² from its regression on all others: the diagonal of
  /// the inverse correlation matrix (Belsley, Kuh and Welsch 1980, section 3.2); nil where columns depend on each other.
  ///
  /// - Complexity: O(columns³)
  func varianceInflation() -> [Double?] {
    guard let factor = try? Cholesky(correlations), factor.reciprocalCondition > Double.ulpOfOne else {
      return Array(repeating: nil, count: columns.count)
    }
    let inverse = factor.inverse()
    return columns.indices.map { inverse[$0, $0] }
  }
}
