import ContactQueue
import Histories
public import Outreach

/// What became of every relation of a campaign, as a file.
public struct CampaignReturnTable: FileTable {
  static let jsonSchema = "revisit.outreach-outcomes/1"

  private let returns: CampaignReturns
  private let campaign: String
  private let time: LocalTime

  /// - Parameter time: the clock by which days are written.
  public init(_ returns: CampaignReturns, campaign: String, time: LocalTime) {
    self.returns = returns
    self.campaign = campaign
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
      FileColumn("customer_id", .text), FileColumn("vin", .text), FileColumn("group", .text),
      FileColumn("stratum", .text), FileColumn("value_tier", .text), FileColumn("probability", .number),
      FileColumn("value", .number), FileColumn("task", .text), FileColumn("channel", .text),
      FileColumn("state", .text), FileColumn("outcome", .text), FileColumn("enqueued_on", .day),
      FileColumn("contacted_on", .day), FileColumn("came_back", .flag), FileColumn("visit_id", .text),
      FileColumn("visit_on", .day), FileColumn("days", .whole), FileColumn("came_since_enqueued", .flag),
      FileColumn("not_compared", .text),
    ]
  }

  var rowCount: Int { returns.rows.count }

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("campaign", campaign), ("window_days", String(returns.days)),
      ("data_end", returns.dataEnd.description),
      ("timezone", time.zone.identifier),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in returns.rows[rows] {
      let outcome = row.outcome
      let isKnown = row.exclusion != .unknown
      sink.text(row.customerID)
      sink.text(row.vin)
      sink.text(row.group.rawValue)
      sink.text(outcome.stratum)
      sink.text(outcome.tier)
      sink.exact(outcome.probability)
      sink.exact(outcome.value)
      sink.text(outcome.task?.text)
      sink.text(outcome.channel?.rawValue)
      sink.text(outcome.state?.rawValue)
      sink.text(outcome.reason)
      sink.day(time.clock(at: outcome.enqueuedAt).day)
      sink.day(outcome.contactedAt.map { time.clock(at: $0).day })
      sink.flag(isKnown ? row.comeback != nil : nil)
      sink.text(row.comeback?.visit)
      sink.day(row.comeback?.openedOn)
      sink.integer(row.comeback?.days)
      sink.flag(isKnown ? row.cameSinceEnqueued : nil)
      sink.text(row.exclusion?.rawValue)
      sink.endRow()
    }
  }
}
