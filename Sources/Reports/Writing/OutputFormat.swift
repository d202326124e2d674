/// The formats that a list is written in.
public enum OutputFormat: String, Sendable, CaseIterable {
  case csv, json, parquet, html

  /// The path that stands for standard output, which gets CSV.
  public static let standardOutput = "-"

  /// The format of a path by its extension, in capitals or not; `-` is CSV.
  ///
  /// - Throws: `ReportError` with `unknownFormat`, naming the known ones.
  public init(path: String) throws(ReportError) {
    if path == Self.standardOutput {
      self = .csv
      return
    }
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let format = parts.last.flatMap({ OutputFormat(rawValue: $0.lowercased()) }) else {
      let known = Self.allCases.map { "." + $0.rawValue }.joined(separator: " ")
      throw ReportError(
        .unknownFormat,
        "\(path) names no known format. Use a file name that ends in one of \(known), or - for CSV on standard output."
      )
    }
    self = format
  }
}
