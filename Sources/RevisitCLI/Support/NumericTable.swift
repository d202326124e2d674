import ChurnModel
import DuckDB
import Foundation
import LinearAlgebra

/// A file of numbers in memory, as the solver takes it.
struct NumericTable {
  let features: [FeatureColumn]
  /// rows × features.
  let values: Matrix
  let labels: [Bool]

  /// - Parameter label: the column with the label; all others are features.
  init(file: String, label: String) throws {
    guard FileManager.default.isReadableFile(atPath: file) else {
      throw Failure(.inputMissing, "There is no file \(file) that can be read.")
    }
    let connection = try Database().connect()
    let name = "'" + file.replacing("'", with: "''") + "'"
    let result = try connection.query("SELECT COLUMNS(*)::DOUBLE FROM \(name)")
    guard let labelColumn = result.columnNames.firstIndex(of: label) else {
      throw Failure(.badData, "\(file) has no column \"\(label)\".")
    }
    let columns = result.columnNames.indices.filter { $0 != labelColumn }
    var labels: [Bool] = []
    var elements: [Double] = []
    try result.forEachChunk { chunk in
      let outcomes = chunk.column(labelColumn).values(as: Double.self)
      labels += outcomes.map { $0 == 1 }
      let start = elements.count
      elements += repeatElement(0, count: chunk.rowCount * columns.count)
      for (position, index) in columns.enumerated() {
        let column = chunk.column(index)
        guard column.hasNoNulls else {
          throw Failure(.badData, "Column \"\(result.columnNames[index])\" of \(file) has missing values.")
        }
        for (row, value) in column.values(as: Double.self).enumerated() {
          elements[start + row * columns.count + position] = value
        }
      }
    }
    features = columns.map { FeatureColumn(name: result.columnNames[$0], kind: .numeric) }
    self.labels = labels
    values = Matrix(rows: labels.count, columns: columns.count) { matrix in
      _ = matrix.update(fromContentsOf: elements)
    }
  }
}
