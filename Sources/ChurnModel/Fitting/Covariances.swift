import LinearAlgebra

/// Covariances of the standardised coefficients, intercept first, each under other assumptions.
struct Covariances {
  /// (1/W)·Ĥ⁻¹.
  let modelBased: Matrix
  /// HC0, see `SandwichPass`.
  let robust: Matrix?
  let clustered: Matrix?

  init(modelBased: Matrix, robust: Matrix?, clustered: Matrix?) {
    self.modelBased = modelBased
    self.robust = robust
    self.clustered = clustered
  }

  /// - Parameters:
  ///   - inverse: inverse Hessian of the mean objective.
  ///   - clusters: how many there are.
  init(inverse: Matrix, factor: Cholesky, totalWeight: Double, sums: SandwichPass.Sums?, clusters: Int?) {
    modelBased = Self.scaled(inverse, by: 1 / totalWeight)
    let scale = 1 / (totalWeight * totalWeight)
    robust = sums.map { Self.scaled(Self.sandwich($0.robust, factor), by: scale) }
    guard let middle = sums?.clustered, let clusters else {
      clustered = nil
      return
    }
    let groups = Double(clusters)
    clustered = Self.scaled(Self.sandwich(middle, factor), by: scale * groups / (groups - 1))
  }

  /// Ĥ⁻¹·M·Ĥ⁻¹ for a symmetric M.
  private static func sandwich(_ middle: Matrix, _ factor: Cholesky) -> Matrix {
    // Twice: solve for every column, so that (Ĥ⁻¹M)ᵀ = MĤ⁻¹ are the columns of the second round.
    solved(solved(middle, factor), factor)
  }

  /// (Ĥ⁻¹·M)ᵀ.
  private static func solved(_ matrix: Matrix, _ factor: Cholesky) -> Matrix {
    let order = matrix.rows
    return Matrix(rows: order, columns: order) { elements in
      for column in 0..<order {
        let solution = factor.solve((0..<order).map { matrix[$0, column] })
        for row in 0..<order { elements[column * order + row] = solution[row] }
      }
    }
  }

  private static func scaled(_ matrix: Matrix, by factor: Double) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns) { elements in
      matrix.withUnsafeElements { source in
        for index in source.indices { elements[index] = source[index] * factor }
      }
    }
  }
}
