internal import Foundation

/// What the files of all kinds of models have in common.
enum ModelFile {
  /// Which kind of model a file holds; a file that does not say holds coefficients.
  enum Kind: String, Codable {
    case coefficients, terms
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
    let known = kind == .terms ? TermModel.formatVersion : LogisticModel.formatVersion
    guard header.formatVersion == known else {
      throw ChurnModelError(
        .otherFormat,
        "the model has format version \(header.formatVersion), this program reads version \(known); "
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
