import LinearAlgebra

/// Memory for the passes over the design: one panel a thread, one partial result a block, used again by every pass.
final class Workspaces: @unchecked Sendable {
  private let parallel: Parallel
  private var workspaces: [Workspace] = []
  private var partials: [PartialSums] = []
  /// Passes so far over the design of all rows.
  private(set) var fullPasses = 0
  /// Passes so far over the design of a sample.
  private(set) var samplePasses = 0

  /// Blocks with a partial result each: enough to share the work among many threads, few enough to add up quickly.
  private static let blocks = 64

  init(parallel: Parallel) {
    self.parallel = parallel
  }

  /// Number of blocks that a pass over the rows has.
  static func blockCount(_ data: TrainingData) -> Int {
    Parallel.blockCount(count: data.rows, blockSize: blockSize(data))
  }

  private static func blockSize(_ data: TrainingData) -> Int {
    Parallel.blockSize(count: data.rows, blocks: blocks, multipleOf: Panel.usualCapacity)
  }

  /// Expands the rows panel by panel and calls `body` with each, on several threads.
  ///
  /// The panels of one block are visited in order with the same partial result, which starts at zero; `first` is the
  /// number of the panel's first row.
  ///
  /// - Returns: the partial results in block order; valid until the next call.
  func forEachPanel(
    _ data: TrainingData, _ expansion: Expansion,
    _ body: @Sendable (_ panel: Panel, _ count: Int, _ first: Int, Workspace, PartialSums) -> Void
  ) -> ArraySlice<PartialSums> {
    if data.isSample { samplePasses += 1 } else { fullPasses += 1 }
    let capacity = Panel.usualCapacity
    let blockSize = Self.blockSize(data)
    let blocks = Self.blockCount(data)
    reserve(columns: expansion.panelColumns, blocks: blocks)
    for workspace in workspaces { expansion.prepare(workspace.panel) }
    let width = data.rowStride
    data.values.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: data.rows, blockSize: blockSize) { block in
        let workspace = workspaces[block.worker]
        let partial = partials[block.index]
        partial.reset()
        for first in stride(from: block.range.lowerBound, to: block.range.upperBound, by: capacity) {
          let count = min(capacity, block.range.upperBound - first)
          if let base = elements.baseAddress {
            expansion.expand(
              first: base + first * width, stride: width, count: count, into: workspace.panel)
          }
          // The rows of a sample do not stand side by side.
          let end = data.isSample ? first + count : min(first + count + capacity, block.range.upperBound)
          workspace.panel.upcoming = UnsafeBufferPointer(
            start: elements.baseAddress.map { $0 + (first + count) * width },
            count: (end - first - count) * width)
          body(workspace.panel, count, first, workspace, partial)
        }
      }
    }
    return partials[..<blocks]
  }

  private func reserve(columns: Int, blocks: Int) {
    if workspaces.first?.panel.columns != columns {
      workspaces = (0..<parallel.threads).map { _ in Workspace(columns: columns) }
      partials = []
    }
    while partials.count < blocks { partials.append(PartialSums(block: partials.count, columns: columns)) }
  }
}

/// Scratch memory of one thread.
final class Workspace {
  let panel: Panel
  private let vectors = PanelVectors(count: 4)

  init(columns: Int) {
    panel = Panel(columns: columns)
  }

  var margins: UnsafeMutableBufferPointer<Double> { vectors[0] }
  var weights: UnsafeMutableBufferPointer<Double> { vectors[1] }
  var residuals: UnsafeMutableBufferPointer<Double> { vectors[2] }
  var losses: UnsafeMutableBufferPointer<Double> { vectors[3] }
}

/// What one block of rows adds to the objective and its derivatives.
final class PartialSums {
  /// Number of the block.
  let block: Int
  var loss = 0.0
  /// One element a panel column.
  let gradient: UnsafeMutableBufferPointer<Double>
  /// Panel columns squared, row-major; only the lower triangle counts.
  let gram: UnsafeMutableBufferPointer<Double>

  init(block: Int, columns: Int) {
    self.block = block
    gradient = .allocate(capacity: columns)
    gram = .allocate(capacity: columns * columns)
    reset()
  }

  deinit {
    gradient.deallocate()
    gram.deallocate()
  }

  func reset() {
    loss = 0
    gradient.initialize(repeating: 0)
    gram.initialize(repeating: 0)
  }
}
