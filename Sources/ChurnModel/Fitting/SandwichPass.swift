internal import CVectorLoops
import LinearAlgebra

/// One pass over the rows that adds up products of scores, the middle of robust covariances.
///
/// The score of row i (of weight w, residual r = p − y, standardised x) is ψᵢ = rᵢ·xᵢ + Λ·β: the gradient of what the
/// row adds to the objective, so that Σ wᵢ·ψᵢ = 0 at the optimum, with a penalty too. With Ĥ the Hessian of the mean
/// objective,
///
///     HC0:       (1/W²)·Ĥ⁻¹·(Σᵢ wᵢ·ψᵢψᵢᵀ)·Ĥ⁻¹                         (a weight is so many rows)
///     clustered: G/(G − 1)·(1/W²)·Ĥ⁻¹·(Σ_g s_g·s_gᵀ)·Ĥ⁻¹,  s_g = Σ_{i∈g} wᵢ·ψᵢ
///
/// (White 1982, Econometrica 50; Liang and Zeger 1986, Biometrika 73; the factor for G clusters as in Cameron and
/// Miller 2015, Journal of Human Resources 50, section II.C, without a factor for the number of columns.) Neither the
/// design nor the scores are stored: a thread holds one panel of each.
struct SandwichPass {
  let expansion: Expansion
  let data: TrainingData
  /// λⱼ, one a coefficient, the intercept's 0 first.
  let penalties: [Double]
  /// nil for HC0 alone.
  let clusters: ClusterOrder?

  /// What the pass adds up.
  struct Sums {
    /// The objective's gradient at the coefficients, intercept first.
    let gradient: [Double]
    /// Σ w·ψψᵀ.
    let robust: Matrix
    /// Σ s·sᵀ over the clusters.
    let clustered: Matrix?
  }

  private static let blocks = 64

  /// - Parameter coefficients: standardised, intercept first.
  /// - Complexity: O(rows × columns²)
  func run(_ coefficients: [Double], parallel: Parallel) -> Sums {
    let size = Parallel.blockSize(
      count: clusters?.count ?? data.rows, blocks: Self.blocks, multipleOf: Panel.usualCapacity)
    let runs =
      clusters?.runs(of: size)
      ?? stride(from: 0, to: data.rows, by: size).map { $0..<min($0 + size, data.rows) }
    let shifts = zip(penalties, coefficients).map { $0 * $1 }
    let partials = runs.map { _ in SandwichSums(columns: coefficients.count, isClustered: clusters != nil) }
    let workers = (0..<min(parallel.threads, runs.count)).map { _ in
      SandwichWorker(
        expansion: expansion, data: data, clusters: clusters, coefficients: coefficients, shifts: shifts)
    }
    data.values.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      // A block is one run, so that blocks end where clusters end.
      parallel.forEachBlock(count: runs.count, blockSize: 1) { block in
        workers[block.worker].add(runs[block.index], of: elements, to: partials[block.index])
      }
    }
    return combined(partials, shifts)
  }

  /// Adds the runs up in their order, which makes the sums independent of the number of threads.
  private func combined(_ partials: [SandwichSums], _ shifts: [Double]) -> Sums {
    let order = shifts.count
    var sums = [Double](repeating: 0, count: order)
    for partial in partials {
      for index in sums.indices { sums[index] += partial.gradient[index] }
    }
    let total = data.totalWeight
    // Σ w(r·x + d)(r·x + d)ᵀ = Σ w·r²·xxᵀ + S·dᵀ + d·Sᵀ + W·ddᵀ with S = Σ w·r·x.
    let robust = symmetric(order, partials.map(\.robust)) { row, column in
      sums[row] * shifts[column] + shifts[row] * sums[column] + total * shifts[row] * shifts[column]
    }
    return Sums(
      gradient: zip(sums, shifts).map { $0 / total + $1 }, robust: robust,
      clustered: clusters == nil ? nil : symmetric(order, partials.map(\.clustered)) { _, _ in 0 })
  }

  private func symmetric(
    _ order: Int, _ parts: [UnsafeMutableBufferPointer<Double>], adding more: (Int, Int) -> Double
  ) -> Matrix {
    Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0...row {
          let value = parts.reduce(0) { $0 + $1[row * order + column] } + more(row, column)
          elements[row * order + column] = value
          elements[column * order + row] = value
        }
      }
    }
  }
}

/// What one run of rows adds.
private final class SandwichSums: @unchecked Sendable {
  /// Σ w·r·x, one element a panel column.
  let gradient: UnsafeMutableBufferPointer<Double>
  /// Σ w·r²·xxᵀ, row-major; only the lower triangle counts.
  let robust: UnsafeMutableBufferPointer<Double>
  /// Σ s·sᵀ likewise; empty without clusters.
  let clustered: UnsafeMutableBufferPointer<Double>

  init(columns: Int, isClustered: Bool) {
    gradient = .allocate(capacity: columns)
    robust = .allocate(capacity: columns * columns)
    clustered = .allocate(capacity: isClustered ? columns * columns : 0)
    for part in [gradient, robust, clustered] { part.initialize(repeating: 0) }
  }

  deinit {
    for part in [gradient, robust, clustered] { part.deallocate() }
  }
}

/// Scratch memory of one thread and what it does with a run of rows.
private final class SandwichWorker: @unchecked Sendable {
  private let expansion: Expansion
  private let data: TrainingData
  private let clusters: ClusterOrder?
  private let coefficients: [Double]
  private let shifts: [Double]
  private let panel: Panel
  /// One row a cluster.
  private let scores: Panel
  private let memory: UnsafeMutableBufferPointer<Double>
  /// Raw rows of clusters side by side.
  private let raw: UnsafeMutableBufferPointer<Double>
  /// For each row of the panel its cluster's row in `scores`.
  private let slots: UnsafeMutableBufferPointer<Int>
  private var usedSlots = 0

