public import Features
internal import Foundation
internal import Histories

/// The probability of every active relation at one date, out of finished parts.
public struct RelationScoreTable: FileTable {
  static let jsonSchema = "revisit.relation-scores/1"

  private let view: AsOfView
  private let relations: [Int32]
  private let scores: StagedScores
  private let model: String
  private let workshop: URL
  private var histories: Histories { view.histories }

  /// - Parameters:
  ///   - relations: what was scored.
  ///   - staging: of a score for each of them.
  ///   - model: the model's name and version.
  public init(
    view: AsOfView, relations: [Int32], staging: ScoreStaging, hasIntervals: Bool, model: String
  ) {
    self.view = view
    self.relations = relations
    scores = staging.scores(hasIntervals: hasIntervals)
    workshop = staging.folder
    self.model = model
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs, workshop: workshop)
  }

  var columns: [FileColumn] {
    [
      FileColumn("customer_id", .text), FileColumn("vin", .text), FileColumn("as_of", .day),
    ] + scores.columns
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
      scores.emit(row, to: &sink)
      sink.endRow()
    }
  }
}
