import ChurnModel
import Foundation

extension TestTable {
  /// The standardised design, made in the plainest way from the fitted columns.
  func design(_ model: LogisticModel) -> [[Double]] {
    rows.map { row in
      [1]
        + model.columns.map { column in
          let value = row[column.feature]
          let raw: Double
          switch column.term {
          case .value(let lower, let upper, let fill):
            let bounded = Swift.min(Swift.max(value, lower ?? value), upper ?? value)
            let isLogarithm = model.features[column.feature].kind == .logarithm
            let transformed = isLogarithm ? (bounded < 0 ? -1 : 1) * log1p(abs(bounded)) : bounded
            raw = value.isNaN ? fill : transformed
          case .missing: raw = value.isNaN ? 1 : 0
          case .level(let level): raw = value == Double(level) ? 1 : 0
          case .otherLevels(let levels): raw = levels.contains { Double($0) == value } ? 1 : 0
          }
          return (raw - column.mean) / column.scale
        }
    }
  }
}

/// Gaussian elimination with pivoting.
func eliminate(_ matrix: [[Double]], _ rightSide: [Double]) -> [Double] {
  var rows = zip(matrix, rightSide).map { $0 + [$1] }
  let order = rows.count
  for column in 0..<order {
    let pivot = (column..<order).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
    rows.swapAt(column, pivot)
    for row in 0..<order where row != column {
      let factor = rows[row][column] / rows[column][column]
      for index in column...order { rows[row][index] -= factor * rows[column][index] }
    }
  }
  return (0..<order).map { rows[$0][order] / rows[$0][$0] }
}