  private static let capacity = Panel.usualCapacity

  init(
    expansion: Expansion, data: TrainingData, clusters: ClusterOrder?, coefficients: [Double],
    shifts: [Double]
  ) {
    self.expansion = expansion
    self.data = data
    self.clusters = clusters
    self.coefficients = coefficients
    self.shifts = shifts
    panel = Panel(columns: expansion.panelColumns)
    scores = Panel(columns: clusters == nil ? 0 : expansion.panelColumns)
    expansion.prepare(panel)
    memory = .allocate(capacity: 8 * Self.capacity)
    memory.initialize(repeating: 0)
    raw = .allocate(capacity: clusters == nil ? 0 : Self.capacity * data.features.count)
    raw.initialize(repeating: 0)
    slots = .allocate(capacity: Self.capacity)
    slots.initialize(repeating: 0)
  }

  deinit {
    memory.deallocate()
    raw.deallocate()
    slots.deallocate()
  }

  private func part(_ index: Int) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(rebasing: memory[index * Self.capacity..<(index + 1) * Self.capacity])
  }

  private var outcomes: UnsafeMutableBufferPointer<Double> { part(0) }
  private var weights: UnsafeMutableBufferPointer<Double> { part(1) }
  private var margins: UnsafeMutableBufferPointer<Double> { part(2) }
  private var residuals: UnsafeMutableBufferPointer<Double> { part(3) }
  /// w·r², and then ones.
  private var products: UnsafeMutableBufferPointer<Double> { part(4) }
  private var losses: UnsafeMutableBufferPointer<Double> { part(5) }
  private var curvatures: UnsafeMutableBufferPointer<Double> { part(6) }
  private var offsets: UnsafeMutableBufferPointer<Double> { part(7) }

  func add(_ run: Range<Int>, of elements: UnsafeBufferPointer<Double>, to sums: SandwichSums) {
    guard let base = elements.baseAddress else { return }
    usedSlots = 0
    var position = run.lowerBound
    while position < run.upperBound {
      let count: Int
      if let clusters {
        count = gather(clusters, position..<run.upperBound, base, sums)
      } else {
        count = min(Self.capacity, run.upperBound - position)
        take(position..<position + count, base)
      }
      addRows(count, to: sums)
      position += count
    }
    flush(to: sums)
  }

  /// Expands successive rows.
  private func take(_ rows: Range<Int>, _ base: UnsafePointer<Double>) {
    let features = data.features.count
    for (index, row) in rows.enumerated() {
      outcomes[index] = data.outcomes[row]
      weights[index] = data.weights[row]
      if let given = data.offsets { offsets[index] = given[row] }
    }
    expansion.expand(
      first: base + rows.lowerBound * features, stride: features, count: rows.count, into: panel)
  }

  /// Expands rows of clusters, as many as the panel and the clusters' scores hold.
  private func gather(
    _ clusters: ClusterOrder, _ positions: Range<Int>, _ base: UnsafePointer<Double>, _ sums: SandwichSums
  ) -> Int {
    if usedSlots == Self.capacity, clusters.isFirst(positions.lowerBound) { flush(to: sums) }
    let features = data.features.count
    var count = 0
    for position in positions.prefix(Self.capacity) {
      if clusters.isFirst(position) {
        if usedSlots == Self.capacity { break }
        usedSlots += 1
      }
      let row = clusters.row(position)
      slots[count] = usedSlots - 1
      outcomes[count] = data.outcomes[row]
      weights[count] = data.weights[row]
      if let given = data.offsets { offsets[count] = given[row] }
      raw.baseAddress?.advanced(by: count * features).update(from: base + row * features, count: features)
      count += 1
    }
    if let first = raw.baseAddress {
      expansion.expand(first: first, stride: features, count: count, into: panel)
    }
    return count
  }

  private func addRows(_ count: Int, to sums: SandwichSums) {
    coefficients.withUnsafeBufferPointer { panel.multiply(rows: count, coefficients: $0, into: margins) }
    if data.offsets != nil {
      for row in 0..<count { margins[row] += offsets[row] }
    }
    vector_log_loss(
      margins.baseAddress, outcomes.baseAddress, weights.baseAddress, 1, count, losses.baseAddress,
      residuals.baseAddress, curvatures.baseAddress)
    for row in 0..<count {
      products[row] = weights[row] > 0 ? residuals[row] * residuals[row] / weights[row] : 0
    }
    panel.addTransposedProduct(rows: count, residuals: UnsafeBufferPointer(residuals), to: sums.gradient)
    panel.addWeightedGram(rows: count, weights: UnsafeBufferPointer(products), to: sums.robust)
    guard clusters != nil else { return }
    for column in 0..<panel.columns {
      let source = panel.column(column)
      let target = scores.column(column)
      let shift = shifts[column]
      for row in 0..<count { target[slots[row]] += residuals[row] * source[row] + weights[row] * shift }
    }
  }

  /// Adds the products of the complete clusters' scores.
  private func flush(to sums: SandwichSums) {
    guard usedSlots > 0 else { return }
    products.update(repeating: 1)
    scores.addWeightedGram(rows: usedSlots, weights: UnsafeBufferPointer(products), to: sums.clustered)
    for column in 0..<scores.columns { scores.column(column).update(repeating: 0) }
    usedSlots = 0
  }
}
