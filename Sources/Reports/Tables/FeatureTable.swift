public import Features
public import Histories

/// The features of every active relation at one or several dates, one row each.
///
/// Columns: `customer_id, vin, as_of`, then the catalogue's in its order (levels by name, flags 0 or 1, missing values
/// empty), and with a label `outcome` and `lapsed` (1 or 0; empty where nobody knows or the loss was natural); with a declared
/// target `outcome` and `happened`.
public struct FeatureTable: FileTable {
  static let jsonSchema = "revisit.features/1"

  private let histories: Histories
  private let label: LapseLabel?
  private let dates: [Date]
  /// The names of every categorical feature's levels; `nil` for numbers.
  private let levels = Catalogue.all.map { $0.levels?.map(\.name) }

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
  /// - Complexity: O(orders); a few blocks of rows are in memory at a time.
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

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("label", label?.description), ("dealer_group", histories.dealerGroup),
      ("currency", histories.currency),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    var first = 0
    for date in dates {
      let own = rows.clamped(to: first..<first + date.population.count)
      if !own.isEmpty { emit(date, own.lowerBound - first..<own.upperBound - first, to: &sink) }
      first += date.population.count
    }
  }

  /// - Parameter rows: places in the date's population.
  private func emit<Sink: RowSink & ~Copyable>(_ date: Date, _ rows: Range<Int>, to sink: inout Sink) {
    let relations = Array(date.population.relations[rows])
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: relations.count * Feature.count)
    defer { values.deallocate() }
    date.view.writeFeatures(of: relations, into: values)
    for (index, relation) in relations.enumerated() {
      emitKeys(Int(relation), date.view.asOf, to: &sink)
      let row = UnsafeBufferPointer(rebasing: values[index * Feature.count..<(index + 1) * Feature.count])
      for column in levels.indices {
        if let names = levels[column] {
          sink.text(row[column].isNaN ? nil : names[Int(row[column])])
        } else {
          sink.exact(row[column])
        }
      }
      if label != nil { emit(date.population.outcomes[rows.lowerBound + index], to: &sink) }
      sink.endRow()
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

extension FeatureDefinition {
  /// The levels of a categorical feature.
  var levels: [CategoryLevel]? {
    if case .category(let levels) = kind { levels } else { nil }
  }
}
