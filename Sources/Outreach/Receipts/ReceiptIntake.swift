public import ContactQueue
internal import Crypto
internal import Foundation

/// Takes a file of receipts into the queue, and what it tells of customers into the data folder.
///
/// The queue is first and reads the same file any number of times; if the data folder cannot be written, reading the file
/// again makes up for it.
public struct ReceiptIntake {
  public struct Report: Sendable {
    public internal(set) var lines = 0
    public internal(set) var applied = 0
    public internal(set) var already = 0
    /// Kept, and nothing changed: something newer was known.
    public internal(set) var kept = 0
    /// Line numbers.
    public internal(set) var unknown: [Int] = []
    public internal(set) var flaws: [(line: Int, flaw: ReceiptFile.Flaw)] = []
    public internal(set) var blank = 0
    /// Where applied receipts moved their tasks, by the state's word.
    public internal(set) var states: [String: Int] = [:]
    /// `nil` without a data folder.
    public internal(set) var tables: OutreachTables.Report?
    public internal(set) var isGuessedGB18030 = false

    /// Whether every line could be used.
    public var isWhole: Bool { unknown.isEmpty && flaws.isEmpty }

    public var flawLines: [(flaw: ReceiptFile.Flaw, lines: [Int])] {
      ReceiptFile.Flaw.allCases.compactMap { flaw in
        let lines = flaws.filter { $0.flaw == flaw }.map(\.line)
        return lines.isEmpty ? nil : (flaw, lines)
      }
    }
  }

  private let queue: TaskQueue
  private let tables: OutreachTables?
  private let owner: String

  public init(queue: TaskQueue, tables: OutreachTables?, owner: String) {
    (self.queue, self.tables, self.owner) = (queue, tables, owner)
  }

  /// - Parameter path: the file that `file` was read from; a manifest beside it says which queue it came from.
  /// - Throws: `badData` when the receipts belong to another queue; nothing is changed then.
  public func take(_ file: ReceiptFile, from path: String, at now: Moment) throws -> Report {
    let id = try queue.id()
    if let manifest = ExportManifest.beside(path), manifest.queue != id {
      throw OutreachError(
        .badData, "\(path) lies beside an export of another queue (\(manifest.queue)).",
        next: "Name that queue with --queue, or read the file from another folder.")
    }
    var report = Report()
    report.lines = file.lines.count
    report.flaws = file.flaws
    report.blank = file.blank
    report.isGuessedGB18030 = file.isGuessedGB18030
    // Which file it was, without its name, which may say anything.
    let digest = SHA256.hash(data: FileManager.default.contents(atPath: path) ?? Data())
    let source = "file \(Pseudonym(bytes: Array(digest.prefix(Pseudonym.byteCount)))?.text ?? "")"
    let results = try queue.apply(file.lines.map(\.receipt), source: source, at: now)
    for (line, result) in zip(file.lines, results) {
      switch result {
      case .applied(let state):
        report.applied += 1
        report.states[state.rawValue, default: 0] += 1
      case .already: report.already += 1
      case .kept: report.kept += 1
      case .unknownTask: report.unknown.append(line.number)
      }
    }
    guard report.unknown.isEmpty || report.unknown.count < file.lines.count else {
      throw OutreachError(
        .badData, "The queue knows none of the \(file.lines.count) tasks in \(path).",
        next: "Were they exported from another queue? Name it with --queue.")
    }
    try queue.know(
      [KnownFile(path: URL(fileURLWithPath: path).standardizedFileURL.path, kind: KnownFile.receipts)], at: now)
    if let tables {
      let parties = try queue.parties(
        of: file.lines.map(\.receipt.task), reader: owner, at: now)
      report.tables = try tables.add(file.lines, parties: parties)
    }
    return report
  }
}
