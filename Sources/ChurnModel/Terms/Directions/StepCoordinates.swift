import LinearAlgebra

/// Coordinates in which the directions of terms are bounds: the steps of a held term from node to node stand in the
/// place of its coefficients.
///
/// A curve's coefficients β and its steps θ = D·B·β (D takes differences, B is the basis) tell each other, for every
/// direction has the mean 0: there are as many of them as steps. A straight term has one coefficient, whose sign is that
/// of all its steps. Everything else stays as it is: a point is (intercept, β of free terms, θ of held ones), and with β =
/// T·θ block by block, derivatives are Tᵀ∇F and Tᵀ∇²F·T.
struct StepCoordinates {
  /// One held term.
  struct Block {
    /// Index of the term.
    let term: Int
    /// Where its steps stand in a point; the coefficients of its values stand in the same places of the coefficients.
    let places: Range<Int>
    /// T, row-major.
    let toCoefficients: [Double]
    /// T⁻¹, row-major.
    let toSteps: [Double]
    /// Whether the one coordinate is the coefficient of a straight line.
    let isSlope: Bool
  }

  let blocks: [Block]
  /// Bounds of a point; infinite where there are none.
  private(set) var lower: [Double]
  private(set) var upper: [Double]

  /// - Parameter active: the coefficients that move; those of held terms' values all do, or none.
  /// - Throws: `LinearAlgebraError` when directions of a term depend on each other.
  /// - Complexity: O(steps³) a held term
  init(_ layout: TermLayout, active: [Int]) throws(LinearAlgebraError) {
    let position = layout.positions(of: active)
    var blocks: [Block] = []
    lower = Array(repeating: -.infinity, count: active.count + 1)
    upper = Array(repeating: .infinity, count: active.count + 1)
    for (term, shape) in layout.shapes.enumerated() {
      guard let steps = shape.steps, shape.valueColumns > 0 else { continue }
      let first = position[layout.columns[term].lowerBound]
      guard first >= 0 else { continue }
      let places = first..<first + shape.valueColumns
      let stepsOfBasis = shape.stepsOfBasis
      let isSlope = shape.valueColumns < steps.lower.count
      precondition(!isSlope || shape.valueColumns == 1, "a held term is a line, or has a direction a step")
      blocks.append(
        Block(
          term: term, places: places,
          toCoefficients: isSlope ? [1] : try Self.inverse(stepsOfBasis, order: shape.valueColumns),
          toSteps: isSlope ? [1] : stepsOfBasis, isSlope: isSlope))
      for (step, place) in places.enumerated() {
        lower[place] = steps.lower[step]
        upper[place] = steps.upper[step]
      }
    }
    self.blocks = blocks
  }

  /// A⁻¹ = (AᵀA)⁻¹Aᵀ, improved once by Newton's step for inverses, X(2I − AX).
  private static func inverse(_ values: [Double], order: Int) throws(LinearAlgebraError) -> [Double] {
    let square = Matrix(rows: order, columns: order) { elements in
      guard let base = elements.baseAddress else { return }
      Products.multiply(
        rows: order, inner: order, columns: order, values, transposesFirst: true, values, into: base)
    }
    let first = try Cholesky(square).inverse().withUnsafeElements { inverse in
      product(Array(inverse), values, order: order, transposesSecond: true)
    }
    var rest = product(values, first, order: order)
    for index in rest.indices { rest[index] = (index % (order + 1) == 0 ? 2 : 0) - rest[index] }
    return product(first, rest, order: order)
  }

  private static func product(
    _ first: [Double], _ second: [Double], order: Int, transposesSecond: Bool = false
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: order * order) { result, count in
      if let base = result.baseAddress {
        Products.multiply(
          rows: order, inner: order, columns: order, first, second, transposesSecond: transposesSecond,
          into: base)
      }
      count = order * order
    }
  }

  // MARK: Points and derivatives

  /// The point of some coefficients (intercept first), moved into the bounds.
  func point(_ coefficients: [Double]) -> [Double] {
    let point = mapped(coefficients) { Self.times($0.toSteps, $1) }
    return point.indices.map { min(max(point[$0], lower[$0]), upper[$0]) }
  }

  /// The coefficients (intercept first) at a point.
  func coefficients(_ point: [Double]) -> [Double] {
    mapped(point) { Self.times($0.toCoefficients, $1) }
  }

  /// Tᵀ·gradient.
  func gradient(_ gradient: [Double]) -> [Double] {
    mapped(gradient) { Self.transposedTimes($0.toCoefficients, $1) }
  }

  /// Tᵀ·matrix·T.
  func hessian(_ matrix: Matrix) -> Matrix {
    congruent(matrix) { Self.transposedTimes($0.toCoefficients, $1) }
  }

  /// T·matrix·Tᵀ: the covariances of the coefficients from those of a point.
  func covariance(_ matrix: Matrix) -> Matrix {
    congruent(matrix) { Self.times($0.toCoefficients, $1) }
  }

  private func mapped(_ vector: [Double], _ map: (Block, [Double]) -> [Double]) -> [Double] {
    var result = vector
    for block in blocks {
      result.replaceSubrange(block.places, with: map(block, Array(vector[block.places])))
    }
    return result
  }

  /// M·matrix·Mᵀ for the map M of vectors.
  private func congruent(_ matrix: Matrix, _ map: (Block, [Double]) -> [Double]) -> Matrix {
    var result = matrix
    let order = matrix.rows
    result.withUnsafeMutableElements { elements in
      for block in blocks {
        for other in 0..<order {
          let mapped = map(block, block.places.map { elements[other * order + $0] })
          for (place, value) in zip(block.places, mapped) { elements[other * order + place] = value }
        }
        for other in 0..<order {
          let mapped = map(block, block.places.map { elements[$0 * order + other] })
          for (place, value) in zip(block.places, mapped) { elements[place * order + other] = value }
        }
      }
    }
    return result
  }

  private static func times(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let order = vector.count
    return (0..<order).map { row in
      var sum = 0.0
      for column in 0..<order { sum += matrix[row * order + column] * vector[column] }
      return sum
    }
  }

  private static func transposedTimes(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let order = vector.count
    var result = [Double](repeating: 0, count: order)
    for row in 0..<order {
      for column in 0..<order { result[column] += matrix[row * order + column] * vector[row] }
    }
    return result
  }
}

extension TermShape {
  /// Directions in which the values that are there move; they come first.
  var valueColumns: Int { columns - (axes[0].scale.hasMissing ? 1 : 0) }

  /// D·B: the steps of each of these directions, steps × directions, row-major.
  fileprivate var stepsOfBasis: [Double] {
    let basis = axes[0].basis
    return (0..<axes[0].scale.valueNodes - 1).flatMap { node in
      (0..<valueColumns).map {
        basis.values[(node + 1) * basis.columns + $0] - basis.values[node * basis.columns + $0]
      }
    }
  }
}
