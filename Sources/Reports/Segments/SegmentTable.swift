import CustomerValue
import Histories
public import Retention

/// Everybody's recency, frequency, money, scores, segment and tier as a table; with an earlier date also where everybody
/// came from, and at the end who is not there any more.
public struct SegmentTable: FileTable {
  static let jsonSchema = "revisit.segments/1"
  private static let amountDecimals = 2
  private static let ratioDecimals = 4

  private let segments: CustomerSegments
  private let earlier: (segments: CustomerSegments, migration: SegmentMigration)?
  private var population: SegmentPopulation { segments.population }
  private var isService: Bool { population.measures == .service }
  private var hasMargin: Bool { population.money == .margin }

  /// - Parameter earlier: the same rules at an earlier date, and who moved since.
  public init(
    _ segments: CustomerSegments, earlier: (segments: CustomerSegments, migration: SegmentMigration)? = nil
  ) {
    self.segments = segments
    self.earlier = earlier
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    let isLog = population.money == .amount
    var columns = [FileColumn("customer_id", .text)]
    if population.unit == .relation { columns.append(FileColumn("vin", .text)) }
    columns += [
      FileColumn("as_of", .day), FileColumn("recency_days", .whole),
      FileColumn(isLog ? population.events.rawValue : "visits_730", .whole),
      FileColumn(isLog ? "amount" : "paid_730", .number),
    ]
    if isService {
      columns += [FileColumn("recency_ratio", .number), FileColumn("frequency_ratio", .number)]
    }
    if hasMargin { columns.append(FileColumn("margin_730", .number)) }
    columns += ["recency_score", "frequency_score", "monetary_score"].map { FileColumn($0, .whole) }
    columns += [FileColumn("segment", .text), FileColumn("value_tier", .text)]
    if earlier != nil { columns += [FileColumn("previous_segment", .text), FileColumn("movement", .text)] }
    return columns
  }

  public var rowCount: Int { segments.count + (earlier?.migration.goneRows.count ?? 0) }

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("as_of", population.asOf.description), ("unit", population.unit.rawValue),
      ("dealer_group", population.dealerGroup), ("currency", population.currency),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      if row < segments.count {
        emit(row, to: &sink)
      } else if let earlier {
        emitGone(earlier.migration.goneRows[row - segments.count], of: earlier.segments, to: &sink)
      }
      sink.endRow()
    }
  }

  private func emitKey<Sink: RowSink & ~Copyable>(
    _ key: UInt64, _ population: SegmentPopulation, to sink: inout Sink
  ) {
    sink.text(population.customer(key))
    if population.unit == .relation { sink.text(population.vehicle(key)) }
  }

  private func emit<Sink: RowSink & ~Copyable>(_ row: Int, to sink: inout Sink) {
    func whole(_ value: Double) -> Int? { value.isNaN ? nil : Int(value) }
    emitKey(population.keys[row], population, to: &sink)
    sink.day(population.asOf)
    sink.integer(whole(population.recencyDays[row]))
    sink.integer(whole(population.counts[row]))
    sink.number(population.paid[row], decimals: Self.amountDecimals)
    if isService {
      sink.number(population.recency[row], decimals: Self.ratioDecimals)
      sink.number(population.frequency[row], decimals: Self.ratioDecimals)
    }
    if hasMargin { sink.number(population.monetary[row], decimals: Self.amountDecimals) }
    sink.integer(Int(segments.scores.recency[row]))
    sink.integer(Int(segments.scores.frequency[row]))
    sink.integer(Int(segments.scores.monetary[row]))
    let segment = segments.segments[row]
    sink.text(segments.rules.segments[Int(segment)].name)
    sink.text(segments.tierRules.tiers[Int(segments.tiers[row])].name)
    guard let migration = earlier?.migration else { return }
    let before = migration.before[row]
    sink.text(before.map { segments.rules.segments[Int($0)].name })
    sink.text(before == nil ? "new" : before == segment ? "stayed" : "moved")
  }

  /// A row of which only the key and the segment before are known.
  private func emitGone<Sink: RowSink & ~Copyable>(
    _ row: Int, of before: CustomerSegments, to sink: inout Sink
  ) {
    emitKey(before.population.keys[row], before.population, to: &sink)
    sink.day(population.asOf)
    sink.integer(nil)
    sink.integer(nil)
    sink.number(nil, decimals: Self.amountDecimals)
    if isService {
      sink.number(nil, decimals: Self.ratioDecimals)
      sink.number(nil, decimals: Self.ratioDecimals)
    }
    if hasMargin { sink.number(nil, decimals: Self.amountDecimals) }
    for _ in 0..<3 { sink.integer(nil) }
    sink.text(nil)
    sink.text(nil)
    sink.text(before.rules.segments[Int(before.segments[row])].name)
    sink.text("gone")
  }
}
