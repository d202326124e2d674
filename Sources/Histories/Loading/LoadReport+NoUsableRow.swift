extension LoadReport {
  /// The error of a required table of which nothing is left: says where it comes from and the commonest reason.
  func noUsableRow(_ table: String) -> HistoriesError {
    let source = tables.first { $0.table == table }
    let name = "Table `\(table)`\(source.map { " (\($0.source))" } ?? "")"
    let reasons = findings.filter { $0.table == table }
    guard let most = reasons.max(by: { $0.count < $1.count }) else {
      return HistoriesError(
        .badData, "\(name) holds no row.", next: "Export it again, or check the mapping's conditions.")
    }
    let example = most.examples.first.map { ", first \($0.file) row \($0.row)" } ?? ""
    return HistoriesError(
      .badData, "\(name) holds no usable row: \(most.reason) (\(most.count) rows\(example)).",
      next: "`revisit schema \(table)` says what each column holds.")
  }
}
