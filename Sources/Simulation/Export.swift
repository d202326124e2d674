import DuckDB
import Foundation

/// One file to be written: a query and where its rows go.
struct ExportFile: Sendable {
  /// The canonical table that the rows stand for.
  let table: String
  /// Below the output folder.
  let path: String
  let query: String
  let format: SimulationOptions.Format
}

/// The files of the canonical layout.
enum CanonicalExport {
  static func files(_ options: SimulationOptions) -> [ExportFile] {
    TableLayout.all.map { table in
      let format = table.name == "truth" ? .parquet : options.format
      return ExportFile(
        table: table.name, path: "\(table.name).\(format.rawValue)",
        query: query(table, options, format: format), format: format)
    }
  }

  /// Parquet texts are always readable.
  private static let readableName = " replace(name, '\(Dirt.unreadable)', '') AS name,"

  /// The table's canonical rows in order; with dirt, columns that may hold unreadable cells are text.
  static func query(
    _ table: TableLayout, _ options: SimulationOptions, format: SimulationOptions.Format
  ) -> String {
    var select = table.select
    switch table.name {
    case "visits" where options.dirt > 0:
      for (text, column, name) in [
        ("opened_text", TableLayout.openedAt, "opened_at"),
        ("odometer_text", TableLayout.odometer, "odometer_km"),
      ] {
        select = select.replacing(
          "\(column) AS \(name)", with: "coalesce(\(text), \(column)::VARCHAR) AS \(name)")
      }
    case "surveys" where options.dirt > 0:
      select = select.replacing(" score,", with: " coalesce(score_text, score::VARCHAR) AS score,")
    case "customers" where options.dirt > 0 && format == .parquet:
      select = select.replacing(" name,", with: readableName)
    case "prospects" where options.dirt > 0:
      select = select.replacing(
        "\(TableLayout.createdAt) AS created_at",
        with: "coalesce(created_text, \(TableLayout.createdAt)::VARCHAR) AS created_at")
      select = select.replacing(" budget,", with: " coalesce(budget_text, budget::VARCHAR) AS budget,")
      if format == .parquet { select = select.replacing(" name,", with: readableName) }
    case "truth":
      // The future is not known to the data: a window that ends after them has no outcome.
      let censored = "natural_loss OR as_of + horizon_days::INTEGER > DATE '\(options.until)'"
      select = select.replacing(
        " lapsed,", with: " CASE WHEN \(censored) THEN NULL ELSE lapsed END AS lapsed,")
    default: break
    }
    return "SELECT \(select) FROM (SELECT * FROM \(table.name) ORDER BY \(table.order))"
  }
}

/// Writes the temporary database's tables as files.
struct Exporter {
  let connection: Connection
  let options: SimulationOptions
  /// The folder of unfinished files.
  let folder: URL

  /// Writes one file; returns its rows.
  func write(_ file: ExportFile) throws(SimulationError) -> Int {
    let target = folder.appendingPathComponent(file.path)
    let needsRecoding = file.format == .csv && (options.encoding == .gb18030 || options.dirt > 0)
    let written = needsRecoding ? target.appendingPathExtension("utf8") : target
    do {
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw SimulationError(
        .cannotWrite, "cannot make the folder of \(file.path): \(error.localizedDescription)")
    }
    let format = file.format == .csv ? "FORMAT csv, HEADER true" : "FORMAT parquet"
    let path = written.path.replacing("'", with: "''")
    var rows = 0
    do {
      try connection.execute("COPY (\(file.query)) TO '\(path)' (\(format))")
      rows = try count(file.table)
    } catch let error as DuckDBError {
      throw SimulationError(
        .cannotWrite, "cannot write \(file.path): \(error.description(sparing: [self.folder.path]))")
    } catch {
      throw SimulationError(.cannotWrite, "cannot write \(file.path)")
    }
    if needsRecoding {
      try Recoder.recode(written, to: target, encoding: options.encoding)
      try? FileManager.default.removeItem(at: written)
    }
    return rows
  }

  private func count(_ table: String) throws -> Int {
    let result = try connection.query("SELECT count(*) FROM \(table)")
    var rows = 0
    try result.forEachChunk { chunk in
      if chunk.rowCount > 0 { rows = Int(chunk.column(0).values(as: Int64.self)[0]) }
    }
    return rows
  }
}
