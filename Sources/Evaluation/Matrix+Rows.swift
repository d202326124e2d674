import LinearAlgebra

extension Matrix {
  /// Some of the rows, in the order of their numbers here.
  ///
  /// - Complexity: O(rows × columns)
  func selecting(_ numbers: [Int]) -> Matrix {
    Matrix(rows: numbers.count, columns: columns) { target in
      withUnsafeElements { source in
        for (index, row) in numbers.enumerated() {
          for column in 0..<columns { target[index * columns + column] = source[row * columns + column] }
        }
      }
    }
  }
}
