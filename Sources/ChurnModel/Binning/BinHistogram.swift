internal import CVectorLoops
public import LinearAlgebra

/// How much weight and how many events lie in each bin of a column.
public struct BinHistogram: Sendable, Equatable {
  /// Weight of the rows of each bin, the bin of what is missing last.
  public let weights: [Double]
  /// Weight of those whose label is true.
  public let events: [Double]

  /// - Parameters:
  ///   - weights: at least 0, one a bin, the bin of what is missing last.
  ///   - events: one a bin, at most the weight.
  public init(weights: [Double], events: [Double]) {
    precondition(
      weights.count == events.count && !weights.isEmpty
        && zip(weights, events).allSatisfy { $0 >= $1 && $1 >= 0 },
      "a histogram needs a weight and no more events for every bin")
    (self.weights, self.events) = (weights, events)
  }

  /// The histograms of all columns of a table.
  ///
  /// - Parameters:
  ///   - labels: one a row.
  ///   - weights: at least 0, one a row, or nil for 1 each; they count as repeated rows.
  /// - Complexity: O(rows × columns) on several threads; the same bits for any number of them.
  public static func histograms(
    of matrix: BinnedMatrix, labels: [Bool], weights: [Double]? = nil, parallel: Parallel = .standard
  ) -> [BinHistogram] {
    precondition(
      labels.count == matrix.rows && (weights.map { $0.count == labels.count } ?? true),
      "as many labels and weights as rows are needed")
    let blockSize = Parallel.blockSize(count: matrix.rows, blocks: blocks, multipleOf: rowsPerVisit)
    let rowBlocks = Parallel.blockCount(count: matrix.rows, blockSize: blockSize)
    let columnBlocks = Parallel.blockCount(count: matrix.columns, blockSize: columnsPerTask)
    // A weight and an event weight a row.
    var pairs = [Double](repeating: 0, count: 2 * matrix.rows)
    for row in labels.indices {
      let weight = weights?[row] ?? 1
      pairs[2 * row] = weight
      pairs[2 * row + 1] = labels[row] ? weight : 0
    }
    let partials = (0..<rowBlocks * columnBlocks).map { task in
      let first = task % columnBlocks * columnsPerTask
      return BinSums(columns: first..<min(first + columnsPerTask, matrix.columns))
    }
    pairs.withUnsafeBufferPointer { pairs in
      nonisolated(unsafe) let pairs = pairs
      parallel.forEachBlock(count: partials.count, blockSize: 1) { task in
        let start = task.index / columnBlocks * blockSize
        let rows = start..<min(start + blockSize, matrix.rows)
        for visit in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsPerVisit) {
          partials[task.index].add(matrix, visit..<min(visit + rowsPerVisit, rows.upperBound), pairs)
        }
      }
    }
    return (0..<matrix.columns).map { column in
      let own = (0..<rowBlocks).map { partials[$0 * columnBlocks + column / columnsPerTask] }
      return BinHistogram(own, column: column, bins: matrix.bins[column].count)
    }
  }

  /// Blocks of rows with partial sums each.
  private static let blocks = 16
  /// Rows that are visited for one column after the other while their weights stay in the cache.
  private static let rowsPerVisit = 4096
  private static let columnsPerTask = 8

  private init(_ partials: [BinSums], column: Int, bins: Int) {
    var (weights, events) = ([Double](repeating: 0, count: bins), [Double](repeating: 0, count: bins))
    for partial in partials { partial.add(column, to: &weights, &events) }
    self.init(weights: weights, events: events)
  }
}

/// Sums of some columns over one block of rows.
private final class BinSums: @unchecked Sendable {
  private static let bins = 256
  private let columns: Range<Int>
  /// Two pairs of sums a bin: of even and of odd rows.
  private let sums: UnsafeMutableBufferPointer<Double>

  init(columns: Range<Int>) {
    self.columns = columns
    sums = .allocate(capacity: columns.count * 4 * Self.bins)
    sums.initialize(repeating: 0)
  }

  deinit { sums.deallocate() }

  func add(_ matrix: BinnedMatrix, _ rows: Range<Int>, _ pairs: UnsafeBufferPointer<Double>) {
    guard let pairs = pairs.baseAddress, let sums = sums.baseAddress else { return }
    for column in columns {
      let own = sums + (column - columns.lowerBound) * 4 * Self.bins
      matrix.withUnsafeColumn(column) { bins in
        guard let bins = bins.baseAddress else { return }
        vector_bin_sums(
          bins + rows.lowerBound, pairs + 2 * rows.lowerBound, rows.count, own, own + 2 * Self.bins)
      }
    }
  }

  func add(_ column: Int, to weights: inout [Double], _ events: inout [Double]) {
    let start = (column - columns.lowerBound) * 4 * Self.bins
    for bin in weights.indices {
      let (even, odd) = (start + 2 * bin, start + 2 * (Self.bins + bin))
      weights[bin] += sums[even] + sums[odd]
      events[bin] += sums[even + 1] + sums[odd + 1]
    }
  }
}
