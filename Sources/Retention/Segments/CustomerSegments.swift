public import CustomerValue
public import Features
public import Histories

/// Recency, frequency and money of customers or relations as of a date, with their RFM scores, segment and value tier.
public struct CustomerSegments: Sendable {
  /// Whose histories are looked at.
  public enum Unit: String, Sendable, CaseIterable {
    /// All vehicles of a customer together.
    case customer
    /// One customer with one vehicle.
    case relation
  }

  public struct Row: Sendable {
    /// Golden customer row.
    public let customer: Int32
    /// `nil` for all vehicles of the customer.
    public let vehicle: Int32?
    /// Days since the last qualified visit; without one, since the start of the relation.
    public internal(set) var recencyDays: Double
    /// Qualified visits of 730 days.
    public internal(set) var visits: Double
    /// Customer-paid amount of 730 days in currency units; NaN where no amount is known.
    public internal(set) var paid: Double
    public internal(set) var recencyScore: UInt8 = 1
    public internal(set) var frequencyScore: UInt8 = 1
    public internal(set) var monetaryScore: UInt8 = 1
    public internal(set) var segment = RFMSegment.others
    public internal(set) var tier = ValueTier.small
  }

  /// One segment of all.
  public struct Summary: Sendable {
    public let segment: RFMSegment
    public let count: Int
    public let visits: Double
    public let paid: Double
    /// Share of the amount of all segments; NaN when nothing was paid.
    public let paidShare: Double
  }

  /// All segments together.
  public struct Total: Sendable {
    public let visits: Double
    public let paid: Double
  }

  public let histories: Histories
  public let asOf: Day
  public let unit: Unit
  /// Ascending by customer, then vehicle.
  public let rows: [Row]

  /// Scores everybody with a relation that had begun and not ended.
  ///
  /// - Parameter activeOnly: leaves out relations that have lapsed, as the at-risk list does.
  /// - Throws: `RetentionError` when there is nobody.
  /// - Complexity: O(orders + rows log rows).
  public init(view: AsOfView, unit: Unit, activeOnly: Bool = false) throws(RetentionError) {
    histories = view.histories
    asOf = view.asOf
    self.unit = unit
    let relations = view.population(activeOnly: activeOnly).relations
    guard !relations.isEmpty else {
      throw RetentionError(
        .nobodyActive,
        "No relation has begun and not ended at \(view.asOf). The data reach to \(view.histories.dataEnd); "
          + "choose a date with --as-of.")
    }
    var rows = Self.activity(of: relations, view)
    if unit == .customer { rows = Self.perCustomer(rows) }
    rows.sort { ($0.customer, $0.vehicle ?? -1) < ($1.customer, $1.vehicle ?? -1) }
    Self.score(&rows)
    let amounts = Self.amountsOfCustomers(rows, count: view.histories.customers.count)
    let scheme = ValueTierScheme(fitting: amounts)
    for index in rows.indices { rows[index].tier = scheme.tier(of: amounts[Int(rows[index].customer)]) }
    self.rows = rows
  }

  /// The segments in the order of their rules; those that nobody is in are left out.
  public var summaries: [Summary] {
    var counts: [RFMSegment: (count: Int, visits: Double, paid: Double)] = [:]
    let total = total.paid
    for row in rows {
      let paid = row.paid.isNaN ? 0 : row.paid
      let old = counts[row.segment] ?? (0, 0, 0)
      counts[row.segment] = (old.count + 1, old.visits + row.visits, old.paid + paid)
    }
    return RFMSegment.allCases.compactMap { segment in
      counts[segment].map {
        Summary(
          segment: segment, count: $0.count, visits: $0.visits, paid: $0.paid,
          paidShare: total > 0 ? $0.paid / total : .nan)
      }
    }
  }

  public var total: Total {
    Total(
      visits: rows.reduce(0) { $0 + $1.visits }, paid: rows.reduce(0) { $0 + ($1.paid.isNaN ? 0 : $1.paid) })
  }

  // MARK: Steps

  private static func activity(of relations: [Int32], _ view: AsOfView) -> [Row] {
    let table = view.histories.relations
    let blockSize = 8192
    var rows: [Row] = []
    rows.reserveCapacity(relations.count)
    for first in stride(from: 0, to: relations.count, by: blockSize) {
      let block = Array(relations[first..<min(first + blockSize, relations.count)])
      let features = view.features(of: block)
      for (index, relation) in block.enumerated() {
        rows.append(
          Row(
            customer: table.customers[Int(relation)], vehicle: table.vehicles[Int(relation)],
            recencyDays: features[index, Feature.recQDays.rawValue],
            visits: features[index, Feature.nQ730.rawValue], paid: features[index, Feature.cp730.rawValue]))
      }
    }
    return rows
  }

  private static func perCustomer(_ rows: [Row]) -> [Row] {
    var place: [Int32: Int] = [:]
    var result: [Row] = []
    for row in rows {
      guard let index = place[row.customer] else {
        place[row.customer] = result.count
        result.append(
          Row(
            customer: row.customer, vehicle: nil, recencyDays: row.recencyDays, visits: row.visits,
            paid: row.paid))
        continue
      }
      result[index].recencyDays = min(result[index].recencyDays, row.recencyDays)
      result[index].visits += row.visits
      if !row.paid.isNaN {
        result[index].paid = row.paid + (result[index].paid.isNaN ? 0 : result[index].paid)
      }
    }
    return result
  }

  private static func score(_ rows: inout [Row]) {
    let recency = rows.map(\.recencyDays)
    let visits = rows.map(\.visits)
    let paid = rows.map(\.paid)
    guard let scheme = RFMScheme(fitting: recency, frequency: visits, monetary: paid) else { return }
    let scores = scheme.scores(recencyDays: recency, frequency: visits, monetary: paid)
    for index in rows.indices {
      rows[index].recencyScore = scores.recency[index]
      rows[index].frequencyScore = scores.frequency[index]
      rows[index].monetaryScore = scores.monetary[index]
      rows[index].segment = scores.segments[index]
    }
  }

  private static func amountsOfCustomers(_ rows: [Row], count: Int) -> [Double] {
    var amounts = [Double](repeating: 0, count: count)
    for row in rows where !row.paid.isNaN { amounts[Int(row.customer)] += row.paid }
    return amounts
  }
}
