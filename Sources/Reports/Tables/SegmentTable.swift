import CustomerValue
import Histories
public import Retention

/// Everybody's recency, frequency, money, scores, segment and tier as a table.
public struct SegmentTable: FileTable {
  static let jsonSchema = "revisit.segments/1"
  private static let amountDecimals = 2

  private let segments: CustomerSegments
  private var histories: Histories { segments.histories }

  public init(_ segments: CustomerSegments) {
    self.segments = segments
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    [FileColumn("customer_id", .text)] + (segments.unit == .relation ? [FileColumn("vin", .text)] : [])
      + [
        FileColumn("as_of", .day), FileColumn("recency_days", .whole), FileColumn("visits_730", .whole),
        FileColumn("paid_730", .number), FileColumn("recency_score", .whole),
        FileColumn("frequency_score", .whole), FileColumn("monetary_score", .whole),
        FileColumn("segment", .text), FileColumn("value_tier", .text),
      ]
  }

  var rowCount: Int { segments.rows.count }

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("as_of", segments.asOf.description), ("unit", segments.unit.rawValue),
      ("dealer_group", histories.dealerGroup), ("currency", histories.currency),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in segments.rows[rows] {
      sink.text(histories.customers.ids.texts[Int(row.customer)])
      if let vehicle = row.vehicle { sink.text(histories.vehicles.vins.texts[Int(vehicle)]) }
      sink.day(segments.asOf)
      sink.integer(row.recencyDays.isNaN ? nil : Int(row.recencyDays))
      sink.integer(row.visits.isNaN ? nil : Int(row.visits))
      sink.number(row.paid, decimals: Self.amountDecimals)
      sink.integer(Int(row.recencyScore))
      sink.integer(Int(row.frequencyScore))
      sink.integer(Int(row.monetaryScore))
      sink.text(row.segment.rawValue)
      sink.text(row.tier.rawValue)
      sink.endRow()
    }
  }
}
