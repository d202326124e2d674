internal import CVectorLoops
import LinearAlgebra

/// Scratch memory of one thread and what it does with a block of rows.
final class PathWorker: @unchecked Sendable {
  private let expansion: Expansion
  private let rows: GroupedRows
  /// Where rows are kept in single precision; nil where they are not.
  private let kept: KeptRows?
  private let panel: Panel
  /// Margins, losses, residuals and curvatures, each capacity × points.
  private let memory: UnsafeMutableBufferPointer<Double>
  /// What is worked on.
  private var loaded: LoadedRows
  /// Raw values of gathered rows.
  private let raw: UnsafeMutableBufferPointer<Double>

  private static let capacity = Panel.usualCapacity
  /// Points worked on together, so that their margins stay in the cache beside the panel.
  private static let pointsTogether = 24

  /// Rows that are asked for before they are gathered.
  private static let rowsAhead = 12

  init(expansion: Expansion, rows: GroupedRows, kept: KeptRows?) {
    self.expansion = expansion
    self.rows = rows
    self.kept = kept
    panel = Panel(columns: expansion.panelColumns)
    expansion.prepare(panel)
    memory = .allocate(capacity: 4 * Self.pointsTogether * Self.capacity)
    memory.initialize(repeating: 0)
    loaded = LoadedRows(panel.contents)
    raw = .allocate(capacity: rows.order == nil ? 0 : Self.capacity * rows.data.features.count)
    raw.initialize(repeating: 0)
  }

  deinit {
    memory.deallocate()
    raw.deallocate()
  }

  private func part(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
    let size = Self.pointsTogether * Self.capacity
    return UnsafeMutableBufferPointer(rebasing: memory[index * size..<(index + 1) * size])
  }

  /// Panels that `add` makes of so many rows.
  static func panels(of count: Int) -> Int { Parallel.blockCount(count: count, blockSize: capacity) }

  /// - Parameters:
  ///   - loaded: the block's panels, which are filled where they are empty; nil to make them for this time.
  ///   - panels: their numbers among those that are kept in single precision.
  ///   - landmarks: number of the first request among the landmarks; nil when they are none.
  func add(
    _ positions: Range<Int>, of elements: UnsafeBufferPointer<Double>, _ plan: PathPlan, to sums: PathPartial,
    loaded: UnsafeMutableBufferPointer<LoadedRows?>?, panels: Range<Int>, landmarks: Int?
  ) {
    guard let base = elements.baseAddress else { return }
    for (index, first) in stride(from: positions.lowerBound, to: positions.upperBound, by: Self.capacity)
      .enumerated()
    {
      let count = min(Self.capacity, positions.upperBound - first)
      take(first, count, base, index, of: loaded)
      let number = panels.lowerBound + index
      kept?.keep(panel, weights: self.loaded.weights, rows: count, as: number)
      for point in stride(from: 0, to: plan.members.count, by: Self.pointsTogether) {
        let end = min(point + Self.pointsTogether, plan.members.count)
        differentiate(count, point..<end, plan, to: sums)
        if let landmarks { remember(count, point..<end, number, landmarks) }
      }
    }
  }

  /// Takes rows that were loaded before, or loads them.
  private func take(
    _ first: Int, _ count: Int, _ base: UnsafePointer<Double>, _ index: Int,
    of all: UnsafeMutableBufferPointer<LoadedRows?>?
  ) {
    if let made = all?[index] {
      loaded = made
      panel.contents = made.contents
      return
    }
    if let all {
      panel.clear()
      expansion.prepare(panel)
      loaded = LoadedRows(panel.contents)
      all[index] = loaded
    }
    load(first, count, base)
  }

  /// Keeps what the rows are at points from which others will be measured; their margins have just been computed.
  private func remember(_ count: Int, _ points: Range<Int>, _ panel: Int, _ landmarks: Int) {
    let margins = part(0)
    for (index, point) in points.enumerated() {
      let start = index * Self.capacity
      kept?.keep(
        margins: UnsafeBufferPointer(rebasing: margins[start..<start + count]), rows: count,
        at: landmarks + point, panel: panel)
    }
  }

