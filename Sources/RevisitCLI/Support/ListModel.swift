import Foundation
import ModelRegistry

/// The model that a list was made by, as far as anything says so.
struct ListModel {
  let name: String
  let sha256: String
  /// What says so: a file, or `--model`.
  let source: String

  /// - Parameters:
  ///   - reference: of `--model`; it goes before what lies beside the list.
  ///   - fingerprint: SHA-256 of the list.
  /// - Returns: `nil` where nobody says; `notice` then says why and what to do.
  static func find(
    list: String, fingerprint: String, reference: String?, registry: ModelRegistry
  ) throws -> (model: ListModel?, notice: String?) {
    if let reference {
      let named = try NamedModel(reference, from: registry)
      return (ListModel(name: named.name, sha256: try named.digest(), source: "--model"), nil)
    }
    let path = ScoreRunRecord.path(for: list)
    guard let data = FileManager.default.contents(atPath: path) else {
      return (
        nil,
        "The model of \(list) is not known: there is no \(path). Name it with --model to keep it with the run."
      )
    }
    guard let record = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      record["schema"] as? String == ScoreRunRecord.schema, let model = record["model"] as? [String: Any],
      let name = model["name"] as? String, let digest = model["sha256"] as? String
    else {
      return (nil, "The model of \(list) is not known: \(path) is no record of a run. Name it with --model.")
    }
    guard (record["out"] as? [String: Any])?["sha256"] as? String == fingerprint else {
      return (
        nil,
        "The model of \(list) is not known: \(path) is about other contents than the list has now. Name it with --model."
      )
    }
    return (ListModel(name: name, sha256: digest, source: path), nil)
  }

  var json: [String: Any] { ["name": name, "sha256": sha256, "from": source] }
}
