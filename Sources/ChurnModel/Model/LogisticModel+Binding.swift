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
    let used = Set(columns.map(\.feature)).sorted()
    let binding = try FeatureBinding(of: used, among: self.features, to: features)
    var bound = try LogisticModel(
      features: features, columns: columns.map { $0.reading(feature: binding.position(of: $0.feature)) },
      intercept: intercept, penalty: penalty, training: training, dropped: droppedFeatures,
      metadata: metadata)
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
