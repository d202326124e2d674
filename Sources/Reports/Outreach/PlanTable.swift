import ContactQueue
import Histories
public import Outreach

/// What the policy makes of every line of a list, as a file.
public struct PlanTable: FileTable {
  static let jsonSchema = "revisit.outreach-plan/1"

  private let plan: OutreachPlan
  private let time: LocalTime

  /// - Parameter time: the clock by which moments are written.
  public init(_ plan: OutreachPlan, time: LocalTime) {
    self.plan = plan
    self.time = time
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  var columns: [FileColumn] {
    [
      FileColumn("line", .whole), FileColumn("customer_id", .text), FileColumn("vin", .text),
      FileColumn("priority", .number), FileColumn("value_tier", .text), FileColumn("decision", .text),
      FileColumn("channel", .text), FileColumn("due_at", .text), FileColumn("reason", .text),
      FileColumn("goes_first", .flag),
    ]
  }

  var rowCount: Int { plan.lines.count }
  var jsonMembers: [(name: String, value: String?)] { [("timezone", time.zone.identifier)] }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      let shown = plan.shown(row, time: time)
      sink.integer(row + 1)
      sink.text(shown.customer)
      sink.text(shown.vehicle)
      sink.exact(shown.priority)
      sink.text(shown.tier)
      sink.text(shown.decision.rawValue)
      sink.text(shown.channel?.rawValue)
      sink.text(shown.due)
      sink.text(shown.reason?.rawValue)
      sink.flag(shown.goesFirst)
      sink.endRow()
    }
  }
}
