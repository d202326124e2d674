import Foundation
public import Retention

extension AtRiskList {
  /// Writes the list in the format of the path's extension (`.csv .json .parquet .html`; `-` is standard output as CSV).
  ///
  /// A file appears whole or not at all.
  /// - Parameter inputs: files that must not be written over.
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    let format = try OutputFormat(path: path)
    guard path != OutputFormat.standardOutput else {
      return try write(format, descriptor: STDOUT_FILENO, name: "standard output")
    }
    let list = self
    let file = try OutputFile(path: path, protecting: inputs)
    try file.replace { (temporary) throws(ReportError) in
      if format == .parquet { return try ParquetFile.write(list, to: temporary) }
      try file.fill(temporary) { (descriptor) throws(ReportError) in
        try list.write(format, descriptor: descriptor, name: path)
      }
    }
  }

  private func write(_ format: OutputFormat, descriptor: Int32, name: String) throws(ReportError) {
    var writer = ByteWriter(descriptor: descriptor, name: name)
    switch format {
    case .csv: writeCSV(to: &writer)
    case .json: writeJSON(to: &writer)
    case .html: writer.text(html())
    case .parquet: preconditionFailure("DuckDB writes Parquet by path")
    }
    try writer.finish()
  }
}
