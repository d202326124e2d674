internal import Foundation

/// What the files of all kinds of models have in common.
enum ModelFile {
  /// Which kind of model a file holds; a file that does not say holds coefficients.
  enum Kind: String, Codable {
    case coefficients, terms
  }

  /// Versions of the format that this code reads.
  private static let versions = 1...2

  /// The version that a model is written in. Programs that know the first one only would leave calibration and correction
  /// out without a word: a model that has them is written in the second.
  static func version(of link: ProbabilityLink) -> Int {
    link.isLogistic ? versions.lowerBound : versions.upperBound
  }

  private struct Header: Decodable {
    let formatVersion: Int
    let kind: Kind?
  }

  /// The kind of model in a file.
  ///
  /// - Throws: `ChurnModelError` (`otherFormat`, `damagedModel`).
  static func kind(of data: Data) throws(ChurnModelError) -> Kind {
    guard let header = try? JSONDecoder().decode(Header.self, from: data) else {
      throw ChurnModelError(.damagedModel, "this is not a model in JSON: it has no formatVersion")
    }
    let kind = header.kind ?? .coefficients
    guard versions.contains(header.formatVersion) else {
      throw ChurnModelError(
        .otherFormat,
        "the model has format version \(header.formatVersion), this program reads versions "
          + "\(versions.lowerBound) to \(versions.upperBound); "
          + "use the program that wrote it or train the model again")
    }
    return kind
  }

  /// Sorted keys, one newline at the end, every number to its last bit.
  static func encoded(_ model: some Encodable) throws(ChurnModelError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(model) + Data("\n".utf8)
    } catch {
      throw ChurnModelError(
        .damagedModel, "the model cannot be written: it holds a number that is not finite")
    }
  }

  static func decoded<Model: Decodable>(_ type: Model.Type, from data: Data) throws(ChurnModelError) -> Model
  {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as ChurnModelError {
      throw error
    } catch {
      throw ChurnModelError(
        .damagedModel,
        "the model is damaged: its JSON lacks a part or is cut off; train it again or restore the file")
    }
  }
}
