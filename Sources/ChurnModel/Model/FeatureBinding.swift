/// Where the features that a model uses stand in rows of another layout; they are found by their names.
struct FeatureBinding {
  private let names: [String]
  private let positions: [String: Int]

  /// - Parameters:
  ///   - used: indices of the features that the model uses.
  ///   - own: the model's features.
  ///   - features: what each column of the rows to be scored means.
  /// - Throws: `ChurnModelError` (`otherFeatures`) naming every feature that the model uses and that is not there, or
  ///   is of another kind or with other levels.
  init(of used: [Int], among own: [FeatureColumn], to features: [FeatureColumn]) throws(ChurnModelError) {
    try TrainingData.checkNames(features)
    names = own.map(\.name)
    positions = Dictionary(uniqueKeysWithValues: features.enumerated().map { ($1.name, $0) })
    var missing: [String] = []
    var changed: [String] = []
    for index in used {
      if let position = positions[own[index].name] {
        if features[position].kind != own[index].kind { changed.append(own[index].name) }
      } else {
        missing.append(own[index].name)
      }
    }
    guard missing.isEmpty, changed.isEmpty else {
      let problems = [("does not know", missing), ("reads in another way", changed)]
        .filter { !$0.1.isEmpty }.map { "\($0) \($1.joined(separator: ", "))" }
      throw ChurnModelError(
        .otherFeatures, "The model uses features that this program \(problems.joined(separator: ", and "))")
    }
  }

  /// The new place of a feature that the model uses.
  func position(of feature: Int) -> Int {
    guard let position = positions[names[feature]] else {
      preconditionFailure("every feature that is used was found")
    }
    return position
  }
}
