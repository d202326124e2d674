public import Foundation

extension LogisticModel {
  /// The model as readable JSON: sorted keys, one newline at the end, every number to its last bit.
  ///
  /// - Throws: `ChurnModelError` (`damagedModel`) when a number is not finite.
  public func json() throws(ChurnModelError) -> Data {
    try ModelFile.encoded(self)
  }

  /// Reads what `json()` wrote.
  ///
  /// - Throws: `ChurnModelError` (`otherFormat`, `damagedModel`).
  public init(json data: Data) throws(ChurnModelError) {
    guard try ModelFile.kind(of: data) == .coefficients else {
      throw ChurnModelError(.otherFormat, "this is a model of terms, where one with coefficients is needed")
    }
    self = try ModelFile.decoded(LogisticModel.self, from: data)
  }
}

extension LogisticModel: Codable {
  private enum CodingKeys: String, CodingKey {
    case formatVersion, features, columns, intercept, penalty, training, droppedFeatures, metadata,
      probability
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let features = try container.decode([FeatureColumn].self, forKey: .features)
    let stored = try container.decode([StoredColumn].self, forKey: .columns)
    try self.init(
      features: features, columns: try stored.map { try $0.column(features) },
      intercept: try container.decode(Double.self, forKey: .intercept),
      penalty: try container.decode(Double.self, forKey: .penalty),
      training: try container.decode(TrainingSummary.self, forKey: .training),
      dropped: try container.decode([DroppedFeature].self, forKey: .droppedFeatures),
      metadata: try container.decode([String: String].self, forKey: .metadata))
    link = try container.decodeIfPresent(ProbabilityLink.self, forKey: .probability) ?? .logistic
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(ModelFile.version(of: link), forKey: .formatVersion)
    try container.encode(features, forKey: .features)
    try container.encode(columns.map { StoredColumn($0, features) }, forKey: .columns)
    try container.encode(intercept, forKey: .intercept)
    try container.encode(penalty, forKey: .penalty)
    try container.encode(training, forKey: .training)
    try container.encode(droppedFeatures, forKey: .droppedFeatures)
    try container.encode(metadata, forKey: .metadata)
    if link != .logistic { try container.encode(link, forKey: .probability) }
  }
}

/// A design column as it stands in JSON: features and levels by name.
private struct StoredColumn: Codable {
  enum Transform: String, Codable {
    case linear, logarithm, missing, level, otherLevels
  }

  var name: String
  var feature: String
  var transform: Transform
  var levels: [String]?
  var lower: Double?
  var upper: Double?
  var fill: Double?
  var mean: Double
  var scale: Double
  var coefficient: Double

  init(_ column: DesignColumn, _ features: [FeatureColumn]) {
    let feature = features[column.feature]
    name = column.name
    self.feature = feature.name
    mean = column.mean
    scale = column.scale
    coefficient = column.coefficient
    switch column.term {
    case .value(let lower, let upper, let fill):
      transform = feature.kind == .logarithm ? .logarithm : .linear
      (self.lower, self.upper, self.fill) = (lower, upper, fill)
    case .missing: transform = .missing
    case .level: transform = .level
    case .otherLevels: transform = .otherLevels
    }
    if case .category(let names) = feature.kind, transform != .missing {
      levels = column.term.levels.map { names[$0] }
    }
  }

  func column(_ features: [FeatureColumn]) throws(ChurnModelError) -> DesignColumn {
    guard let index = features.firstIndex(where: { $0.name == feature }) else {
      throw damaged("belongs to the feature \(feature), which is not listed")
    }
    return DesignColumn(
      name: name, feature: index, term: try term(features[index]), mean: mean, scale: scale,
      coefficient: coefficient)
  }

  private func term(_ feature: FeatureColumn) throws(ChurnModelError) -> DesignColumn.Term {
    switch transform {
    case .missing: return .missing
    case .linear, .logarithm:
      guard let fill, (transform == .logarithm) == (feature.kind == .logarithm) else {
        throw damaged("lacks its fill or has another transform than its feature")
      }
      return .value(lower: lower, upper: upper, fill: fill)
    case .level, .otherLevels:
      guard case .category(let names) = feature.kind, let levels else { throw damaged("has no levels") }
      var indices: [Int] = []
      for level in levels {
        guard let index = names.firstIndex(of: level) else { throw damaged("has an unknown level") }
        indices.append(index)
      }
      if transform == .otherLevels { return .otherLevels(indices) }
      guard let only = indices.first, indices.count == 1 else { throw damaged("must have one level") }
      return .level(only)
    }
  }

  private func damaged(_ problem: String) -> ChurnModelError {
    ChurnModelError(
      .damagedModel, "the model is damaged: column \(name) \(problem); train it again or restore the file")
  }
}
