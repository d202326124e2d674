import DuckDB
import Histories
import Retention

extension AtRiskList {
  /// Writes the list as Parquet with typed columns, by way of a table in DuckDB's memory.
  ///
  /// One thread writes, so that the same list gives the same bytes.
  /// - Throws: `ReportError` with `parquetFailed`.
  func writeParquet(to path: String) throws(ReportError) {
    do throws(DuckDBError) {
      let connection = try Database(settings: ["threads": "1"]).connect()
      let columns = AtRiskColumn.allCases.map { "\($0.rawValue) \($0.sqlType)" }
      try connection.execute("CREATE TABLE at_risk (\(columns.joined(separator: ", ")))")
      let appender = try Appender(
        connection: connection, table: "at_risk", types: AtRiskColumn.allCases.map(\.columnType))
      var sink = AppenderSink(appender: appender)
      for row in rows {
        row.emitCells(to: &sink)
        try sink.endRow()
      }
      try appender.finish()
      // The file is temporary already: DuckDB shall not make a second one beside it.
      try connection.execute(
        "COPY at_risk TO '\(path.replacing("'", with: "''"))' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
      )
    } catch {
      throw ReportError(.parquetFailed, "\(path) cannot be written as Parquet: \(error)")
    }
  }
}

extension AtRiskColumn {
  fileprivate var columnType: ColumnType {
    switch self {
    case .rank, .days_overdue, .km_overdue: .bigInt
    case .age_years, .probability, .paid_730, .value_at_stake, .priority: .double
    case .last_visit_on, .next_due_on, .warranty_ends_on, .last_contact_on: .date
    case .bought_here, .open_complaint: .boolean
    case .customer_id, .vin, .dealer_id, .name, .phone, .owner_type, .plate, .model, .risk_tier, .value_tier,
      .segment, .reason_1, .reason_2, .reason_3, .last_adviser, .last_contact_outcome:
      .text
    }
  }

  fileprivate var sqlType: String {
    switch columnType {
    case .bigInt: "BIGINT"
    case .double: "DOUBLE"
    case .date: "DATE"
    case .boolean: "BOOLEAN"
    default: "VARCHAR"
    }
  }
}

/// Sets cells in the appender's current row.
private struct AppenderSink: CellSink {
  let appender: Appender
  var column = 0

  init(appender: Appender) {
    self.appender = appender
  }

  mutating func endRow() throws(DuckDBError) {
    column = 0
    try appender.endRow()
  }

  private mutating func next() -> Int {
    column += 1
    return column - 1
  }

  mutating func integer(_ value: Int?) { appender.set(next(), value.map(Int64.init)) }
  mutating func number(_ value: Double?, decimals: Int) {
    appender.set(next(), value.flatMap { $0.isFinite ? $0 : nil })
  }
  mutating func text(_ value: String?) { appender.set(next(), text: value) }
  mutating func day(_ value: Day?) { appender.set(next(), value.flatMap { $0.isNone ? nil : $0.number }) }
  mutating func flag(_ value: Bool?) { appender.set(next(), value) }
}
