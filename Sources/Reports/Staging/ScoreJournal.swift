internal import Foundation

/// What an unfinished run was started with: only a run with all of it the same may go on.
public struct ScoreJournal: Codable, Sendable, Equatable {
  public var schema = "revisit.score-staging/1"
  /// Name and version, and the SHA-256 of what the program reads of it.
  public var model: String
  public var modelSHA256: String
  /// SHA-256 of the table, or of all files of the data folder.
  public var dataSHA256: String
  /// What changes rows or their order, by option.
  public var options: [String: String]
  public var rowsPerPart: Int

  public init(
    model: String, modelSHA256: String, dataSHA256: String, options: [String: String], rowsPerPart: Int
  ) {
    self.model = model
    self.modelSHA256 = modelSHA256
    self.dataSHA256 = dataSHA256
    self.options = options
    self.rowsPerPart = rowsPerPart
  }

  /// In words what is not the same; empty for nothing.
  func differences(from other: ScoreJournal) -> [String] {
    var found: [String] = []
    if schema != other.schema || rowsPerPart != other.rowsPerPart {
      found.append("another version of the program")
    }
    if model != other.model {
      found.append("model \(other.model) instead of \(model)")
    } else if modelSHA256 != other.modelSHA256 {
      found.append("the model \(model) with other contents")
    }
    if dataSHA256 != other.dataSHA256 { found.append("data with other contents") }
    for option in Set(options.keys).union(other.options.keys).sorted()
    where options[option] != other.options[option] {
      found.append(
        "\(option) \(other.options[option] ?? "left out") instead of \(options[option] ?? "left out")")
    }
    return found
  }
}
