extension PostgreSQLStore {
  /// The tables that hold personal data.
  private static let personal = ["contact", "task_detail"]
  /// Those that hold keyed names only.
  private static let named = [
    "person", "relation", "touch", "statement", "score", "holdout", "comeback", "task",
  ]

  /// Writes the tables with personal data anew, for a plain VACUUM leaves the bytes of dead rows in their pages.
  public func scrub() throws(QueueError) {
    for table in Self.personal { try outsideTransaction("VACUUM FULL \(table)") }
    for table in Self.named { try outsideTransaction("VACUUM \(table)") }
  }
}
