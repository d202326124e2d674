public import ChurnModel
import Features

/// The catalogue's features as the columns of a model.
public enum FeatureColumns {
  public static let all: [FeatureColumn] = Catalogue.all.map { definition in
    let kind: FeatureColumn.Kind =
      switch definition.kind {
      case .numeric: .numeric
      case .logarithm: .logarithm
      case .flag: .flag
      case .category(let levels): .category(levels: levels.map(\.name))
      }
    return FeatureColumn(name: definition.name, kind: kind)
  }

  /// Names of the features that never enter a risk model.
  public static let notForRisk = Set(Catalogue.all.filter { $0.use != .risk }.map(\.name))
}
