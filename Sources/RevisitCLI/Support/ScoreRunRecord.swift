import Foundation
import ModelRegistry
import Reports

/// What one run of `score` did, beside its output: which model and data, how many rows, what was missing, and how long.
struct ScoreRunRecord {
  static let schema = "revisit.score-run/1"
  private static let ending = ".run.json"

  /// The record's file for an output.
  static func path(for output: String) -> String { output + ending }

  private(set) var object: [String: Any]
  private let begin: Begin

  /// When a run began, by the calendar and by a clock that nobody sets.
  struct Begin {
    let date = Date()
    let instant = ContinuousClock.now
  }

  /// - Parameters:
  ///   - data: the files that were scored, as the user named them together.
  ///   - options: what changes the output.
  ///   - begin: when the run began.
  init(
    _ named: NamedModel, modelSHA256: String, data: String, _ digest: FileDigest, options: [String: String],
    begin: Begin
  ) {
    self.init(
      model: named.name, modelSHA256: modelSHA256,
      data: ["path": data, "bytes": digest.bytes, "sha256": digest.sha256], options: options,
      begin: begin)
  }

  /// - Parameters:
  ///   - data: what the rows were made of; without a `sha256` where nobody waits for one.
  ///   - begin: when the run began.
  init(
    model: String, modelSHA256: String, data: [String: Any], options: [String: String], begin: Begin
  ) {
    self.begin = begin
    object = [
      "schema": Self.schema, "model": ["name": model, "sha256": modelSHA256], "data": data,
      "options": options,
    ]
  }

  /// Adds what came of the run, and writes the record; it appears whole or not at all.
  mutating func finish(_ members: [String: Any], output: String, stages: Stages) throws {
    object.merge(members) { $1 }
    let (whole, atto) = (ContinuousClock.now - begin.instant).components
    var seconds = stages.timings
    seconds["all"] = Double(whole) + Double(atto) / 1e18
    object["seconds"] = seconds
    let format = ISO8601DateFormatter()
    object["started_at"] = format.string(from: begin.date)
    object["finished_at"] = format.string(from: Date())
    let digest = try FileDigest(of: [URL(fileURLWithPath: output)])
    object["out"] = ["path": output, "bytes": digest.bytes, "sha256": digest.sha256] as [String: Any]
    try OutputFile(path: Self.path(for: output)).write(Output.text(object) + "\n")
  }
}
