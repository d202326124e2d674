import Foundation
import Yams

/// What `revisit.yaml` says: where every canonical table comes from, and how to read it.
struct Mapping {
  /// How one canonical table is obtained.
  enum Source {
    /// Files whose columns are already canonical; a path relative to the folder, `*` allowed.
    case files(String)
    /// A SELECT over the folder's files.
    case sql(String)
    /// Rows written in place: name and value of each cell, as text.
    case rows([[String: String]])
  }

  var dealerGroup: String?
  var timeZone = "Asia/Shanghai"
  var currency = "CNY"
  /// `nil` when the mapping does not say: UTF-8, or GB18030 where that explains a file much better.
  var encoding: TextEncoding?
  var sources: [String: Source] = [:]
  /// Events that the user wants to predict, by name.
  var targets: [String: TargetDefinition] = [:]

  /// Whether all tables are Parquet files.
  var isParquetOnly: Bool {
    sources.values.allSatisfy { source in
      if case .files(let pattern) = source { pattern.hasSuffix(".parquet") } else { false }
    }
  }

  static let fileName = "revisit.yaml"
  private static let knownKeys = ["dealer_group", "timezone", "currency", "encoding", "tables", "targets"]

  /// Reads the mapping file.
  ///
  /// - Throws: `HistoriesError.badData` naming the file and the entry.
  init(file: URL) throws(HistoriesError) {
    let text: String
    let content: Any?
    do {
      text = try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw HistoriesError(.badData, "\(file.path) cannot be read as UTF-8 text.", next: "Save it as UTF-8.")
    }
    do {
      // Every value stays the text that was written: a store 007 is not the number 7, a day no moment.
      content = try Yams.load(yaml: text, Resolver.basic.appending(.null))
    } catch {
      throw HistoriesError(.badData, "\(file.path) is not valid YAML: \(error)", next: "Mend that line.")
    }
    guard let entries = content as? [String: Any] else {
      throw Self.broken(file, "holds no entries", next: "See `revisit schema --mapping` for an example.")
    }
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      try read(key: key, value: value, file: file)
    }
    if sources.isEmpty { sources = Self.byConvention(folder: file.deletingLastPathComponent()).sources }
  }

  private mutating func read(key: String, value: Any, file: URL) throws(HistoriesError) {
    switch key {
    case "dealer_group": dealerGroup = value as? String
    case "timezone":
      timeZone = "\(value)"
      guard TimeZone(identifier: timeZone) != nil else {
        throw Self.broken(
          file, "names an unknown timezone: \(timeZone)", next: "Use a name such as Asia/Shanghai.")
      }
    case "currency":
      let letters = "\(value)"
      guard letters.count == 3, letters.allSatisfy({ $0.isASCII && $0.isLetter }) else {
        throw Self.broken(
          file, "names an unknown currency: \(letters)", next: "Use three letters (ISO 4217), such as CNY.")
      }
      currency = letters.uppercased()
    case "encoding":
      guard let known = TextEncoding(name: "\(value)") else {
        throw Self.broken(file, "names an unknown encoding: \(value)", next: "Use utf-8 or gb18030.")
      }
      encoding = known
    case "tables":
      guard let tables = value as? [String: Any] else {
        throw Self.broken(
          file, "has `tables` that is not a list of names", next: "Indent the tables below it.")
      }
      for (name, entry) in tables.sorted(by: { $0.key < $1.key }) {
        try readTable(name, entry, file: file)
      }
    case "targets":
      guard let entries = value as? [String: Any] else {
        throw Self.broken(
          file, "has `targets` that is not a list of names", next: "Indent the targets below it.")
      }
      for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
        targets[name] = try TargetDefinition(name: name, entry: entry, file: file)
      }
    case let name where CanonicalTable.named(name) != nil:
      try readTable(name, value, file: file)
    default:
      let known = Self.knownKeys + CanonicalTable.all.map(\.name)
      throw Self.unknown(file, "entry", key, among: known)
    }
  }

  private mutating func readTable(_ name: String, _ entry: Any, file: URL) throws(HistoriesError) {
    guard CanonicalTable.named(name) != nil else {
      throw Self.unknown(file, "table", name, among: CanonicalTable.all.map(\.name))
    }
    if let path = entry as? String {
      sources[name] = .files(path)
    } else if let rows = entry as? [[String: Any]], rows.contains(where: { !$0.isEmpty }) {
      sources[name] = .rows(rows.map { row in row.compactMapValues { $0 as? String } })
    } else if let options = entry as? [String: Any], let sql = options["sql"] as? String, options.count == 1 {
      sources[name] = .sql(sql.trimmingCharacters(in: CharacterSet(charactersIn: "; \n\t")))
    } else if let options = entry as? [String: Any], let path = options["file"] as? String, options.count == 1
    {
      sources[name] = .files(path)
    } else {
      throw Self.broken(
        file, "says nothing usable about table `\(name)`",
        next: "Give a file name, `sql: |` with a SELECT, or rows in place.")
    }
  }

  private static func broken(_ file: URL, _ what: String, next: String) -> HistoriesError {
    HistoriesError(.badData, "\(file.path) \(what).", next: next)
  }

  private static func unknown(
    _ file: URL, _ kind: String, _ name: String, among known: [String]
  ) -> HistoriesError {
    let near = CanonicalTable.nearest(to: name, among: known).map { "Did you mean `\($0)`?" }
    return broken(file, "has an unknown \(kind) `\(name)`", next: near ?? "See `revisit schema`.")
  }

  private init() {}

  /// The mapping of a data folder: its file, or the names of what lies there.
  init(folder: URL) throws(HistoriesError) {
    let file = folder.appendingPathComponent(Self.fileName)
    let isThere = FileManager.default.fileExists(atPath: file.path)
    self = try isThere ? Mapping(file: file) : Self.byConvention(folder: folder)
  }

  /// The mapping of a folder that has no `revisit.yaml`: files named after the tables.
  static func byConvention(folder: URL) -> Mapping {
    var mapping = Mapping()
    for table in CanonicalTable.all {
      for suffix in ["parquet", "csv", "csv.gz", "json"] {
        let name = "\(table.name).\(suffix)"
        if FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) {
          mapping.sources[table.name] = .files(name)
          break
        }
      }
    }
    return mapping
  }
}

/// The encodings that exports come in.
enum TextEncoding: String {
  case utf8 = "UTF-8"
  case gb18030 = "GB18030"

  init?(name: String) {
    switch name.lowercased().replacingOccurrences(of: "_", with: "-") {
    case "utf-8", "utf8": self = .utf8
    case "gb18030", "gbk", "gb2312", "cp936": self = .gb18030
    default: return nil
    }
  }
}
