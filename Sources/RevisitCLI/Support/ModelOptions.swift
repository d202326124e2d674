import ArgumentParser
import ChurnModel
import Evaluation
import Features
import Foundation
import Histories
import ModelRegistry

/// Where models are kept.
struct RegistryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the models.", valueName: "dir"))
  var models = "models"

  var registry: ModelRegistry {
    ModelRegistry(root: URL(fileURLWithPath: models))
  }
}

/// A model with the name that people see.
struct NamedModel {
  let name: String
  let model: AnyModel
  /// What the model remembers of the table that it was trained on; nil when that was a data folder.
  let table: TableSchema?
  /// Where it is kept.
  private let entry: ModelRegistry.Entry
  private let registry: ModelRegistry

  /// Loads `NAME` or `NAME@VERSION`, to read the features of this program unless it was trained on a table.
  init(_ reference: String, from registry: ModelRegistry) throws {
    do {
      let (stored, entry) = try registry.load(ModelReference(parsing: reference))
      name = entry.reference.description
      model = try Self.bound(stored)
      table = TableSchema(stored)
      (self.entry, self.registry) = (entry, registry)
    } catch {
      throw Failure.from(error)
    }
  }

  /// SHA-256 of the file that holds the model.
  func digest() throws -> String { try FileDigest(of: [entry.modelFile]).sha256 }

  /// How the model's margins become probabilities, and whether it has intervals.
  var probability: ProbabilityReport {
    ProbabilityReport(link: model.link, hasIntervals: entry.hasCovariance)
  }

  /// Scores with intervals.
  ///
  /// - Parameter confidence: between 0 and 1.
  /// - Throws: `Failure` for a model that was trained without, or whose covariance is damaged.
  func intervals(confidence: Double) throws -> IntervalScorer {
    do {
      guard let covariance = try registry.covariance(of: entry) else {
        throw Failure(
          .badData,
          "The model \(name) was trained without --intervals, so the uncertainty of its probabilities is not known. Train it "
            + "again with --intervals, or leave --interval out.")
      }
      return try IntervalScorer(model, covariance: covariance, confidence: confidence)
    } catch {
      throw Failure.from(error)
    }
  }

  private static func bound(_ model: AnyModel) throws -> AnyModel {
    TableSchema(model) == nil ? try FeatureColumns.bind(model) : model
  }

  /// The model, when it knows histories.
  ///
  /// - Throws: `Failure` for a model that was trained on a table.
  func onHistories() throws -> AnyModel {
    guard table == nil else {
      throw Failure(
        .badData,
        "The model \(name) was trained on a table, not on a data folder. Give it a table with --table "
          + "(`revisit score` and `revisit evaluate` take one), or choose another model.")
    }
    return model
  }

  /// The label that the model was trained on.
  var label: LabelChoice {
    model.metadata["label"].flatMap { LabelChoice(argument: $0) } ?? .rule(.due)
  }

  /// The model's label in these histories, which must declare a target as they did when the model was trained.
  func label(in histories: Histories) throws -> LapseLabel {
    let label = try label.label(in: histories)
    if case .target(let target) = label, let trained = model.metadata[Self.targetKey],
      trained != target.summary
    {
      throw Failure(
        .badData,
        "The model \(name) was trained with another declaration of \(label) (\(trained)). Train it again.")
    }
    return label
  }

  /// Where a model keeps the declaration of its target.
  static let targetKey = "target"
}
