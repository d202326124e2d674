internal import Evaluation
public import Foundation
internal import Tables
internal import Temporaries

/// The finished parts of a run of `score`, in a folder beside its output, so that a run that was ended at any
/// moment can go on.
///
/// A part appears whole or not at all (written, flushed, renamed). The journal is written before the first part; the folder
/// goes when the output has its name.
public final class ScoreStaging {
  public let folder: URL
  private let journal: ScoreJournal
  /// Finished parts of an earlier run that was not gone on with: they are gone.
  public private(set) var discardedParts = 0
  private let lock: Int32
  private var parts: [StoredScorePart] = []
  /// Whether what lies in the folder is this run's: not before it is known that no other may go on with it.
  private var isOwn = false

  private static let journalName = "journal.json"

  /// Where the parts of an output are kept.
  public static func folder(of output: String) -> URL { URL(fileURLWithPath: output + ".staging") }

  /// Opens the folder, with what is finished there or empty.
  ///
  /// - Parameter resumes: whether what is there is gone on with; else it is removed.
  /// - Throws: `ReportError` when another run holds the folder, it was started with something else, or cannot be written.
  public init(_ folder: URL, journal: ScoreJournal, resumes: Bool) throws(ReportError) {
    self.folder = folder
    self.journal = journal
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    } catch {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue
      else { throw .cannotWrite(folder.path, errno: errno == 0 ? ENOENT : errno) }
    }
    lock = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw .cannotWrite(folder.path, errno: errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw ReportError(
        .inUse, "\(folder.path) is being written by another run. Wait for its end, or choose another --out.")
    }
    if resumes { try takeUp() } else { try empty() }
    isOwn = true
    try write(Self.encoded(journal), Self.journalName)
  }

  deinit {
    // A run that failed before its first part leaves nothing to go on with.
    if isOwn, parts.isEmpty { remove() }
    close(lock)
  }

  /// Rows that are finished.
  public var rows: Int { parts.reduce(0) { $0 + $1.header.rows } }
  public var count: Int { parts.count }
  /// Whether a part ended before it was full, so that no row follows.
  public var isComplete: Bool { parts.last.map { $0.header.rows < journal.rowsPerPart } ?? false }

  private func takeUp() throws(ReportError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard names.contains(Self.journalName) else {
      // Ended before the journal: there is nothing yet.
      return try empty()
    }
    guard let data = try? Data(contentsOf: folder.appendingPathComponent(Self.journalName)),
      let known = try? JSONDecoder().decode(ScoreJournal.self, from: data)
    else {
      throw ReportError(
        .otherRun, "\(folder.path) holds no journal that can be read. Start anew without --resume.")
    }
    let differences = journal.differences(from: known)
    guard differences.isEmpty else {
      throw ReportError(
        .otherRun,
        "The unfinished run in \(folder.path) was started with \(differences.joined(separator: ", ")). Repeat it with that, or "
          + "start anew without --resume.")
    }
    while let part = StoredScorePart(folder.appendingPathComponent(Self.name(parts.count))) {
      parts.append(part)
      if part.header.rows != journal.rowsPerPart { break }
    }
  }

  private func empty() throws(ReportError) {
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        if name.hasPrefix(Self.partPrefix) { discardedParts += 1 }
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
    } catch {
      throw .cannotWrite(folder.path, errno: EACCES)
    }
  }

  /// Keeps the next part; it is on the disk when this returns.
  public func add(_ part: ScorePart) throws(ReportError) {
    let name = Self.name(parts.count)
    guard let bytes = try? part.bytes() else { throw .cannotWrite(folder.path, errno: EIO) }
    try write(bytes, name)
    guard let stored = StoredScorePart(folder.appendingPathComponent(name)) else {
      throw .cannotWrite(folder.appendingPathComponent(name).path, errno: EIO)
    }
    parts.append(stored)
  }

  /// Removes the folder.
  public func remove() {
    try? FileManager.default.removeItem(at: folder)
  }

  private static let partPrefix = "part-"

  private static func name(_ part: Int) -> String {
    let digits = String(part)
    return partPrefix + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
  }

  private static func encoded(_ journal: ScoreJournal) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(journal) else {
      preconditionFailure("texts and numbers can be encoded")
    }
    return data
  }

  private func write(_ data: Data, _ name: String) throws(ReportError) {
    let path = folder.appendingPathComponent(name).path
    do throws(DurableFile.Failure) {
      try DurableFile.replace(path, with: data, mode: DurableFile.ownersMode)
    } catch {
      throw .cannotWrite(path, errno: error.code)
    }
  }

  // MARK: All parts

  /// The table of all finished parts.
  ///
  /// - Parameters:
  ///   - id: the column that names rows, and whether the file keeps whole numbers there.
  ///   - model: name and version.
  public func table(id: (column: String, isWhole: Bool)?, hasIntervals: Bool, model: String)
    -> StagedScoreTable
  {
    StagedScoreTable(
      scores: scores(hasIntervals: hasIntervals), id: id, model: model, workshop: folder)
  }

  /// All numbers.
  func scores(hasIntervals: Bool) -> StagedScores {
    StagedScores(parts: parts, rowsPerPart: journal.rowsPerPart, hasIntervals: hasIntervals)
  }

  /// Sum of the probabilities.
  public var sum: Double { parts.reduce(0) { $0 + $1.header.sum } }

  /// Rows that miss a feature, and that hold what the model has not seen.
  public func counts(of feature: String) -> (missing: Int, unseen: Int) {
    parts.reduce((0, 0)) {
      ($0.0 + ($1.header.missing[feature] ?? 0), $0.1 + ($1.header.unseen[feature] ?? 0))
    }
  }
}
