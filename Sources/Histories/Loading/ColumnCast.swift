/// SQL that turns a source column into the canonical type, giving null where that cannot be done.
enum ColumnCast {
  private static let fullWidth = "０１２３４５６７８９．－＋：／，　"
  private static let halfWidth = "0123456789.-+:/, "
  private static let timeFormats = [
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M",
    "%Y年%m月%d日", "%Y%m%d",
    "%Y%m%d%H%M%S", "%Y.%m.%d", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分",
  ]

  /// - Returns: the expression, and whether it can turn a value into null.
  static func expression(
    _ name: String, from source: String, to target: CanonicalType, timeZone: String
  ) -> (sql: String, canFail: Bool) {
    let column = quoted(name)
    if source == target.sqlType { return (column, false) }
    let isText = source == "VARCHAR"
    if source == "TIMESTAMP WITH TIME ZONE" {
      let local = "timezone(\(SQLPaths.quoted(timeZone)), \(column))"
      return ("CAST(\(local) AS \(target.sqlType))", false)
    }
    switch target {
    case .text:
      return ("CAST(\(column) AS VARCHAR)", false)
    case .number, .whole:
      guard isText else { return ("TRY_CAST(\(column) AS \(target.sqlType))", source != "INTEGER") }
      let folded = "regexp_replace(\(half(column)), '[,¥￥ ]', '', 'g')"
      let tries = [column, folded].map { "TRY_CAST(\($0) AS DOUBLE)" }.joined(separator: ", ")
      return ("TRY_CAST(COALESCE(\(tries)) AS \(target.sqlType))", true)
    case .day, .time:
      guard isText else { return ("TRY_CAST(\(column) AS \(target.sqlType))", true) }
      let formats = timeFormats.map { "'\($0)'" }.joined(separator: ", ")
      // Cells in the common forms, of a day or of 19 characters with seconds, need no regular expression.
      let hasZone =
        "CASE WHEN length(\(column)) <= 16 OR (length(\(column)) = 19 AND substr(\(column), 17, 1) = ':') THEN false "
        + "ELSE regexp_matches(\(column), ':[0-9]{2}([.][0-9]+)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$') END"
      let zoned = "timezone(\(SQLPaths.quoted(timeZone)), TRY_CAST(\(column) AS TIMESTAMPTZ))"
      let plain =
        "COALESCE(TRY_CAST(\(column) AS TIMESTAMP), TRY_STRPTIME(trim(\(half(column))), [\(formats)]))"
      let time = "CASE WHEN \(hasZone) THEN \(zoned) ELSE \(plain) END"
      return ("CAST(\(time) AS \(target.sqlType))", true)
    case .truth:
      guard isText else { return ("TRY_CAST(\(column) AS BOOLEAN)", true) }
      // One expression: DuckDB would compute what stands twice for every cell, also for those that need no second try.
      let folded = "translate(trim(\(half(column))), '是有否无', '1100')"
      return ("COALESCE(TRY_CAST(\(column) AS BOOLEAN), TRY_CAST(\(folded) AS BOOLEAN))", true)
    }
  }

  /// SQL that says whether a cell holds anything; blank text is a missing value, not an unreadable one. It runs on
  /// every cell: `translate` would cost ten times the cast itself.
  static func hasContent(_ name: String, _ source: String) -> String {
    let column = quoted(name)
    return source == "VARCHAR" ? "trim(\(column)) <> '' AND \(column) <> '　'" : "\(column) IS NOT NULL"
  }

  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  private static func half(_ column: String) -> String {
    "translate(\(column), '\(fullWidth)', '\(halfWidth)')"
  }
}
