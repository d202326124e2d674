internal import Evaluation

/// The numbers of all finished parts, row by row.
public struct StagedScores: Sendable {
  let parts: [StoredScorePart]
  let rowsPerPart: Int
  let hasIntervals: Bool

  var count: Int { parts.reduce(0) { $0 + $1.header.rows } }

  var columns: [FileColumn] { Scores.columns(hasIntervals: hasIntervals) }

  func emit<Sink: RowSink & ~Copyable>(_ row: Int, to sink: inout Sink) {
    let part = parts[row / rowsPerPart]
    for column in 0..<part.header.width { sink.exact(part.number(row % rowsPerPart, column)) }
  }

  func id(_ row: Int) -> String? { parts[row / rowsPerPart].id(row % rowsPerPart) }
}
