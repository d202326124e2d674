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
    try OutputFile(path: path, protecting: inputs).replace { (temporary) throws(ReportError) in
      if format == .parquet { return try ParquetFile.write(list, to: temporary) }
      let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotWrite(path, errno: errno) }
      do throws(ReportError) {
        try list.write(format, descriptor: descriptor, name: path)
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw .cannotWrite(path, errno: errno) }
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
