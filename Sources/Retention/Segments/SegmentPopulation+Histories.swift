public import Features
import Histories

extension SegmentPopulation {
  /// Everybody with a relation that had begun and not ended.
  ///
  /// With `service` measures money is the customer margin where the data hold costs, else what was paid. All vehicles of a
  /// customer together have the shortest of their recencies, and sums of visits, of visits expected and of money.
  /// - Parameter activeOnly: leaves out relations that have lapsed, as the at-risk list does.
  /// - Throws: `RetentionError` when there is nobody.
  /// - Complexity: O(orders + rows log rows).
  public init(
    view: AsOfView, unit: Unit, measures: Measures, activeOnly: Bool = false
  ) throws(RetentionError) {
    let found = view.activityMeasures(activeOnly: activeOnly)
    guard !found.relations.isEmpty else {
      throw RetentionError(
        .nobodyActive,
        "No relation has begun and not ended at \(view.asOf). The data reach to \(view.histories.dataEnd); "
          + "choose a date with --as-of.")
    }
    let relations = view.histories.relations
    var rows = zip(found.relations, found.measures).map { relation, measures in
      ActivityRow(
        key: Self.key(
          customer: relations.customers[Int(relation)], vehicle: relations.vehicles[Int(relation)]),
        measures)
    }
    rows.sort { $0.key < $1.key }
    if unit == .customer { rows = ActivityRow.perCustomer(rows) }
    let coverage = measures == .service ? view.costCoverage() : 0
    self.init(
      histories: view.histories, asOf: view.asOf, unit: unit, measures: measures,
      money: coverage > 0 ? .margin : .paid, costCoverage: coverage > 0 ? coverage : nil, rows: rows)
  }
}

/// The measures of a relation, or of several of one customer.
struct ActivityRow {
  private(set) var key: UInt64
  private(set) var recencyDays: Double
  private(set) var recencyRatio: Double
  private(set) var visits: Double
  /// Visits of those relations that some were expected of, and how many: NaN for none.
  private var expectedOf: Double
  private var expected: Double
  private(set) var margin: Double
  private(set) var paid: Double

  var frequencyRatio: Double { expectedOf / expected }

  init(key: UInt64, _ measures: ActivityMeasures) {
    self.key = key
    recencyDays = measures.recencyDays
    recencyRatio = measures.recencyRatio
    visits = measures.visits730
    expected = measures.expectedVisits730
    expectedOf = expected.isNaN ? .nan : visits
    margin = measures.margin730
    paid = measures.paid730
  }

  /// One row a customer.
  ///
  /// - Parameter rows: ascending by key.
  static func perCustomer(_ rows: [ActivityRow]) -> [ActivityRow] {
    var result: [ActivityRow] = []
    result.reserveCapacity(rows.count)
    for row in rows {
      let key = (row.key >> 32) << 32
      if result.last?.key == key {
        result[result.count - 1].add(row)
      } else {
        result.append(row)
        result[result.count - 1].key = key
      }
    }
    return result
  }

  private mutating func add(_ other: ActivityRow) {
    recencyDays = min(recencyDays, other.recencyDays)
    recencyRatio = min(recencyRatio, other.recencyRatio)
    visits += other.visits
    expected = Self.sum(expected, other.expected)
    expectedOf = Self.sum(expectedOf, other.expectedOf)
    margin = Self.sum(margin, other.margin)
    paid = Self.sum(paid, other.paid)
  }

  /// The sum of what is known.
  private static func sum(_ left: Double, _ right: Double) -> Double {
    left.isNaN ? right : right.isNaN ? left : left + right
  }
}
