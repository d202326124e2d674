import DuckDB
import Histories

/// Writes tables as Parquet: DuckDB encodes the rows block by block while the next ones are made.
enum ParquetFile {
  /// Rows that are encoded together: larger groups need more memory, smaller ones make the file larger.
  private static let rowsPerGroup = 30 * RowBlock.capacity
  private static let source = "written"

  /// One thread encodes, so that rows keep their order and the same table gives the same bytes.
  ///
  /// - Throws: `ReportError` with `parquetFailed`.
  /// - Complexity: one group of rows and a few blocks are in memory at a time.
  static func write(_ table: some FileTable, to path: String) throws(ReportError) {
    do throws(DuckDBError) {
      // Nothing is spilled: DuckDB would make a folder of its own for that.
      let connection = try Database(settings: ["threads": "1", "temp_directory": ""]).connect()
      let columns = table.columns
      let layout = try BlockSink.Layout(columns)
      let blocks = BlocksAhead(rows: table.rowCount, rowsPerBlock: RowBlock.capacity) { rows in
        var sink = BlockSink(layout)
        table.emitRows(rows, to: &sink)
        return sink.finish()
      }
      try connection.register(source, names: columns.map(\.name), types: layout.types) { blocks.next() }
      // The file is temporary already: DuckDB shall not make a second one beside it.
      try connection.execute(
        """
        COPY (FROM \(source)()) TO '\(path.replacing("'", with: "''"))'
          (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE \(rowsPerGroup), USE_TMP_FILE false)
        """)
    } catch {
      throw ReportError(.parquetFailed, "\(path) cannot be written as Parquet: \(error)")
    }
  }
}
