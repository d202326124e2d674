import Foundation
import Histories

/// A column of a table in a file.
struct FileColumn {
  enum Kind { case text, whole, number, day, flag }

  let name: String
  let kind: Kind

  init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// What takes the rows of a table, cell by cell.
protocol RowSink: CellSink, ~Copyable {
  /// A number with as many digits as it takes to read the same number back.
  mutating func exact(_ value: Double?)
  mutating func endRow()
}

/// A table that can be written as CSV, JSON or Parquet.
protocol FileTable: Sendable {
  /// Name and version of the JSON layout.
  static var jsonSchema: String { get }
  var columns: [FileColumn] { get }
  var rowCount: Int { get }
  /// What the JSON says beside the rows, by name.
  var jsonMembers: [(name: String, value: String?)] { get }

  /// Hands some rows to a sink; is called on several threads with rows that follow each other.
  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink)
}

extension FileTable {
  /// Writes the table in the format of the path's extension; `-` is standard output as CSV.
  ///
  /// - Parameter workshop: see `OutputFile`.
  func writeTable(
    to path: String, protecting inputs: [String], workshop: URL? = nil
  ) throws(ReportError) {
    let format = try OutputFormat(path: path)
    guard format != .html else {
      throw ReportError(
        .unknownFormat,
        "\(path): this table is written as .csv, .json or .parquet. Choose one of these endings.")
    }
    guard path != OutputFormat.standardOutput else {
      return try write(format, descriptor: STDOUT_FILENO, name: "standard output")
    }
    let file = try OutputFile(path: path, protecting: inputs, workshop: workshop)
    try file.replace { (temporary) throws(ReportError) in
      if format == .parquet { return try ParquetFile.write(self, to: temporary) }
      try file.fill(temporary) { (descriptor) throws(ReportError) in
        try write(format, descriptor: descriptor, name: path)
      }
    }
  }

  private func write(_ format: OutputFormat, descriptor: Int32, name: String) throws(ReportError) {
    var writer = ByteWriter(descriptor: descriptor, name: name)
    if format == .csv { writeCSV(to: &writer) } else { writeJSON(to: &writer) }
    try writer.finish()
  }

  func writeCSV(to writer: inout ByteWriter) {
    writer.text(columns.map(\.name).joined(separator: ","))
    writer.byte(UInt8(ascii: "\n"))
    writeBlocks(to: &writer) { rows in
      var sink = CSVSink(writer: ByteWriter())
      emitRows(rows, to: &sink)
      return sink.release().take()
    }
  }

  func writeJSON(to writer: inout ByteWriter) {
    var sink = JSONSink(writer: writer, columns: [])
    sink.member("{\"schema\":", Self.jsonSchema)
    for member in jsonMembers {
      sink.writer.literal(",\"")
      sink.writer.text(member.name)
      sink.member("\":", member.value)
    }
    writer = sink.release()
    writeJSONRows(to: &writer)
  }

  /// Writes the last member, the rows, and the object's end.
  func writeJSONRows(to writer: inout ByteWriter) {
    let names = columns.map(\.name)
    writer.literal(",\"rows\":[")
    writeBlocks(to: &writer) { rows in
      var sink = JSONSink(writer: ByteWriter(), columns: names, isFirstRow: rows.lowerBound == 0)
      emitRows(rows, to: &sink)
      return sink.release().take()
    }
    writer.literal("\n]}\n")
  }

  /// Writes the rows' bytes in order while other threads format the next ones.
  private func writeBlocks(
    to writer: inout ByteWriter, format: @escaping @Sendable (Range<Int>) -> [UInt8]
  ) {
    let blocks = BlocksAhead(rows: rowCount, rowsPerBlock: textRowsPerBlock, make: format)
    while !writer.hasFailed, let block = blocks.next() {
      block.withUnsafeBufferPointer { writer.bytes($0) }
    }
  }
}

/// Rows that are formatted at once: a few hundred kilobytes to two megabytes.
private let textRowsPerBlock = 2048
