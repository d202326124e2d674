import LinearAlgebra

/// Weighted sums and products of provisional design columns over all rows.
struct MomentPass {
  let data: TrainingData
  let columns: [DesignColumn]
  let options: LogisticOptions

  /// Sums over all rows in provisional units.
  struct Moments {
    /// Σ w·x, one a column.
    let sums: [Double]
    /// Σ w·x², one a column.
    let squares: [Double]
    fileprivate let gram: [Double]
    fileprivate let totalWeight: Double

    /// The weighted correlation of two columns, `later` not before `earlier`.
    func correlation(_ earlier: Int, _ later: Int) -> Double {
      let order = sums.count + 1
      let product = gram[(later + 1) * order + earlier + 1] - sums[earlier] * sums[later] / totalWeight
      let first = squares[earlier] - sums[earlier] * sums[earlier] / totalWeight
      let second = squares[later] - sums[later] * sums[later] / totalWeight
      guard first > 0, second > 0 else { return 0 }
      return product / (first * second).squareRoot()
    }
  }

  func run(_ workspaces: Workspaces) -> Moments {
    let expansion = Expansion(features: data.features, columns: columns)
    let rows = RowSelection(data: data, step: 1)
    let order = expansion.panelColumns
    let partials = workspaces.forEachPanel(rows, expansion) { panel, count, first, workspace, partial in
      data.weights.withUnsafeBufferPointer { weights in
        panel.addWeightedGram(
          rows: count, weights: UnsafeBufferPointer(rebasing: weights[first..<first + count]),
          to: partial.gram)
      }
    }
    var gram = [Double](repeating: 0, count: order * order)
    for partial in partials {
      for index in gram.indices { gram[index] += partial.gram[index] }
    }
    // Row 0 is the intercept's, so column 0 holds the sums.
    return Moments(
      sums: (1..<order).map { gram[$0 * order] }, squares: (1..<order).map { gram[$0 * order + $0] },
      gram: gram, totalWeight: data.totalWeight)
  }
}
