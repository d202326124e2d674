import LinearAlgebra

extension TermBasis {
  /// The same directions, turned so that no two of them go together in the training rows, and the one that moves the rows
  /// most comes first (Demmler and Reinsch 1975, Numerische Mathematik 24).
  ///
  /// The sum of squares of the coefficients stays what it was. The last directions are wiggles that rows can hardly tell
  /// from nothing: a solver may leave them out.
  ///
  /// - Parameters:
  ///   - directions: values at the nodes.
  ///   - weights: weight of the rows at each node.
  /// - Complexity: O(nodes³)
  static func principal(_ directions: [[Double]], _ weights: [Double]) -> [[Double]] {
    guard directions.count > 1 else { return directions }
    let products = Matrix(rows: directions.count, columns: directions.count) { elements in
      for (row, first) in directions.enumerated() {
        for (column, second) in directions.enumerated() {
          var sum = 0.0
          for node in weights.indices { sum += weights[node] * first[node] * second[node] }
          elements[row * directions.count + column] = sum
        }
      }
    }
    guard let turned = try? SymmetricEigenvectors(products) else { return directions }
    return directions.indices.map { vector in
      (0..<weights.count).map { node in
        var sum = 0.0
        for index in directions.indices { sum += turned.vectors[vector, index] * directions[index][node] }
        return sum
      }
    }
  }

  /// Weighted mean square of each direction.
  ///
  /// - Parameter weights: weight of the rows at each node.
  func powers(_ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    return (0..<columns).map { column in
      var sum = 0.0
      for node in 0..<nodes {
        sum += weights[node] * values[node * columns + column] * values[node * columns + column]
      }
      return sum / total
    }
  }

  /// The basis with some of its directions only.
  func keeping(_ kept: [Int]) -> TermBasis {
    TermBasis(
      nodes: nodes, columns: kept.count,
      values: (0..<nodes).flatMap { node in kept.map { values[node * columns + $0] } },
      groups: kept.map { groups[$0] })
  }

  private init(nodes: Int, columns: Int, values: [Double], groups: [Int]) {
    self.nodes = nodes
    self.columns = columns
    self.values = values
    self.groups = groups
  }
}
