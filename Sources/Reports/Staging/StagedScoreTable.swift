internal import Evaluation

/// The probability of every row of a table, out of finished parts: the same bytes as `ScoreTable` writes.
public struct StagedScoreTable: FileTable {
  static let jsonSchema = ScoreTable.jsonSchema

  let parts: [StoredScorePart]
  let rowsPerPart: Int
  let id: (column: String, isWhole: Bool)?
  let hasIntervals: Bool
  let model: String

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    (id.map { [FileColumn($0.column, $0.isWhole ? .whole : .text)] } ?? [])
      + Scores.columns(hasIntervals: hasIntervals)
  }

  var rowCount: Int { parts.reduce(0) { $0 + $1.header.rows } }

  var jsonMembers: [(name: String, value: String?)] { [("model", model)] }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      let part = parts[row / rowsPerPart]
      let own = row % rowsPerPart
      if let id {
        if id.isWhole { sink.integer(part.id(own).flatMap { Int($0) }) } else { sink.text(part.id(own)) }
      }
      for column in 0..<part.header.width { sink.exact(part.number(own, column)) }
      sink.endRow()
    }
  }
}
