public import ContactQueue
internal import Foundation

/// Takes tasks out of a queue onto paper, step by step, so that nothing is lost wherever it is interrupted: the queue
/// keeps the number and the lines before a file is written, and the same files can be written again.
public struct Exporter {
  public struct Written {
    public let manifest: ExportManifest
    public let paper: ExportPaper
    public let folder: String
    /// Whether the folder held the same files before.
    public let wasThere: Bool
  }

  private let queue: TaskQueue
  private let parent: String
  private let options: ExportOptions
  private let owner: String

  /// - Parameters:
  ///   - parent: the folder in which each export gets one of its own.
  ///   - owner: who takes the tasks out, for the log of accesses.
  public init(queue: TaskQueue, parent: String, options: ExportOptions, owner: String) {
    (self.queue, self.parent, self.options, self.owner) = (queue, parent, options, owner)
  }

  /// An export that was begun before.
  ///
  /// - Throws: `QueueError` with `notFound`.
  public func known(_ number: Int64) throws(QueueError) -> ExportRecord {
    guard let record = try queue.exports().first(where: { $0.number == number }) else {
      throw QueueError(
        .notFound, "The queue has no export \(number).", next: "`revisit outreach export --list` shows them.")
    }
    return record
  }

  /// Chooses the tasks and marks them as sent; nothing is chosen when the folder that they will go to cannot be made.
  public func begin(
    _ request: ExportRequest, gates: GateMaker, at now: Moment
  ) throws -> ExportRecord {
    let number = 1 + (try queue.exports().map(\.number).max() ?? 0)
    let name = ExportPaper.stem(campaign: request.campaign, channel: request.channel, number: number)
    try ExportFolder.check(name: name, into: parent)
    return try queue.beginExport(request, gates: gates, at: now)
  }

  /// Writes the files of an export, keeps their hashes, and tells the queue of tasks that no file can hold.
  ///
  /// - Throws: `OutreachError`, `QueueError`.
  public func write(_ record: ExportRecord, at now: Moment) throws -> Written {
    let name = ExportPaper.stem(campaign: record.campaign, channel: record.channel, number: record.number)
    let tasks = try queue.exportedTasks(record.number, reader: owner, at: now)
    let paper = try ExportPaper(
      tasks, channel: record.channel, stem: name, createdAt: record.createdAt, options: options)
    // An erasure is the one reason for which an export is ever written otherwise.
    let isRedacted = tasks.contains { $0.contact.isErased }
    if !isRedacted, let files = record.files, files != paper.files.map(\.record) {
      throw OutreachError(
        .badData, "Export \(record.number) was written otherwise the first time; an export never changes.",
        next: "Give the same format, encoding, language, template, sender and address as then.")
    }
    let manifest = ExportManifest(
      queue: try queue.id(), number: record.number, channel: record.channel, campaign: record.campaign,
      owner: record.owner, createdAt: record.createdAt, paper: paper)
    let written = try ExportFolder.write(paper, manifest: manifest, name: name, into: parent)
    if !paper.flaws.isEmpty {
      _ = try queue.apply(
        paper.flaws.map {
          Receipt(task: $0.task, outcome: .failed, reason: $0.flaw.reason, at: record.createdAt)
        }, source: "export \(record.number)", at: now)
    }
    try queue.recordFiles(manifest.files, of: record.number, replacing: isRedacted, at: now)
    let place = URL(fileURLWithPath: parent).appendingPathComponent(name)
    try queue.know(
      manifest.files.map {
        KnownFile(
          path: place.appendingPathComponent($0.name).standardizedFileURL.path, kind: KnownFile.export)
      }, at: now)
    return Written(
      manifest: manifest, paper: paper,
      folder: URL(fileURLWithPath: parent).appendingPathComponent(name).relativePath,
      wasThere: written == .alreadyThere)
  }
}
