import Foundation
import ModelRegistry
import Reports
import Temporaries

/// One run of `score`: what it was started with, its finished parts beside the output, and at its end the record of it.
final class ScoreRun {
  /// The finished parts.
  let staging: ScoreStaging
  let rowsPerPart: Int
  /// Rows that an earlier run had finished.
  let resumedRows: Int
  private let out: String
  private let stages: Stages
  private var record: ScoreRunRecord

  /// Takes a fingerprint of the input and opens the folder of finished parts.
  ///
  /// - Parameters:
  ///   - command: what the user asked for.
  ///   - source: the input as the user named it.
  ///   - files: what the input consists of; the output must be none of them.
  ///   - rowsPerPart: unless the command says so.
  ///   - begin: when the run began.
  /// - Throws: what is wrong with output, input or folder; nothing is written then.
  init(
    _ command: Score, _ named: NamedModel, source: String, files: [String], rowsPerPart: Int,
    begin: ScoreRunRecord.Begin, _ stages: Stages
  ) throws {
    out = command.out
    self.stages = stages
    self.rowsPerPart = command.partRows ?? rowsPerPart
    if !command.writesToStandardOutput { _ = try OutputFile(path: out, protecting: files) }
    let folder = Self.folder(of: command)
    let digest = try stages.run(
      "Fingerprint of \(source)", key: "fingerprint",
      { progress in
        // An output below the data must not change what --resume compares.
        let own = folder.standardizedFileURL.path + "/"
        let input = files.sorted().map { URL(fileURLWithPath: $0) }.filter {
          Self.isFile($0) && !$0.standardizedFileURL.path.hasPrefix(own)
        }
        return try FileDigest(of: input) { progress.note("\(Shown.count($0)) bytes") }
      })
    let modelDigest = try named.digest()
    let options = command.options
    record = ScoreRunRecord(
      named, modelSHA256: modelDigest, data: source, digest, options: options, begin: begin)
    staging = try ScoreStaging(
      folder,
      journal: ScoreJournal(
        model: named.name, modelSHA256: modelDigest, dataSHA256: digest.sha256, options: options,
        rowsPerPart: self.rowsPerPart),
      resumes: command.resume)
    resumedRows = staging.rows
    if command.resume {
      stages.note(
        resumedRows > 0
          ? "\(Shown.count(resumedRows)) rows were finished before; going on after them."
          : "No finished rows were found in \(folder.path); starting at the first.")
    } else if staging.discardedParts > 0 {
      stages.note(
        "An unfinished run in \(folder.path) is started anew; --resume would have gone on with it.")
    }
  }

  private static func isFile(_ file: URL) -> Bool {
    let values = try? file.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey])
    return values?.isRegularFile == true
  }

  /// Where parts are kept: beside the output; for standard output in the folder of temporary files, from where it also
  /// goes at a signal.
  static func folder(of command: Score) -> URL {
    guard command.writesToStandardOutput else { return ScoreStaging.folder(of: command.out) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "revisit-scores-\(ProcessInfo.processInfo.processIdentifier)")
    Temporaries.register(folder.path)
    return folder
  }

  /// Writes the record beside the output, and removes the parts.
  ///
  /// - Parameter members: what came of the run.
  func finish(_ members: [String: Any]) throws {
    if out != OutputFormat.standardOutput {
      try record.finish(
        members.merging(["resumed_rows": resumedRows, "parts": staging.count]) { $1 }, output: out,
        stages: stages)
    }
    staging.remove()
  }
}
