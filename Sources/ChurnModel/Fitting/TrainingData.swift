import LinearAlgebra

/// Features, labels and weights after their shapes were checked.
struct TrainingData: Sendable {
  let features: [FeatureColumn]
  /// Raw values; those of a sample are the whole table's.
  let values: Matrix
  /// Distance between the values of successive rows.
  let rowStride: Int
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
  /// Whether the rows are a share of those that were given.
  let isSample: Bool

  var rows: Int { outcomes.count }

  /// Adds the offsets of successive rows to their margins.
  @inline(__always)
  func addOffsets(first: Int, count: Int, to margins: UnsafeMutableBufferPointer<Double>) {
    guard let offsets else { return }
    offsets.withUnsafeBufferPointer { offsets in
      for row in 0..<count { margins[row] += offsets[first + row] }
    }
  }

  init(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]?,
    offsets: [Double]? = nil, parallel: Parallel = Parallel(threads: 1)
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
    let (total, positiveWeight, rowsUsed, positives) = try Self.sums(labels, weights)
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
    rowStride = features.count
    self.outcomes = Self.made(labels.count, parallel) { labels[$0] ? 1 : 0 }
    self.weights = weights ?? Self.made(labels.count, parallel) { _ in 1 }
    self.offsets = offsets
    self.totalWeight = total
    self.rowsUsed = rowsUsed
    self.positives = positives
    self.positiveShare = positiveWeight / total
    isSample = false
  }

  /// Σw, that of the positives, and both numbers of rows.
  private static func sums(
    _ labels: [Bool], _ weights: [Double]?
  ) throws(ChurnModelError) -> (total: Double, positive: Double, rows: Int, positives: Int) {
    guard let weights else {
      let positives = labels.count { $0 }
      return (Double(labels.count), Double(positives), labels.count, positives)
    }
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
    return (total, positiveWeight, rowsUsed, positives)
  }

  /// Rows that one thread writes at a time.
  private static let rowsMadeTogether = 1 << 16

  /// One value a row; much of the time is that of the system, which hands out the memory page by page.
  private static func made(
    _ rows: Int, _ parallel: Parallel, _ value: @Sendable (Int) -> Double
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: rows) { elements, count in
      // Each block writes its own elements only.
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: rows, blockSize: rowsMadeTogether) { block in
        for row in block.range { elements.initializeElement(at: row, to: value(row)) }
      }
      count = rows
    }
  }

  /// Every `step`-th row of a table, read where it stands.
  init(_ whole: TrainingData, every step: Int) {
    let rows = (whole.rows + step - 1) / step
    features = whole.features
    values = whole.values
    rowStride = whole.rowStride * step
    let taken = stride(from: 0, to: whole.rows, by: step)
    outcomes = taken.map { whole.outcomes[$0] }
    weights = taken.map { whole.weights[$0] }
    offsets = whole.offsets.map { offsets in taken.map { offsets[$0] } }
    let used = (0..<rows).filter { [weights] in weights[$0] > 0 }
    totalWeight = used.reduce(0) { [weights] in $0 + weights[$1] }
    rowsUsed = used.count
    positives = used.count { [outcomes] in outcomes[$0] > 0 }
    positiveShare = used.reduce(0) { [weights, outcomes] in $0 + weights[$1] * outcomes[$1] } / totalWeight
    isSample = true
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