  /// Makes the columns of successive positions and takes their outcomes, weights and offsets.
  private func load(_ first: Int, _ count: Int, _ base: UnsafePointer<Double>) {
    let data = rows.data
    let (features, stride) = (data.features.count, data.rowStride)
    let (outcomes, weights, offsets) = (loaded.outcomes, loaded.weights, loaded.offsets)
    guard let order = rows.order, let target = raw.baseAddress else {
      for index in 0..<count {
        outcomes[index] = data.outcomes[first + index]
        weights[index] = data.weights[first + index]
      }
      if let given = data.offsets {
        for index in 0..<count { offsets[index] = given[first + index] }
      }
      expansion.expand(first: base + first * stride, stride: stride, count: count, into: panel)
      return
    }
    for index in 0..<count {
      if index + Self.rowsAhead < count {
        vector_prefetch(base + Int(order[first + index + Self.rowsAhead]) * stride, features)
      }
      let row = Int(order[first + index])
      outcomes[index] = data.outcomes[row]
      weights[index] = data.weights[row]
      if let given = data.offsets { offsets[index] = given[row] }
      (target + index * features).update(from: base + row * stride, count: features)
    }
    expansion.expand(first: target, stride: features, count: count, into: panel)
  }

  private func differentiate(_ count: Int, _ points: Range<Int>, _ plan: PathPlan, to sums: PathPartial) {
    let (margins, losses, residuals, curvatures) = (part(0), part(1), part(2), part(3))
    let order = plan.order
    plan.coefficients.withUnsafeBufferPointer { coefficients in
      panel.multiply(
        rows: count, points: points.count,
        coefficients: UnsafeBufferPointer(
          rebasing: coefficients[points.lowerBound * order..<points.upperBound * order]),
        into: margins)
    }
    for index in 0..<points.count {
      let start = index * Self.capacity
      if rows.data.offsets != nil {
        let offsets = loaded.offsets
        for row in 0..<count { margins[start + row] += offsets[row] }
      }
      vector_log_loss(
        margins.baseAddress.map { $0 + start }, loaded.outcomes.baseAddress, loaded.weights.baseAddress, 1,
        count,
        losses.baseAddress.map { $0 + start }, residuals.baseAddress.map { $0 + start },
        curvatures.baseAddress.map { $0 + start })
      sums.losses[points.lowerBound + index] += Self.sum(losses, start, count)
    }
    if plan.wantsGradients {
      panel.addTransposedProducts(
        rows: count, points: points.count, residuals: UnsafeBufferPointer(residuals),
        to: UnsafeMutableBufferPointer(
          rebasing: sums.gradients[points.lowerBound * order..<points.upperBound * order]))
    }
    for (place, member) in plan.gramMembers.enumerated() where points.contains(member.place) {
      let start = (member.place - points.lowerBound) * Self.capacity
      panel.addWeightedGram(
        rows: count, weights: UnsafeBufferPointer(rebasing: curvatures[start..<start + count]),
        to: UnsafeMutableBufferPointer(
          rebasing: sums.grams[place * order * order..<(place + 1) * order * order]),
        precision: member.precision)
    }
  }

  /// The sum of `count` values in eight interleaved chains, which the processor adds side by side.
  private static func sum(_ values: UnsafeMutableBufferPointer<Double>, _ start: Int, _ count: Int) -> Double
  {
    var chains = SIMD8<Double>(repeating: 0)
    let whole = count & ~7
    for index in Swift.stride(from: 0, to: whole, by: 8) {
      let first = start + index
      chains += SIMD8(
        values[first], values[first + 1], values[first + 2], values[first + 3], values[first + 4],
        values[first + 5], values[first + 6], values[first + 7])
    }
    var total = chains.sum()
    for index in whole..<count { total += values[start + index] }
    return total
  }
}

/// A panel of design columns with what else passes need of its rows.
final class LoadedRows: @unchecked Sendable {
  let contents: PanelContents
  private let vectors = PanelVectors(count: 3)

  init(_ contents: PanelContents) {
    self.contents = contents
  }

  var outcomes: UnsafeMutableBufferPointer<Double> { vectors[0] }
  var weights: UnsafeMutableBufferPointer<Double> { vectors[1] }
  var offsets: UnsafeMutableBufferPointer<Double> { vectors[2] }
}
