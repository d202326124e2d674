import ArgumentParser
import Evaluation
import Tables

/// Which columns of one row a customer are covariates.
struct CovariateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of one row a customer: traits that do not change, for visits and for leaving; numbers, yes or no, or texts (one covariate a level, against the most frequent one).",
      valueName: "column,…"))
  var covariates: ColumnList?

  @Option(help: ArgumentHelp("The same for visits only.", valueName: "column,…"))
  var visitCovariates: ColumnList?

  @Option(help: ArgumentHelp("The same for leaving only.", valueName: "column,…"))
  var leavingCovariates: ColumnList?

  /// Which options were given.
  var given: [String: Bool] {
    [
      "--covariates": covariates != nil, "--visit-covariates": visitCovariates != nil,
      "--leaving-covariates": leavingCovariates != nil,
    ]
  }

  /// Refuses them beside a log, in words.
  func refuseForLog(_ path: String) throws {
    guard let option = given.filter(\.value).keys.min() else { return }
    throw TableError(
      .unknownColumn,
      "\(option) needs one row a customer, but \(path) is a log of transactions. Make a table with frequency, recency, T and "
        + "the traits of each customer (and litt, the sum of the logarithms of the intervals, if k is to be chosen)."
    )
  }

  /// The columns by process, each once.
  ///
  /// - Throws: `TableError` for a column that is not there, or that already says something else.
  func columns(of file: TableFile, without own: SummaryColumns) throws -> CustomerCovariates.Columns {
    let both = try Self.names(covariates, "--covariates", file)
    let columns = CustomerCovariates.Columns(
      visits: Self.once(both + (try Self.names(visitCovariates, "--visit-covariates", file))),
      leaving: Self.once(both + (try Self.names(leavingCovariates, "--leaving-covariates", file))))
    if let taken = columns.all.first(where: own.names.contains) {
      throw TableError(
        .unknownColumn,
        "Column \"\(taken)\" says how often customers came, or names them: it cannot be a covariate, too.")
    }
    return columns
  }

  private static func names(_ list: ColumnList?, _ option: String, _ file: TableFile) throws -> [String] {
    try (list?.names ?? []).map { try file.column($0, role: option).name }
  }

  private static func once(_ names: [String]) -> [String] {
    names.indices.filter { !names[..<$0].contains(names[$0]) }.map { names[$0] }
  }
}
