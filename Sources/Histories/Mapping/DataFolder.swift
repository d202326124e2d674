import DuckDB
import Foundation
import Temporaries

/// A data folder as DuckDB will see it: the tables' SQL over files that are readable as UTF-8.
///
/// Where a text file needs transcoding or repair, a private temporary twin of the folder is made (removed when this
/// object goes) in which that file is replaced and every other one is linked.
final class DataFolder {
  let folder: URL
  let mapping: Mapping
  /// The folder that SQL reads: the data folder itself or its twin; absolute, without a slash at the end.
  private(set) var readable: URL
  private var twin: TemporaryFolder?
  /// Files with bytes that no encoding explains.
  private(set) var repairs: [(file: String, outcome: Transcoder.Outcome)] = []
  /// Files that were taken as GB18030 though nothing says so.
  private(set) var guessed: [String] = []
  /// Files that look like tables but are not, with the table they may be meant for.
  private(set) var strangers: [(file: String, nearest: String)] = []

  /// - Throws: `HistoriesError` when the folder is not there, is empty of tables, or its mapping is broken.
  init(_ path: String) throws(HistoriesError) {
    folder = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
    readable = folder
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw HistoriesError(
        .inputMissing, "There is no data folder \(path).",
        next: "Name a folder with customers and visits, or make one with `revisit simulate`.")
    }
    mapping = try Mapping(folder: folder)
    let mappingFile = folder.appendingPathComponent(Mapping.fileName)
    if !FileManager.default.fileExists(atPath: mappingFile.path) { findStrangers() }
    for table in CanonicalTable.all where table.isRequired && mapping.sources[table.name] == nil {
      let meant = strangers.first { $0.nearest == table.name }.map { " (is \($0.file) meant?)" } ?? ""
      throw HistoriesError(
        .inputMissing, "\(folder.path) has no table `\(table.name)`\(meant).",
        next: "Add \(table.name).csv or .parquet, or map it in \(Mapping.fileName).")
    }
    try makeTextReadable()
  }

  /// The folder that DuckDB may spill to.
  private var spill: TemporaryFolder?

  /// A private folder for what does not fit into DuckDB's memory; gone with this object.
  func spillFolder() throws(HistoriesError) -> URL {
    do {
      let folder = try spill ?? TemporaryFolder()
      spill = folder
      return folder.url
    } catch {
      throw HistoriesError(
        .cannotWrite, "No temporary folder can be made.", next: "Set TMPDIR to a writable folder with room.")
    }
  }

  /// The name of a path as the user knows it: relative to the data folder.
  func displayName(_ path: String) -> String {
    for base in [readable.path, folder.path] where path.hasPrefix(base + "/") {
      return String(path.dropFirst(base.count + 1))
    }
    return path
  }

  /// What DuckDB says, with the twin's paths turned back into the user's. Digits in the names of the folder and its files
  /// stay: they are nobody's.
  func message(of error: DuckDBError) -> String {
    let files = allFiles()
    let own = [readable.path, folder.path].flatMap { base in [base] + files.map { "\(base)/\($0)" } }
    return error.description(sparing: own).replacingOccurrences(of: readable.path + "/", with: "")
  }

  /// The readable files that match a relative path with `*`, sorted by name.
  func files(matching pattern: String) -> [URL] {
    let base = readable.path
    return allFiles().filter { fnmatch(pattern, $0, FNM_PATHNAME) == 0 }
      .map { URL(fileURLWithPath: "\(base)/\($0)") }
  }

  /// Relative paths of all files below the folder, sorted; hidden ones left out. A link to a file below the folder is a file;
  /// one that leads out of it is not, since nothing outside may be read.
  private func allFiles() -> [String] {
    let walker = FileManager.default.enumerator(atPath: folder.path)
    var found: [String] = []
    while let path = walker?.nextObject() as? String {
      if path.split(separator: "/").last?.hasPrefix(".") == true {
        walker?.skipDescendants()
        continue
      }
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: "\(folder.path)/\(path)", isDirectory: &isFolder)
      let isBelow = URL(fileURLWithPath: "\(folder.path)/\(path)").resolvingSymlinksInPath().path.hasPrefix(
        folder.path + "/")
      if exists, !isFolder.boolValue, isBelow { found.append(path) }
    }
    return found.sorted()
  }

  private func findStrangers() {
    let names = CanonicalTable.all.map(\.name)
    for file in allFiles() where !file.contains("/") {
      let stem = String(file.prefix { $0 != "." })
      guard [".csv", ".parquet", ".json"].contains(where: file.contains), !names.contains(stem) else {
        continue
      }
      if let nearest = CanonicalTable.nearest(to: stem, among: names) {
        strangers.append((file, nearest))
      }
    }
  }

  private func makeTextReadable() throws(HistoriesError) {
    let files = allFiles()
    let textSuffixes = [".csv", ".txt", ".tsv"]
    for file in files where textSuffixes.contains(where: file.lowercased().hasSuffix) {
      let copy = FileManager.default.temporaryDirectory
        .appendingPathComponent("revisit-\(UUID().uuidString)").appendingPathExtension("txt")
      Temporaries.register(copy.path)
      defer {
        try? FileManager.default.removeItem(at: copy)
        Temporaries.forget(copy.path)
      }
      let source = folder.appendingPathComponent(file)
      let outcome = try makeReadable(source, name: file, copy: copy)
      if outcome.unreadableBytes > 0 { repairs.append((file, outcome)) }
      guard outcome.wroteCopy else { continue }
      do {
        let place = try twinFolder(of: files).appendingPathComponent(file)
        try FileManager.default.removeItem(at: place)
        try FileManager.default.moveItem(at: copy, to: place)
      } catch {
        throw HistoriesError(
          .cannotWrite, "A readable copy of \(file) cannot be written.",
          next: "Set TMPDIR to a folder with room.")
      }
    }
  }

  /// Writes a readable copy of a file where it needs one, by the mapping's encoding or the likeliest one.
  private func makeReadable(_ source: URL, name: String, copy: URL) throws(HistoriesError)
    -> Transcoder.Outcome
  {
    if let encoding = Self.isReceived(name) ? .utf8 : mapping.encoding {
      return try Transcoder.makeReadable(source, encoding: encoding, target: copy)
    }
    let (outcome, encoding) = try Transcoder.makeReadable(source, target: copy)
    if encoding != .utf8 { guessed.append(name) }
    return outcome
  }

  /// The twin folder, made on first need: every file is a link to its original. Only its owner may look into it.
  private func twinFolder(of files: [String]) throws -> URL {
    if let twin { return twin.url }
    let folder = try TemporaryFolder()
    let made = folder.url
    twin = folder
    readable = made
    for file in files {
      let place = made.appendingPathComponent(file)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        at: place, withDestinationURL: self.folder.appendingPathComponent(file))
    }
    return made
  }
}
