import LinearAlgebra

/// Features, labels and weights after their shapes were checked.
struct TrainingData: Sendable {
  let features: [FeatureColumn]
  /// rows × features, raw.
  let values: Matrix
  /// 0 or 1, one a row.
  let outcomes: [Double]
  /// At least 0, one a row.
  let weights: [Double]
  /// What is added to the margin of each row, finite; nil where nothing is.
  let offsets: [Double]?
  /// Sum of the weights, greater than 0.
  let totalWeight: Double
  /// Number of rows with a positive weight.
  let rowsUsed: Int
  /// Number of those whose label is true.
  let positives: Int
  /// Weighted share of positives, between 0 and 1 exclusively.
  let positiveShare: Double

  var rows: Int { outcomes.count }

  init(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]?,
    offsets: [Double]? = nil
  ) throws(ChurnModelError) {
    guard values.columns == features.count else {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(values.columns) columns but \(features.count) features are described; describe each column"
      )
    }
    guard labels.count == values.rows, weights.map({ $0.count == values.rows }) ?? true else {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(values.rows) rows, but there are \(labels.count) labels"
          + (weights.map { " and \($0.count) weights" } ?? "") + "; give one of each for every row")
    }
    try Self.checkNames(features)
    try Self.check(offsets: offsets, rows: values.rows)
    let weights = weights ?? [Double](repeating: 1, count: labels.count)
    var (total, positiveWeight, rowsUsed, positives) = (0.0, 0.0, 0, 0)
    for (row, weight) in weights.enumerated() where weight != 0 {
      guard weight > 0, weight.isFinite else {
        throw ChurnModelError(
          .invalidWeight, "the weight of row \(row + 1) is \(weight); weights must be finite and at least 0")
      }
      total += weight
      rowsUsed += 1
      if labels[row] {
        positiveWeight += weight
        positives += 1
      }
    }
    guard rowsUsed > 0 else {
      throw ChurnModelError(
        .noRows, "there is no row with a positive weight to train on; widen the dates or loosen the filter")
    }
    guard positives > 0, positives < rowsUsed else {
      throw ChurnModelError(
        .oneClass,
        "all \(rowsUsed) rows are labelled \(positives > 0 ? "positive" : "negative"), so nothing can be learned; "
          + "choose an as-of date and horizon with both outcomes")
    }
    self.features = features
    self.values = values
    self.outcomes = labels.map { $0 ? 1 : 0 }
    self.weights = weights
    self.offsets = offsets
    self.totalWeight = total
    self.rowsUsed = rowsUsed
    self.positives = positives
    self.positiveShare = positiveWeight / total
  }

  private static func check(offsets: [Double]?, rows: Int) throws(ChurnModelError) {
    guard let offsets else { return }
    guard offsets.count == rows else {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(rows) rows, but there are \(offsets.count) offsets; give one for every row")
    }
    if let row = offsets.firstIndex(where: { !$0.isFinite }) {
      throw ChurnModelError(
        .invalidValue,
        "the offset of row \(row + 1) is \(offsets[row]); offsets must be finite, 0 where nothing is known")
    }
  }

  static func checkNames(_ features: [FeatureColumn]) throws(ChurnModelError) {
    var names = Set<String>()
    for feature in features {
      guard names.insert(feature.name).inserted else {
        throw ChurnModelError(.invalidFeatures, "two features are named \"\(feature.name)\"; rename one")
      }
      if case .category(let levels) = feature.kind, Set(levels).count != levels.count {
        throw ChurnModelError(
          .invalidFeatures, "feature \"\(feature.name)\" lists a level twice; give each level once")
      }
    }
  }
}
