internal import Evaluation
internal import Foundation

/// The probability of every row of a table, out of finished parts: the same bytes as `ScoreTable` writes.
public struct StagedScoreTable: FileTable {
  static let jsonSchema = ScoreTable.jsonSchema

  let scores: StagedScores
  let id: (column: String, isWhole: Bool)?
  let model: String
  let workshop: URL

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs, workshop: workshop)
  }

  var columns: [FileColumn] {
    (id.map { [FileColumn($0.column, $0.isWhole ? .whole : .text)] } ?? []) + scores.columns
  }

  var rowCount: Int { scores.count }

  var jsonMembers: [(name: String, value: String?)] { [("model", model)] }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      if let id {
        if id.isWhole {
          sink.integer(scores.id(row).flatMap { Int($0) })
        } else {
          sink.text(scores.id(row))
        }
      }
      scores.emit(row, to: &sink)
      sink.endRow()
    }
  }
}
