/// SQL that turns a source column into the canonical type, giving null where that cannot be done.
enum ColumnCast {
  private static let fullWidth = "０１２３４５６７８９．－＋：／，　"
  private static let halfWidth = "0123456789.-+:/, "
  private static let timeFormats = [
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y年%m月%d日", "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y.%m.%d",
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
      let hasZone =
        "length(\(column)) > 19 AND regexp_matches(\(column), '[0-9](Z|[+-][0-9]{2}(:?[0-9]{2})?)$')"
      let zoned = "timezone(\(SQLPaths.quoted(timeZone)), TRY_CAST(\(column) AS TIMESTAMPTZ))"
      let plain =
        "COALESCE(TRY_CAST(\(column) AS TIMESTAMP), TRY_STRPTIME(trim(\(half(column))), [\(formats)]))"
      let time = "CASE WHEN \(hasZone) THEN \(zoned) ELSE \(plain) END"
      return ("CAST(\(time) AS \(target.sqlType))", true)
    case .truth:
      guard isText else { return ("TRY_CAST(\(column) AS BOOLEAN)", true) }
      let words = "CASE WHEN \(column) IN ('是', '有') THEN true WHEN \(column) IN ('否', '无') THEN false END"
      return ("COALESCE(TRY_CAST(\(column) AS BOOLEAN), \(words))", true)
    }
  }

  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  private static func half(_ column: String) -> String {
    "translate(\(column), '\(fullWidth)', '\(halfWidth)')"
  }
}
