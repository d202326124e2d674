extension LogisticModel {
  /// The same model for rows of another layout: what it reads is found by name.
  ///
  /// Scores stay the same to the last bit as long as the features that the model uses keep their order; features that
  /// it does not use may come and go.
  ///
  /// - Parameter features: what each column of the rows to be scored means.
  /// - Throws: `ChurnModelError` (`otherFeatures`) naming every feature that the model uses and that is not there, or
  ///   is of another kind or with other levels.
  /// - Complexity: O(features + design columns)
  public func bound(to features: [FeatureColumn]) throws(ChurnModelError) -> LogisticModel {
    guard features != self.features else { return self }
    try TrainingData.checkNames(features)
    let positions = Dictionary(uniqueKeysWithValues: features.enumerated().map { ($1.name, $0) })
    var missing: [String] = []
    var changed: [String] = []
    for index in Set(columns.map(\.feature)).sorted() {
      let own = self.features[index]
      if let position = positions[own.name] {
        if features[position].kind != own.kind { changed.append(own.name) }
      } else {
        missing.append(own.name)
      }
    }
    guard missing.isEmpty, changed.isEmpty else {
      let problems = [("does not know", missing), ("reads in another way", changed)]
        .filter { !$0.1.isEmpty }.map { "\($0) \($1.joined(separator: ", "))" }
      throw ChurnModelError(
        .otherFeatures, "The model uses features that this program \(problems.joined(separator: ", and "))")
    }
    let rebound = columns.compactMap { column in
      positions[self.features[column.feature].name].map { column.reading(feature: $0) }
    }
    var bound = try LogisticModel(
      features: features, columns: rebound, intercept: intercept, penalty: penalty, training: training,
      dropped: droppedFeatures, metadata: metadata)
    bound.link = link
    return bound
  }
}

extension DesignColumn {
  /// The column made from the feature at another place.
  fileprivate func reading(feature: Int) -> DesignColumn {
    DesignColumn(
      name: name, feature: feature, term: term, mean: mean, scale: scale, coefficient: coefficient)
  }
}
