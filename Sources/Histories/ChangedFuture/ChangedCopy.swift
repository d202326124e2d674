import DuckDB
import Foundation
import Temporaries

/// A private copy of a data folder in which everything that happened, or became known, after a date is different.
///
/// Whatever is computed as of that date must be the same from the copy as from the original. The original is only read.
/// What has no date (customers, vehicles, schedules, stores) stays as it is. The copy goes with this object.
public final class ChangedCopy {
  /// What was done to how many rows of a table.
  public struct Change: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      /// Rows of later are gone.
      case deleted
      /// Rows of later stand at another, still later day, with other values.
      case moved
      /// Rows of later hold other values.
      case changed
      /// New rows of later.
      case added
      /// New rows dated earlier that became known later, and other values in such rows.
      case recordedLate = "recorded_late"
      /// What ends, closes or turns out later does so otherwise.
      case endings

      public var label: Bilingual {
        switch self {
        case .deleted: Bilingual("deleted", "删除")
        case .moved: Bilingual("moved", "移动")
        case .changed: Bilingual("changed", "修改")
        case .added: Bilingual("added", "新增")
        case .recordedLate: Bilingual("recorded late", "迟录")
        case .endings: Bilingual("endings", "结束")
        }
      }
    }

    public let table: String
    public let kind: Kind
    public let rows: Int
  }

  private let copy: TemporaryFolder
  /// The copy: a folder with one Parquet file a table.
  public var path: String { copy.url.path }
  /// In the order of the tables; kinds that met no row are left out.
  public let changes: [Change]

  /// Copies and changes.
  ///
  /// - Parameters:
  ///   - source: a data folder, mapped or not.
  ///   - asOf: nothing that was known at the end of this day is touched.
  /// - Throws: `HistoriesError`.
  /// - Complexity: a few passes over every table; DuckDB spills what exceeds its memory.
  public init(
    of source: String, asOf: Day, options: Histories.LoadOptions = Histories.LoadOptions()
  ) throws(HistoriesError) {
    let folder = try DataFolder(source)
    do {
      copy = try TemporaryFolder()
    } catch {
      throw HistoriesError(
        .cannotWrite, "No temporary folder can be made.", next: "Set TMPDIR to a writable folder with room.")
    }
    let connection = try Self.open(folder, target: copy.url, options)
    let tables = try Self.take(folder, connection)
    do {
      var editor = FutureEditor(connection: connection, asOf: asOf, columns: tables)
      try editor.run()
      changes = editor.changes
      for table in CanonicalTable.all where tables[table.name] != nil {
        let file = SQLPaths.quoted("\(copy.url.path)/\(table.name).parquet")
        try connection.execute("COPY \(table.name) TO \(file) (FORMAT parquet)")
      }
    } catch {
      throw HistoriesError(
        .cannotWrite, "The changed copy of \(source) cannot be made: \(folder.message(of: error))",
        next: "Set TMPDIR to a folder with room.")
    }
    // The tables are found by their names; what is left to say is the size of a minor unit of money.
    do {
      try Data("currency: \(folder.mapping.currency)\n".utf8).write(
        to: copy.url.appendingPathComponent(Mapping.fileName))
    } catch {
      throw HistoriesError(
        .cannotWrite, "The changed copy of \(source) cannot be written.",
        next: "Set TMPDIR to a folder with room.")
    }
  }

  /// A DuckDB that reads below the data folder and writes below the copy.
  private static func open(
    _ folder: DataFolder, target: URL, _ options: Histories.LoadOptions
  ) throws(HistoriesError) -> Connection {
    let spill = try folder.spillFolder()
    do {
      let database = try Database(settings: [
        "threads": String(options.threads), "memory_limit": options.engineMemory,
        "temp_directory": spill.path,
      ])
      let connection = try database.connect()
      let allowed = [folder.readable, folder.folder, target].map { SQLPaths.quoted($0.path + "/") }
      try connection.execute(
        """
        SET TimeZone = \(SQLPaths.quoted(folder.mapping.timeZone));
        SET allowed_directories = [\(allowed.joined(separator: ", "))];
        SET enable_external_access = false;
        SET lock_configuration = true;
        """)
      return connection
    } catch {
      let isMissing = error.code == .libraryNotFound || error.code == .libraryUnusable
      throw HistoriesError(
        isMissing ? .engineMissing : .badData, error.description,
        next: isMissing ? "`revisit doctor` shows what is installed." : "")
    }
  }

  /// Makes a table of every canonical table that is there, in the canonical types.
  ///
  /// - Returns: the columns of each.
  private static func take(
    _ folder: DataFolder, _ connection: Connection
  ) throws(HistoriesError) -> [String: [CanonicalColumn]] {
    var tables: [String: [CanonicalColumn]] = [:]
    for table in CanonicalTable.all {
      var columns: Set<String> = []
      for part in DataFolder.Part.allCases {
        let reader = try TableReader(
          table.name, columns: table.columns.map(\.name), folder: folder, connection: connection, part: part)
        guard let reader else { continue }
        do {
          try connection.execute(
            columns.isEmpty
              ? "CREATE TABLE \(table.name) AS \(reader.canonicalSQL)"
              : """
              CREATE OR REPLACE TABLE \(table.name) AS
                SELECT * FROM \(table.name) UNION ALL BY NAME (\(reader.canonicalSQL))
              """)
        } catch {
          throw HistoriesError(
            .badData, "\(reader.sourceName): \(folder.message(of: error))", next: "Try `revisit check`.")
        }
        columns.formUnion(table.columns.map(\.name).filter(reader.has))
      }
      if !columns.isEmpty { tables[table.name] = table.columns.filter { columns.contains($0.name) } }
    }
    return tables
  }
}
