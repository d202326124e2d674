import LinearAlgebra

/// The directions in which a term may move on the nodes of one feature, so chosen that each group of them is held by one
/// penalty on the sum of squares of its coefficients.
///
/// For a number the first direction is a straight line in the value or its logarithm; the others are what a walk
/// from knot to knot adds to every straight line, and their sum of squares is the least Σₖ(fₖ₊₁ − fₖ)² over all lines
/// that may be added (a first-order P-spline, Eilers and Marx 1996, Statistical Science 11, split into its straight and
/// its rough part as in Wood 2017, Generalized Additive Models, 2nd ed., section 5.8). All have the weighted mean 0. For
/// bins there is no straight direction: the sum of squares is Σₖ(fₖ₊₁ − fₖ)² over all steps. For
/// a category each level has a direction. A missing value has one of its own.
struct TermBasis: Sendable {
  /// Nodes of the scale.
  let nodes: Int
  /// Number of directions.
  let columns: Int
  /// nodes × columns, row-major.
  let values: [Double]
  /// The group of each direction, ascending from 0.
  let groups: [Int]

  var groupCount: Int { (groups.last ?? -1) + 1 }

  /// - Parameters:
  ///   - nodeWeights: weight of the rows at each node, by their shares.
  ///   - isLogarithm: whether the straight line is one of the value's logarithm.
  ///   - isStraight: whether a number has that line alone.
  init(scale: TermScale, nodeWeights: [Double], isLogarithm: Bool, isStraight: Bool = false) {
    var directions: [[Double]]
    var groups: [Int]
    switch scale.nodes {
    case .knots(let knots):
      let weights = Self.normalised(nodeWeights.prefix(knots.count))
      let line = Self.line(knots, weights, isLogarithm: isLogarithm)
      let rough = isStraight ? [] : Self.roughness(without: line, weights)
      directions = [line] + rough
      groups = [0] + rough.map { _ in 1 }
    case .steps(let edges, _):
      directions = Self.roughness(without: nil, Self.normalised(nodeWeights.prefix(edges.valueBins)))
      groups = directions.map { _ in 0 }
    case .levels(let levels, _):
      directions = Self.levels(Self.normalised(nodeWeights.prefix(levels.count)))
      groups = directions.map { _ in 0 }
    }
    let valueNodes = scale.valueNodes
    directions = directions.map { $0 + Array(repeating: 0, count: scale.count - valueNodes) }
    if let missing = scale.missingNode {
      directions.append((0..<scale.count).map { $0 == missing ? 1 : 0 })
      groups.append((groups.last ?? -1) + 1)
    }
    nodes = scale.count
    columns = directions.count
    values = (0..<scale.count).flatMap { node in directions.map { $0[node] } }
    self.groups = groups
  }

  private static func normalised(_ weights: ArraySlice<Double>) -> [Double] {
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  /// The values, or their logarithms, with weighted mean 0 and variance 1.
  private static func line(_ knots: [Double], _ weights: [Double], isLogarithm: Bool) -> [Double] {
    let places = withoutOverflow(isLogarithm ? knots.map(TermScale.signedLogarithm) : knots)
    let mean = zip(places, weights).reduce(0) { $0 + $1.0 * $1.1 }
    let variance = zip(places, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
    return places.map { ($0 - mean) / variance.squareRoot() }
  }

  /// Binary exponents of numbers whose squares neither overflow nor vanish.
  private static let safeExponents = -500...500

  /// The places times a power of two such that their squares can be summed up; ordinary ones as they are.
  private static func withoutOverflow(_ places: [Double]) -> [Double] {
    let greatest = places.reduce(0) { max($0, $1.magnitude) }
    guard greatest > 0, !safeExponents.contains(Int(greatest.exponent)) else { return places }
    // In two steps, for there is no 2¹⁰⁷⁴.
    let half = Double(sign: .plus, exponent: -Int(greatest.exponent) / 2, significand: 1)
    return places.map { $0 * half * half }
  }

  /// One direction a level: 1 at the level, less its share everywhere, scaled to a mean square of 1 over all.
  private static func levels(_ weights: [Double]) -> [[Double]] {
    let squares = weights.reduce(0) { $0 + $1 * (1 - $1) } / Double(weights.count)
    let scale = squares > 0 ? 1 / squares.squareRoot() : 0
    return weights.indices.map { level in
      weights.indices.map { (($0 == level ? 1 : 0) - weights[level]) * scale }
    }
  }

  /// The directions of a walk from node to node that are not constant and, where a line is given, not straight.
  private static func roughness(without line: [Double]?, _ weights: [Double]) -> [[Double]] {
    let count = weights.count
    let others = [weights] + (line.map { [zip(weights, $0).map { $0 * $1 }] } ?? [])
    guard count > others.count else { return [] }
    let complement = complement(of: others)
    // S = DᵀD less what a straight line takes of it.
    func differences(_ values: [Double]) -> [Double] { zip(values.dropFirst(), values).map { $0 - $1 } }
    let ofLine = line.map(differences)
    let ofComplement = complement.map(differences).map { own -> [Double] in
      guard let ofLine else { return own }
      let lineSquares = ofLine.reduce(0) { $0 + $1 * $1 }
      let along = zip(own, ofLine).reduce(0) { $0 + $1.0 * $1.1 } / lineSquares
      return zip(own, ofLine).map { $0 - along * $1 }
    }
    let products = Matrix(rows: complement.count, columns: complement.count) { elements in
      for (row, first) in ofComplement.enumerated() {
        for (column, second) in ofComplement.enumerated() {
          elements[row * complement.count + column] = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
    }
    guard let inverse = try? Cholesky(products).inverseFactor() else { return [] }
    let directions = complement.indices.map { column in
      (0..<count).map { node in
        complement.indices.reduce(0) { $0 + complement[$1][node] * inverse[column, $1] }
      }
    }
    let squares =
      directions.reduce(0) { sum, own in
        sum + zip(own, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
      } / Double(directions.count)
    return principal(directions.map { $0.map { $0 / squares.squareRoot() } }, weights)
  }

  /// Orthonormal vectors that span what is orthogonal to all of `vectors` (Gram and Schmidt, twice for accuracy).
  private static func complement(of vectors: [[Double]]) -> [[Double]] {
    let count = vectors[0].count
    var basis: [[Double]] = []
    let candidates = vectors + (0..<count).map { index in (0..<count).map { $0 == index ? 1 : 0 } }
    for candidate in candidates where basis.count < count {
      var rest = candidate
      let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for _ in 0..<2 {
        for vector in basis {
          let along = zip(rest, vector).reduce(0) { $0 + $1.0 * $1.1 }
          for index in rest.indices { rest[index] -= along * vector[index] }
        }
      }
      let remaining = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard remaining > 1e-6 * length else { continue }
      basis.append(rest.map { $0 / remaining })
    }
    return Array(basis.dropFirst(vectors.count))
  }
}
