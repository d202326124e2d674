import ArgumentParser
import ChurnModel
import Features
import Foundation
import ModelRegistry

/// Where models are kept.
struct RegistryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the models.", valueName: "dir"))
  var models = "models"

  var registry: ModelRegistry {
    ModelRegistry(root: URL(fileURLWithPath: models))
  }
}

extension LapseLabel: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }
}

/// A model with the name that people see.
struct NamedModel {
  let name: String
  let model: LogisticModel

  init(name: String, model: LogisticModel) {
    self.name = name
    self.model = model
  }

  /// Loads `NAME` or `NAME@VERSION`.
  init(_ reference: String, from registry: ModelRegistry) throws {
    do {
      let (model, entry) = try registry.load(ModelReference(parsing: reference))
      self.init(name: entry.reference.description, model: model)
    } catch {
      throw Failure.from(error)
    }
  }

  /// The label that the model was trained on.
  var label: LapseLabel {
    model.metadata["label"].flatMap { LapseLabel($0) } ?? .due
  }
}
