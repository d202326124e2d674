public import ChurnModel
public import Evaluation

/// Probabilities, with the ends of their intervals where these were asked for.
public enum Scores: Sendable {
  case probabilities([Double])
  case intervals(ProbabilityIntervals)

  public var probabilities: [Double] {
    switch self {
    case .probabilities(let own): own
    case .intervals(let intervals): intervals.probabilities
    }
  }

  var count: Int { probabilities.count }

  var columns: [FileColumn] {
    if case .intervals = self { Self.columns(hasIntervals: true) } else { Self.columns(hasIntervals: false) }
  }

  static func columns(hasIntervals: Bool) -> [FileColumn] {
    (["probability"] + (hasIntervals ? ["probability_lower", "probability_upper"] : [])).map {
      FileColumn($0, .number)
    }
  }

  func emit<Sink: RowSink & ~Copyable>(_ row: Int, to sink: inout Sink) {
    switch self {
    case .probabilities(let own): sink.exact(own[row])
    case .intervals(let intervals):
      sink.exact(intervals.probabilities[row])
      sink.exact(intervals.lower[row])
      sink.exact(intervals.upper[row])
    }
  }
}

/// The probability of every row of a table, beside the row's name where it has one.
public struct ScoreTable: FileTable {
  static let jsonSchema = "revisit.scores/1"

  private let scores: Scores
  private let ids: ScoringTable.IDs?
  private let model: String

  /// - Parameters:
  ///   - scores: one a row.
  ///   - ids: the rows' names; nil for rows without.
  ///   - model: the model's name and version.
  public init(scores: Scores, ids: ScoringTable.IDs?, model: String) {
    self.scores = scores
    self.ids = ids
    self.model = model
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    (ids.map { [FileColumn($0.column, $0.isWhole ? .whole : .text)] } ?? [])
      + scores.columns
  }

  var rowCount: Int { scores.count }

  var jsonMembers: [(name: String, value: String?)] { [("model", model)] }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      if let ids {
        if ids.isWhole { sink.integer(ids[row].flatMap { Int($0) }) } else { sink.text(ids[row]) }
      }
      scores.emit(row, to: &sink)
      sink.endRow()
    }
  }
}
