import Histories

/// The catalogue: every feature with what it means, in the order of the columns.
public enum Catalogue {
  public static let all: [FeatureDefinition] =
    [
      recency, frequency, money, mix, vehicle, work, place, service, satisfaction, complaints,
      bookings, surroundings, answers, contact, records, context, potential,
    ]
    .flatMap { $0 }.sorted { $0.feature.rawValue < $1.feature.rawValue }

  public static func definition(of feature: Feature) -> FeatureDefinition {
    all[feature.rawValue]
  }

  /// The definition with this name in files.
  public static func definition(named name: String) -> FeatureDefinition? {
    all.first { $0.name == name }
  }

  /// Describes the columns in one text; a model keeps it to know that rows mean what they meant when it was fitted.
  public static let signature: String = all.map { "\($0.number):\($0.name)" }.joined(separator: ",")

  /// A definition, written short.
  static func entry(
    _ feature: Feature, _ number: Int, _ group: FeatureGroup, _ unit: FeatureUnit, _ kind: FeatureKind,
    _ direction: Direction, _ topic: ReasonTopic, _ label: (String, String), _ definition: (String, String),
    use: FeatureUse = .risk, reason: (String, String)? = nil
  ) -> FeatureDefinition {
    FeatureDefinition(
      feature: feature, number: number, group: group, unit: unit, kind: kind, direction: direction, use: use,
      definition: Bilingual(definition.0, definition.1), label: Bilingual(label.0, label.1), topic: topic,
      reason: reason.map { Bilingual($0.0, $0.1) })
  }
}
