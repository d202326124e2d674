public import Evaluation
import Histories
public import Features

/// The probability of every row of a table, beside the row's name where it has one.
public struct ScoreTable: FileTable {
  static let jsonSchema = "revisit.scores/1"

  private let probabilities: [Double]
  private let ids: ScoringTable.IDs?
  private let model: String

  /// - Parameters:
  ///   - probabilities: one a row.
  ///   - ids: the rows' names; nil for rows without.
  ///   - model: the model's name and version.
  public init(probabilities: [Double], ids: ScoringTable.IDs?, model: String) {
    self.probabilities = probabilities
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
      + [FileColumn("probability", .number)]
  }

  var rowCount: Int { probabilities.count }

  var jsonMembers: [(name: String, value: String?)] { [("model", model)] }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      if let ids {
        if ids.isWhole { sink.integer(ids[row].flatMap { Int($0) }) } else { sink.text(ids[row]) }
      }
      sink.exact(probabilities[row])
      sink.endRow()
    }
  }
}

/// The probability of every active relation at one date.
public struct RelationScoreTable: FileTable {
  static let jsonSchema = "revisit.relation-scores/1"

  private let view: AsOfView
  private let relations: [Int32]
  private let probabilities: [Double]
  private let model: String
  private var histories: Histories { view.histories }

  /// - Parameters:
  ///   - relations: what was scored.
  ///   - probabilities: one a relation.
  ///   - model: the model's name and version.
  public init(view: AsOfView, relations: [Int32], probabilities: [Double], model: String) {
    self.view = view
    self.relations = relations
    self.probabilities = probabilities
    self.model = model
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    [
      FileColumn("customer_id", .text), FileColumn("vin", .text), FileColumn("as_of", .day),
      FileColumn("probability", .number),
    ]
  }

  var rowCount: Int { relations.count }

  var jsonMembers: [(name: String, value: String?)] {
    [("model", model), ("as_of", view.asOf.description), ("dealer_group", histories.dealerGroup)]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      let relation = Int(relations[row])
      sink.text(histories.customers.ids.texts[Int(histories.relations.customers[relation])])
      sink.text(histories.vehicles.vins.texts[Int(histories.relations.vehicles[relation])])
      sink.day(view.asOf)
      sink.exact(probabilities[row])
      sink.endRow()
    }
  }
}
