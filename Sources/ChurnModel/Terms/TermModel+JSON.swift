public import Foundation

extension TermModel {
  /// The model as readable JSON: sorted keys, one newline at the end, every number to its last bit.
  ///
  /// - Throws: `ChurnModelError` (`damagedModel`) when a number is not finite.
  public func json() throws(ChurnModelError) -> Data {
    try ModelFile.encoded(self)
  }
}

extension TermModel: Codable {
  private enum CodingKeys: String, CodingKey {
    case formatVersion, kind, features, intercept, terms, training, droppedFeatures, metadata, probability
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let features = try container.decode([FeatureColumn].self, forKey: .features)
    let stored = try container.decode([StoredTerm].self, forKey: .terms)
    try self.init(
      features: features, intercept: try container.decode(Double.self, forKey: .intercept),
      terms: try stored.map { try $0.term(features) },
      training: try container.decode(TrainingSummary.self, forKey: .training),
      dropped: try container.decode([DroppedFeature].self, forKey: .droppedFeatures),
      metadata: try container.decode([String: String].self, forKey: .metadata))
    link = try container.decodeIfPresent(ProbabilityLink.self, forKey: .probability) ?? .logistic
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(ModelFile.version(of: link), forKey: .formatVersion)
    try container.encode(ModelFile.Kind.terms, forKey: .kind)
    try container.encode(features, forKey: .features)
    try container.encode(intercept, forKey: .intercept)
    try container.encode(terms.map { StoredTerm($0, features) }, forKey: .terms)
    try container.encode(training, forKey: .training)
    try container.encode(droppedFeatures, forKey: .droppedFeatures)
    try container.encode(metadata, forKey: .metadata)
    if link != .logistic { try container.encode(link, forKey: .probability) }
  }
}

/// A term as it stands in JSON: features and levels by name.
private struct StoredTerm: Codable {
  /// The nodes of one feature.
  struct Scale: Codable {
    var feature: String
    var knots: [Double]?
    /// Whether values stand between two knots by sign(x)·log(1 + |x|); only kept when true.
    var isLogarithmic: Bool?
    /// The borders of bins, and the range of usual values.
    var edges: BinEdges?
    var range: [Double]?
    /// The levels of each node, by name.
    var levels: [[String]]?
    /// The node of levels that were pooled or never seen.
    var pool: Int?
    var missing: Bool
  }

  var name: String
  var scales: [Scale]
  var values: [Double]
  var errors: [Double]
  var effectiveParameters: Double
  var importance: Double

  init(_ term: TermModel.Term, _ features: [FeatureColumn]) {
    name = term.name
    values = term.values
    errors = term.errors
    effectiveParameters = term.effectiveParameters
    importance = term.importance
    scales = zip(term.features, term.scales).map { index, scale in
      let feature = features[index]
      var stored = Scale(feature: feature.name, missing: scale.hasMissing)
      switch scale.nodes {
      case .knots(let knots):
        stored.knots = knots
        if scale.isLogarithmic { stored.isLogarithmic = true }
      case .steps(let edges, let range):
        stored.edges = edges
        stored.range = [range.lowerBound, range.upperBound]
      case .levels(let groups, let pool):
        stored.pool = pool
        if case .category(let names) = feature.kind { stored.levels = groups.map { $0.map { names[$0] } } }
      }
      return stored
    }
  }

  func term(_ features: [FeatureColumn]) throws(ChurnModelError) -> TermModel.Term {
    var indices: [Int] = []
    var found: [TermScale] = []
    for scale in scales {
      guard let index = features.firstIndex(where: { $0.name == scale.feature }) else {
        throw damaged("reads a feature that is not there")
      }
      indices.append(index)
      if let knots = scale.knots {
        found.append(
          TermScale(
            nodes: .knots(knots), hasMissing: scale.missing, isLogarithmic: scale.isLogarithmic ?? false))
        continue
      }
      if let edges = scale.edges {
        guard let range = scale.range, range.count == 2, range[0] <= range[1] else {
          throw damaged("has bins without a range")
        }
        found.append(
          TermScale(nodes: .steps(edges, range: range[0]...range[1]), hasMissing: scale.missing))
        continue
      }
      guard let levels = scale.levels, case .category(let names) = features[index].kind else {
        throw damaged("has neither knots nor bins nor levels")
      }
      let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
      var groups: [[Int]] = []
      for group in levels {
        let own = group.compactMap { places[$0] }
        guard own.count == group.count else { throw damaged("has an unknown level") }
        groups.append(own)
      }
      found.append(TermScale(nodes: .levels(groups, pool: scale.pool), hasMissing: scale.missing))
    }
    return TermModel.Term(
      name: name, features: indices, scales: found, values: values, errors: errors,
      effectiveParameters: effectiveParameters, importance: importance)
  }

  private func damaged(_ problem: String) -> ChurnModelError {
    ChurnModelError(
      .damagedModel, "the model is damaged: term \(name) \(problem); train it again or restore the file")
  }
}
