import Dispatch
public import Features
public import Histories
import LinearAlgebra

/// The features of every active relation at one or several dates, one row each.
///
/// Columns: `customer_id, vin, as_of`, then the catalogue's in its order (levels by name, flags 0 or 1, missing values
/// empty), and with a label `outcome` and `lapsed` (1 or 0; empty where nobody knows or the loss was natural); with a declared
/// target `outcome` and `happened`.
public struct FeatureTable: FileTable {
  static let jsonSchema = "revisit.features/1"
  private static let blockSize = 1 << 14

  private let histories: Histories
  private let label: LapseLabel?
  private let dates: [Date]

  private struct Date {
    let view: AsOfView
    let population: Population
  }

  public init(histories: Histories, dates: [Day], label: LapseLabel?) {
    self.histories = histories
    self.label = label
    let sweep = FeatureSweep(histories: histories, dates: dates)
    let made = zip(sweep.views, sweep.populations(label: label)).map { Date(view: $0, population: $1) }
    self.dates = dates.compactMap { date in made.first { $0.view.asOf == date } }
  }

  private var isTarget: Bool { label?.isTarget ?? false }

  public var rowCount: Int { dates.reduce(0) { $0 + $1.population.count } }

  /// Active relations by date.
  public var counts: [(asOf: Day, rows: Int)] { dates.map { ($0.view.asOf, $0.population.count) } }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  /// - Complexity: O(orders); one block of rows is in memory at a time.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    let features = Catalogue.all.map { definition in
      FileColumn(definition.name, definition.levels == nil ? .number : .text)
    }
    let outcome =
      label == nil
      ? [] : [FileColumn("outcome", .text), FileColumn(isTarget ? "happened" : "lapsed", .whole)]
    return [FileColumn("customer_id", .text), FileColumn("vin", .text), FileColumn("as_of", .day)]
      + features + outcome
  }

  var isLarge: Bool { true }

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("label", label?.description), ("dealer_group", histories.dealerGroup),
      ("currency", histories.currency),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(to sink: inout Sink) {
    let levels = Catalogue.all.map { $0.levels?.map(\.name) }
    for date in dates {
      let relations = date.population.relations
      var ahead = FeaturesAhead(date.view, relations, from: 0, count: Self.blockSize)
      for first in stride(from: 0, to: relations.count, by: Self.blockSize) {
        let (block, values) = ahead.wait()
        // The next rows are computed while these are written.
        ahead = FeaturesAhead(date.view, relations, from: first + Self.blockSize, count: Self.blockSize)
        for (row, relation) in block.enumerated() {
          emitKeys(Int(relation), date.view.asOf, to: &sink)
          for column in levels.indices {
            let value = values[row, column]
            if let names = levels[column] {
              sink.text(value.isNaN ? nil : names[Int(value)])
            } else {
              sink.exact(value)
            }
          }
          if label != nil { emit(date.population.outcomes[first + row], to: &sink) }
          sink.endRow()
          if sink.hasFailed { return }
        }
      }
    }
  }

  private func emitKeys<Sink: RowSink & ~Copyable>(_ relation: Int, _ asOf: Day, to sink: inout Sink) {
    sink.text(histories.customers.ids.texts[Int(histories.relations.customers[relation])])
    sink.text(histories.vehicles.vins.texts[Int(histories.relations.vehicles[relation])])
    sink.day(asOf)
  }

  private func emit<Sink: RowSink & ~Copyable>(_ outcome: LapseOutcome, to sink: inout Sink) {
    switch outcome {
    case .stayed: sink.text(isTarget ? "did_not_happen" : "stayed")
    case .lapsed: sink.text(isTarget ? "happened" : "lapsed")
    case .censored: sink.text("censored")
    case .naturalLoss: sink.text("natural_loss")
    }
    sink.integer(outcome == .lapsed ? 1 : outcome == .stayed ? 0 : nil)
  }
}

/// The features of some relations, being computed on other threads.
private final class FeaturesAhead: @unchecked Sendable {
  private let block: [Int32]
  private var values: Matrix?
  private let done = DispatchSemaphore(value: 0)

  /// Starts at once; no rows beyond the last relation.
  init(_ view: AsOfView, _ relations: [Int32], from first: Int, count: Int) {
    block = Array(relations[min(first, relations.count)..<min(first + count, relations.count)])
    DispatchQueue.global().async { [self] in
      values = view.features(of: block)
      done.signal()
    }
  }

  /// To be asked once.
  func wait() -> (relations: [Int32], values: Matrix) {
    done.wait()
    guard let values else { preconditionFailure("the values are there when the signal is") }
    return (block, values)
  }
}

extension FeatureDefinition {
  /// The levels of a categorical feature.
  var levels: [CategoryLevel]? {
    if case .category(let levels) = kind { levels } else { nil }
  }
}
