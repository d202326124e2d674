public import LinearAlgebra

extension ColumnBins {
  /// Rows that edges are made of: some 400 for each of 255 bins.
  public static let usualSampleRows = 100_000

  /// Bins of about equal weight for every column of a row-major table: by quantiles of a sample of its rows for numbers,
  /// the heaviest levels (of the whole table) for categories.
  ///
  /// The sample is one row of every so many, at places that look random and are always the same; with no more rows than
  /// `sampleRows` it is the whole table.
  ///
  /// - Parameters:
  ///   - values: rows × features, raw; NaN is missing.
  ///   - features: what the columns mean, or nil when all are numbers.
  ///   - weights: at least 0, one a row, or nil for 1 each.
  ///   - bins: most bins for values of a column, 1...255.
  /// - Complexity: O(features × sampleRows), on several threads.
  public static func quantiles(
    of values: Matrix, features: [FeatureColumn]? = nil, weights: [Double]? = nil,
    bins: Int = BinEdges.greatestEdgeCount + 1, sampleRows: Int = usualSampleRows,
    parallel: Parallel = .standard
  ) -> [ColumnBins] {
    precondition(weights.map { $0.count == values.rows } ?? true, "as many weights as rows are needed")
    precondition(
      features.map { $0.count == values.columns } ?? true, "as many features as columns are needed")
    let rows = RowSample.rows(of: values.rows, atMost: sampleRows)
    let sampleWeights = rows.map { weights?[$0] ?? 1 }
    let found = Slots(count: values.columns)
    parallel.forEachBlock(count: values.columns, blockSize: ColumnTile.columns) { block in
      let tile = ColumnTile(values: values, columns: block.range, rows: rows)
      let sorter = RadixSorter(capacity: rows.count)
      for column in block.range {
        if case .category(let levels) = features?[column].kind {
          found[column] = .levels(
            LevelBins(levelWeights: levelWeights(values, column, levels.count, weights), bins: bins))
          continue
        }
        sampleWeights.withUnsafeBufferPointer { sorter.fill(tile[column], weights: $0) }
        found[column] = .intervals(BinEdges(quantilesOf: sorter, bins: bins))
      }
    }
    return found.bins
  }

  /// The weight of every level of a categorical column; values that are no level are left out.
  static func levelWeights(_ values: Matrix, _ column: Int, _ levels: Int, _ weights: [Double]?) -> [Double] {
    var sums = [Double](repeating: 0, count: levels)
    values.withUnsafeElements { elements in
      for row in 0..<values.rows {
        let value = elements[row * values.columns + column]
        if value >= 0, value < Double(levels) { sums[Int(value)] += weights?[row] ?? 1 }
      }
    }
    return sums
  }

  /// A place for the bins of each column, which different threads fill.
  private final class Slots: @unchecked Sendable {
    private let storage: UnsafeMutableBufferPointer<ColumnBins>

    init(count: Int) {
      storage = .allocate(capacity: count)
      storage.initialize(repeating: .intervals(BinEdges([])))
    }

    deinit {
      storage.deinitialize()
      storage.deallocate()
    }

    subscript(column: Int) -> ColumnBins {
      get { storage[column] }
      set { storage[column] = newValue }
    }

    var bins: [ColumnBins] { Array(storage) }
  }
}

/// Which rows stand for the whole table.
enum RowSample {
  /// One row of every stretch of equal length, in ascending order; all rows when there are no more than `limit`.
  ///
  /// The place within a stretch is a scrambled number (`SplitMix64`), so that what returns every so many rows is
  /// not always hit or always missed.
  static func rows(of count: Int, atMost limit: Int) -> [Int] {
    precondition(limit > 0, "a sample needs at least one row")
    guard count > limit else { return Array(0..<count) }
    return (0..<limit).map { index in
      let (start, end) = (count * index / limit, count * (index + 1) / limit)
      return start + Int(SplitMix64.number(UInt64(index + 1)) % UInt64(end - start))
    }
  }
}

/// A copy of some neighbouring columns of a row-major table, each of them contiguous.
struct ColumnTile: ~Copyable {
  /// Columns that share a cache line.
  static let columns = 8

  private let range: Range<Int>
  private let rows: Int
  private let storage: UnsafeMutableBufferPointer<Double>

  init(values: Matrix, columns range: Range<Int>, rows: [Int]) {
    self.range = range
    self.rows = rows.count
    storage = .allocate(capacity: rows.count * range.count)
    let storage = storage
    values.withUnsafeElements { elements in
      for (position, row) in rows.enumerated() {
        for (offset, column) in range.enumerated() {
          storage[offset * rows.count + position] = elements[row * values.columns + column]
        }
      }
    }
  }

  deinit { storage.deallocate() }

  subscript(column: Int) -> UnsafeBufferPointer<Double> {
    let start = (column - range.lowerBound) * rows
    return UnsafeBufferPointer(rebasing: storage[start..<start + rows])
  }
}
