public import LinearAlgebra

/// Finds the optimal bins of every column of a table.
///
/// Numbers are cut into bins of about equal weight first (see `ColumnBins.quantiles`), one pass over the table makes
/// them bytes and another counts rows and events; dynamic programming then chooses among the borders of these bins (see
/// `OptimalBins`). For levels of a category the counting is by level.
public enum OptimalBinning {
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, raw; NaN is missing.
  ///   - labels: one a row.
  ///   - weights: finite and at least 0, one a row, or nil for 1 each; they count as repeated rows.
  /// - Returns: one result a column.
  /// - Throws: `ChurnModelError` that says what is wrong with the data or the options.
  /// - Complexity: O(rows × columns) for the counting and O(columns × bins × finestBins²) for the choice, on several
  ///   threads; the same bits for any number of them.
  public static func bins(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    options: OptimalBinOptions = OptimalBinOptions()
  ) throws(ChurnModelError) -> [OptimalBins] {
    try options.check()
    let data = try TrainingData(features: features, values: values, labels: labels, weights: weights)
    let bins = ColumnBins.quantiles(
      of: values, features: features, weights: weights, bins: options.finestBins,
      sampleRows: options.sampleRows, parallel: options.parallel)
    let histograms = BinHistogram.histograms(
      of: BinnedMatrix(values, bins: bins, parallel: options.parallel), labels: labels, weights: weights,
      parallel: options.parallel)
    return try choose(bins, histograms, data: data, options: options)
  }

  /// Optimal bins of a column of numbers.
  ///
  /// - Parameters:
  ///   - column: one value a row; NaN is missing.
  ///   - labels: one a row.
  ///   - weights: finite and at least 0, one a row, or nil for 1 each; they count as repeated rows.
  /// - Throws: `ChurnModelError` that says what is wrong with the data or the options.
  /// - Complexity: O(rows)
  public static func bins(
    column: [Double], labels: [Bool], weights: [Double]? = nil,
    options: OptimalBinOptions = OptimalBinOptions()
  ) throws(ChurnModelError) -> OptimalBins {
    let values = Matrix(rows: column.count, columns: 1) { elements in
      _ = elements.update(fromContentsOf: column)
    }
    return try bins(
      features: [FeatureColumn(name: "value", kind: .numeric)], values: values, labels: labels,
      weights: weights, options: options)[0]
  }

  private static func choose(
    _ bins: [ColumnBins], _ histograms: [BinHistogram], data: TrainingData, options: OptimalBinOptions
  ) throws(ChurnModelError) -> [OptimalBins] {
    let found = Results(count: bins.count)
    options.parallel.forEachBlock(count: bins.count, blockSize: 1) { block in
      found[block.index] = Result { () throws(ChurnModelError) in
        switch bins[block.index] {
        case .intervals(let edges):
          try OptimalBins(histogram: histograms[block.index], edges: edges, options: options)
        case .levels:
          try OptimalBins(levels: try levels(data, block.index), options: options)
        }
      }
    }
    var results: [OptimalBins] = []
    for index in bins.indices { results.append(try found[index].get()) }
    return results
  }

  /// Rows and events of every level, what is missing last.
  private static func levels(_ data: TrainingData, _ column: Int) throws(ChurnModelError) -> BinHistogram {
    guard case .category(let levels) = data.features[column].kind else {
      preconditionFailure("only categories have levels")
    }
    var weights = [Double](repeating: 0, count: levels.count + 1)
    var events = weights
    for row in 0..<data.rows where data.weights[row] > 0 {
      let value = data.values[row, column]
      guard value.isNaN || (value >= 0 && value < Double(levels.count)) else {
        throw ChurnModelError(
          .invalidValue,
          "feature \"\(data.features[column].name)\" in row \(row + 1) is \(value), which is not the index of one of its "
            + "\(levels.count) levels; list all levels")
      }
      let level = value.isNaN ? levels.count : Int(value)
      weights[level] += data.weights[row]
      events[level] += data.weights[row] * data.outcomes[row]
    }
    return BinHistogram(weights: weights, events: events)
  }

  /// A place for the result of each column, which different threads fill.
  private final class Results: @unchecked Sendable {
    private let storage: UnsafeMutableBufferPointer<Result<OptimalBins, ChurnModelError>>

    init(count: Int) {
      storage = .allocate(capacity: count)
      storage.initialize(repeating: .failure(ChurnModelError(.noRows, "the column was not looked at")))
    }

    deinit {
      storage.deinitialize()
      storage.deallocate()
    }

    subscript(column: Int) -> Result<OptimalBins, ChurnModelError> {
      get { storage[column] }
      set { storage[column] = newValue }
    }
  }
}
