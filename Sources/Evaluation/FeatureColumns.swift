public import ChurnModel
import Features

/// The catalogue's features as the columns of a model.
public enum FeatureColumns {
  /// One column a feature, in the catalogue's order; those that are no candidates of a risk model are unused.
  public static let all: [FeatureColumn] = Catalogue.all.map { definition in
    FeatureColumn(name: definition.name, kind: definition.use == .risk ? kind(definition.kind) : .unused)
  }

  private static func kind(_ kind: FeatureKind) -> FeatureColumn.Kind {
    switch kind {
    case .numeric: .numeric
    case .logarithm: .logarithm
    case .flag: .flag
    case .category(let levels): .category(levels: levels.map(\.name))
    }
  }

  /// The model, reading the rows that are computed now: its features are found by their names, so that a model from
  /// before a feature was added still scores, to the same bits.
  ///
  /// - Throws: `EvaluationError` (`otherFeatures`) naming what the model needs and the catalogue no longer has, or has
  ///   with another meaning.
  public static func bind(_ model: AnyModel) throws(EvaluationError) -> AnyModel {
    do {
      return try model.bound(to: all)
    } catch {
      throw EvaluationError(
        .otherFeatures, "\(error.message). Train it again with `revisit train`.")
    }
  }
}
