extension TermModel {
  /// The same model for rows of another layout; see `LogisticModel.bound`.
  ///
  /// - Parameter features: what each column of the rows to be scored means.
  /// - Throws: `ChurnModelError` (`otherFeatures`).
  /// - Complexity: O(features + terms)
  public func bound(to features: [FeatureColumn]) throws(ChurnModelError) -> TermModel {
    guard features != self.features else { return self }
    let used = Set(terms.flatMap(\.features)).sorted()
    let binding = try FeatureBinding(of: used, among: self.features, to: features)
    var bound = try TermModel(
      features: features, intercept: intercept,
      terms: terms.map { $0.reading($0.features.map(binding.position)) }, training: training,
      dropped: droppedFeatures, metadata: metadata)
    bound.link = link
    return bound
  }
}

extension TermModel.Term {
  /// The term of the features at other places.
  fileprivate func reading(_ features: [Int]) -> Self {
    TermModel.Term(
      name: name, features: features, scales: scales, values: values, errors: errors,
      effectiveParameters: effectiveParameters, importance: importance)
  }
}
