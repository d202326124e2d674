/// A logistic regression on named terms: the margin of a row is the intercept plus one number a term, which can be read
/// off a curve of one feature or a map of two.
public struct TermModel: Sendable {
  /// What each raw column means, in the order in which rows must be given.
  public let features: [FeatureColumn]
  /// Log-odds of a row on which every term is 0.
  public let intercept: Double
  public let terms: [Term]
  /// About the training data and the fit.
  public let training: TrainingSummary
  /// Features that the model does without, and why.
  public let droppedFeatures: [DroppedFeature]
  /// Whatever else is to be kept.
  public var metadata: [String: String]
  /// How margins become probabilities.
  public var link = ProbabilityLink.logistic

  /// A function of one feature, or of two.
  public struct Term: Sendable, Equatable {
    /// The feature's name, or both with a × between.
    public let name: String
    /// Indices of its one or two features.
    public let features: [Int]
    /// The nodes of each feature.
    public let scales: [TermScale]
    /// Additions to the margin at the nodes, or at the cells of the grid of both features' nodes (row-major, the first
    /// feature's nodes as rows). A scale's last node is worth 0.
    public let values: [Double]
    /// Standard errors of `values` given the penalties, on the posterior of Wood 2017, section 6.10.
    public let errors: [Double]
    /// Parameters that the penalties leave of the term's directions.
    public let effectiveParameters: Double
    /// Weighted mean distance of the term's additions from their mean, over the training rows.
    public let importance: Double
  }

  init(
    features: [FeatureColumn], intercept: Double, terms: [Term], training: TrainingSummary,
    dropped: [DroppedFeature], metadata: [String: String]
  ) throws(ChurnModelError) {
    self.features = features
    self.intercept = intercept
    self.terms = terms
    self.training = training
    self.droppedFeatures = dropped
    self.metadata = metadata
    try check()
  }

  private func check() throws(ChurnModelError) {
    func require(_ holds: Bool, _ problem: String) throws(ChurnModelError) {
      guard holds else {
        throw ChurnModelError(
          .damagedModel, "the model is damaged: \(problem); train it again or restore the file")
      }
    }
    try TrainingData.checkNames(features)
    try require(intercept.isFinite, "its intercept is not a finite number")
    for term in terms {
      try require(
        (1...2).contains(term.features.count) && term.features.count == term.scales.count
          && term.features.allSatisfy(features.indices.contains),
        "term \(term.name) belongs to no feature")
      let cells = term.scales.reduce(1) { $0 * $1.count }
      try require(
        term.values.count == cells && term.errors.count == cells, "term \(term.name) lacks values")
      try require(
        term.values.allSatisfy(\.isFinite) && term.errors.allSatisfy(\.isFinite),
        "term \(term.name) has a value that is not finite")
      try require(
        term.scales.count == 1 || !term.scales.contains(where: \.isLong),
        "pair \(term.name) has too many levels")
      for (feature, scale) in zip(term.features, term.scales) {
        try require(scale.fits(features[feature].kind), "term \(term.name) reads its feature in another way")
      }
    }
  }
}

extension TermScale {
  /// Whether the nodes are such as a feature of this kind can have.
  fileprivate func fits(_ kind: FeatureColumn.Kind) -> Bool {
    switch nodes {
    case .knots(let knots):
      !kind.isCategory && kind != .unused && (2...Self.mostNodes).contains(knots.count)
        && knots.allSatisfy(\.isFinite) && zip(knots, knots.dropFirst()).allSatisfy { $0 < $1 }
    case .steps(let edges, let range):
      !kind.isCategory && kind != .unused && edges.valueBins <= Self.mostNodes
        && range.lowerBound.isFinite && range.upperBound.isFinite
        && edges.edges.allSatisfy(range.contains)
    case .levels(let groups, let pool):
      kind.isCategory && !groups.isEmpty
        && groups.joined().allSatisfy((0..<kind.levelCount).contains)
        && pool.map(groups.indices.contains) ?? true
    }
  }
}
