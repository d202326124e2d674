internal import DuckDB
internal import Foundation
internal import Tables

/// Looks for a customer's texts in a file of any kind that this program writes or reads.
///
/// Workbooks are unpacked and Parquet is read by DuckDB; everything else, a database file too, is searched as bytes.
public struct FileTraces {
  private let texts: [String]
  private static let pieceSize = 1 << 20

  /// - Parameter texts: ids, numbers and addresses of the customer.
  public init(_ texts: [String]) {
    self.texts = texts
  }

  /// How often the texts occur in a file.
  ///
  /// - Throws: `inputMissing` when the file cannot be read, `badData` when it cannot be looked into: then nobody can say.
  /// - Complexity: O(bytes of the file, unpacked).
  public func count(in path: String) throws(OutreachError) -> Int {
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "parquet": try countInParquet(path)
    case "xlsx", "zip": try countInArchive(path)
    default: try countInBytes(path)
    }
  }

  private func countInBytes(_ path: String) throws(OutreachError) -> Int {
    guard let file = FileHandle(forReadingAtPath: path) else { throw Self.unreadable(path) }
    defer { try? file.close() }
    var traces = ByteTraces(texts)
    do {
      while let piece = try file.read(upToCount: Self.pieceSize), !piece.isEmpty { traces.take(piece) }
    } catch {
      throw Self.unreadable(path)
    }
    traces.finish()
    return traces.count
  }

  private func countInArchive(_ path: String) throws(OutreachError) -> Int {
    guard let bytes = FileManager.default.contents(atPath: path) else { throw Self.unreadable(path) }
    guard let files = ZipArchive(Array(bytes))?.contents() else { throw Self.opaque(path) }
    return files.reduce(0) { count, file in
      var traces = ByteTraces(texts)
      traces.take(file)
      traces.finish()
      return count + traces.count
    }
  }

  private func countInParquet(_ path: String) throws(OutreachError) -> Int {
    guard FileManager.default.isReadableFile(atPath: path) else { throw Self.unreadable(path) }
    do {
      let connection = try Database(settings: ["temp_directory": ""]).connect()
      // A row as one text: whatever columns there are.
      let rows = try connection.query(
        "SELECT CAST(line AS VARCHAR) FROM read_parquet(\(SQL.file(path))) AS line")
      var traces = ByteTraces(texts)
      while let chunk = try rows.nextChunk() {
        for row in 0..<chunk.rowCount {
          traces.take((chunk.column(0).string(row) ?? "").utf8)
          traces.take([UInt8(ascii: "\n")])
        }
      }
      traces.finish()
      return traces.count
    } catch {
      throw Self.opaque(path)
    }
  }

  private static func unreadable(_ path: String) -> OutreachError {
    OutreachError(
      .inputMissing, "\(path) cannot be read, so nobody can say whether it holds the customer.",
      next: "Search it by hand, or give read access and erase again.")
  }

  private static func opaque(_ path: String) -> OutreachError {
    OutreachError(
      .badData, "\(path) cannot be looked into, so nobody can say whether it holds the customer.",
      next: "Delete it if it is not needed, or search it by hand.")
  }
}
