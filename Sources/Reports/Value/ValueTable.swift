internal import CustomerValue
public import Evaluation
public import Histories

/// What every customer is worth, as a table.
public struct ValueTable: FileTable {
  static let jsonSchema = "revisit.values/1"

  /// What names a row.
  public enum Names: Sendable {
    /// The column of ids of a summary table; `nil` for rows without.
    case summary(ScoringTable.IDs?)
    /// The customers of a log, by their number in it.
    case log(column: String, ids: TextDictionary, customers: [Int32])
    /// Relations of a dealer group.
    case relations(Histories, relations: [Int32], asOf: Day)
  }

  private let assessment: ValueAssessment
  private let names: Names
  private let spendIntervals: SpendIntervals?
  /// `nil` when none were asked for.
  private let intervals: ValueIntervals?
  private var histories: PurchaseHistories { assessment.histories }
  private var valuation: LifetimeValuation { assessment.valuation }

  /// - Parameter withIntervals: adds intervals of visits and value, which take some microseconds a customer.
  public init(_ assessment: ValueAssessment, names: Names, withIntervals: Bool) {
    self.assessment = assessment
    self.names = names
    intervals =
      withIntervals
      ? ValueIntervals(
        assessment.histories, assessment.valuation, groups: assessment.models.groups, spend: assessment.spend)
      : nil
    spendIntervals = assessment.spend.flatMap { model in
      assessment.histories.spend.map {
        SpendIntervals(model, counts: $0.counts, confidence: assessment.valuation.options.confidence)
      }
    }
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  private var hasMoney: Bool { valuation.expectedSpend != nil }

  var columns: [FileColumn] {
    var columns: [FileColumn] = []
    switch names {
    case .summary(let ids): columns += ids.map { [FileColumn($0.column, $0.isWhole ? .whole : .text)] } ?? []
    case .log(let column, _, _): columns.append(FileColumn(column, .text))
    case .relations:
      columns += [FileColumn("customer_id", .text), FileColumn("vin", .text), FileColumn("as_of", .day)]
    }
    columns.append(FileColumn("frequency", .whole))
    let numbers =
      ["recency", "T"] + (hasMoney ? ["monetary"] : []) + ["p_alive", "expected_visits"]
      + (hasMoney
        ? ["expected_spend", "expected_spend_lower", "expected_spend_upper", "clv", "residual_value"] : [])
    columns += numbers.map { FileColumn($0, .number) }
    if intervals != nil {
      columns += ["expected_visits_lower", "expected_visits_upper"].map { FileColumn($0, .whole) }
      if hasMoney { columns += ["clv_lower", "clv_upper"].map { FileColumn($0, .number) } }
    }
    if histories.holdOut != nil { columns.append(FileColumn("holdout_visits", .whole)) }
    return columns
  }

  var rowCount: Int { valuation.count }

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("unit", histories.unit.rawValue), ("model", assessment.models.main.kind.rawValue),
      ("horizon_months", String(valuation.options.horizonMonths)),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      emitName(row, to: &sink)
      let visits = histories.visits[row]
      sink.integer(visits.repeats)
      sink.exact(visits.last)
      sink.exact(visits.age)
      let known = histories.spend.map { $0.counts[row] } ?? 0
      let mean = histories.spend.map { $0.means[row] } ?? 0
      if hasMoney { sink.exact(known > 0 ? mean : nil) }
      sink.exact(valuation.probabilityAlive[row])
      sink.exact(valuation.expectedVisits[row])
      if let spend = valuation.expectedSpend {
        let interval = spendIntervals?.interval(count: known, mean: mean)
        sink.exact(spend[row])
        sink.exact(interval?.lower)
        sink.exact(interval?.upper)
        sink.exact(valuation.value(row))
        let residual = valuation.residualValue(row)
        sink.exact(residual.isNaN ? nil : residual)
      }
      if let ends = intervals?(row) {
        sink.integer(ends.visits.lowerBound)
        sink.integer(ends.visits.upperBound)
        if hasMoney {
          sink.exact(ends.value?.lowerBound)
          sink.exact(ends.value?.upperBound)
        }
      }
      if let holdOut = histories.holdOut { sink.integer(Int(holdOut.visits[row])) }
      sink.endRow()
    }
  }

  private func emitName<Sink: RowSink & ~Copyable>(_ row: Int, to sink: inout Sink) {
    switch names {
    case .summary(let ids):
      guard let ids else { return }
      if ids.isWhole { sink.integer(ids[row].flatMap { Int($0) }) } else { sink.text(ids[row]) }
    case .log(_, let ids, let customers):
      sink.text(ids.texts[Int(customers[row])])
    case .relations(let histories, let relations, let asOf):
      let relation = Int(relations[row])
      sink.text(histories.customers.ids.texts[Int(histories.relations.customers[relation])])
      sink.text(histories.vehicles.vins.texts[Int(histories.relations.vehicles[relation])])
      sink.day(asOf)
    }
  }
}
