public import Histories

/// The canonical tables in words, for people who map their exports to them.
public enum SchemaDocument {
  /// All tables: a line each.
  public static func overview(language: Language) -> [String] {
    let tables = CanonicalTable.all
    let longest = tables.map(\.name.count).max() ?? 0
    let lines = tables.map { table in
      "  \(table.name.padded(to: longest))  \(table.isRequired ? "*" : " ")  \(table.purpose)"
    }
    return [
      Bilingual(
        "Tables (* must be there; the features of absent ones are missing):", "表（* 为必需；缺少其余表时相关特征记为缺失）：")[
          language],
      "",
    ] + lines + [
      "",
      Bilingual(
        "`revisit schema TABLE` shows its columns, `revisit schema --mapping` an example revisit.yaml.",
        "`revisit schema TABLE` 显示表的列，`revisit schema --mapping` 显示 revisit.yaml 示例。")[language],
    ]
  }

  /// One table: its columns with type and meaning.
  public static func lines(_ table: CanonicalTable, language: Language) -> [String] {
    let longest = table.columns.map(\.name.count).max() ?? 0
    let types = table.columns.map { typeName($0.type).count }.max() ?? 0
    let columns = table.columns.map { column in
      let mark = column.isRequired ? "*" : " "
      let line =
        "  \(column.name.padded(to: longest))  \(mark)  \(typeName(column.type).padded(to: types))  \(column.note)"
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return ["\(table.name): \(table.purpose)", ""] + columns + [
      "",
      Bilingual("* must be there, and a row without a value cannot be used.", "* 必须有该列；值为空的行不能使用。")[language],
    ]
  }

  /// One table as JSON members.
  public static func json(_ table: CanonicalTable) -> [String: Any] {
    [
      "table": table.name, "purpose": table.purpose, "required": table.isRequired,
      "columns": table.columns.map {
        ["name": $0.name, "type": typeName($0.type), "required": $0.isRequired, "note": $0.note]
          as [String: Any]
      },
    ]
  }

  private static func typeName(_ type: CanonicalType) -> String {
    switch type {
    case .text: "text"
    case .number: "number"
    case .whole: "integer"
    case .day: "date"
    case .time: "timestamp"
    case .truth: "boolean"
    }
  }

  /// An example `revisit.yaml`.
  public static let mappingExample = """
    # revisit.yaml: how the exports of a dealer system become Revisit's tables.
    # Paths are relative to this file. SQL is DuckDB's; it may read files below this folder only.
    dealer_group: Lakeside Motors
    timezone: Asia/Shanghai        # of times without a zone
    currency: CNY                  # of all amounts
    encoding: gb18030              # of text files: utf-8 or gb18030
    tables:
      # Columns are canonical already: a file, or several with *.
      customers: exports/owners_*.csv
      # Anything else: SQL that selects the canonical columns.
      visits:
        sql: |
          SELECT RO_NO AS visit_id, OWNER_NO AS customer_id, VIN AS vin,
                 CAST(RO_CREATE_DATE AS TIMESTAMP) AS opened_at,
                 OUT_MILEAGE AS odometer_km,
                 CASE REPAIR_TYPE WHEN '首保' THEN 'first_service'
                                  WHEN '定保' THEN 'maintenance'
                                  ELSE 'repair' END AS classes,
                 BALANCE_AMOUNT AS customer_paid
          FROM read_csv('exports/ro_*.csv', all_varchar = true)
          WHERE RO_STATUS = '已结算'
    # Small tables may be written in place.
    schedules:
      - {model: '*', powertrain: ICE, first_service_months: 3, first_service_km: 5000, months: 6, km: 7500}
      - {model: '*', powertrain: BEV, first_service_months: 6, first_service_km: 10000, months: 12, km: 20000}
    # Events of your own to predict, with --label target:trade_in; see docs/targets.md.
    targets:
      trade_in:
        population: age_months >= 24 and active = 1
        event: {table: purchases, where: "condition in (new, certified_used)", match: other_vehicle}
        window: 365

    """
}
