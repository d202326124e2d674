import LinearAlgebra

/// What is asked of a pass at one vector of coefficients.
struct PathRequest: Sendable {
  /// Intercept first, standardised.
  let coefficients: [Double]
  /// The groups whose rows count.
  let groups: [Int]
  /// Of the Gram matrix; nil where none is wanted.
  var gram: GramPrecision?
}

/// What a pass found at one vector of coefficients, group after group in the order of the request; plain sums.
struct PathSums: Sendable {
  let groups: [Int]
  /// Σ w·loss.
  var losses: [Double]
  /// Xᵀ(w·(p − y)), empty when no gradient was asked for.
  var gradients: [[Double]]
  /// XᵀWX, row-major and symmetric, empty when it was not asked for.
  var grams: [[Double]]

  /// The sum over all groups.
  func sum(of parts: [[Double]]) -> [Double] {
    guard var result = parts.first else { return [] }
    for part in parts.dropFirst() {
      for index in result.indices { result[index] += part[index] }
    }
    return result
  }
}

/// Passes over the rows at many vectors of coefficients at once: margins and gradients are matrix products. The design
/// columns that the first pass makes, group after group, are kept where they do not need too much memory.
///
/// Blocks of rows and the order of their sums depend on the sizes alone, so that every number of threads gives the same
/// bits.
final class PathPass: @unchecked Sendable {
  let expansion: Expansion
  let rows: GroupedRows
  let parallel: Parallel
  /// Passes so far.
  private(set) var passes = 0
  private var workers: [PathWorker] = []
  private let blocks: [Block]
  /// Panels of all blocks; empty where they are not kept. Each is used by one thread at a time.
  private let kept: UnsafeMutableBufferPointer<LoadedRows?>

  /// Successive rows of one group, and their panels.
  private struct Block {
    let group: Int
    let positions: Range<Int>
    let panels: Range<Int>
  }

  private static let blocks = 48
  /// Bytes of panels that are kept.
  private static let keptMemory = 1 << 29
  /// Bytes of partial Gram matrices at a time; more are made by further passes.
  private static let gramMemory = 1 << 28

  init(expansion: Expansion, rows: GroupedRows, parallel: Parallel) {
    self.expansion = expansion
    self.rows = rows
    self.parallel = parallel
    var blocks: [Block] = []
    for (group, positions) in rows.blocks(about: Self.blocks) {
      let first = blocks.last?.panels.upperBound ?? 0
      blocks.append(
        Block(
          group: group, positions: positions,
          panels: first..<first + PathWorker.panels(of: positions.count)))
    }
    self.blocks = blocks
    let panels = blocks.last?.panels.upperBound ?? 0
    let bytes = panels * Panel.usualCapacity * expansion.panelColumns * MemoryLayout<Double>.stride
    kept = .allocate(capacity: bytes <= Self.keptMemory ? panels : 0)
    kept.initialize(repeating: nil)
  }

  deinit {
    kept.deinitialize()
    kept.deallocate()
  }

  /// - Complexity: O(rows × columns × requests), and O(rows × columns²) a Gram matrix.
  func evaluate(_ requests: [PathRequest], gradients: Bool = true) -> [PathSums] {
    let order = expansion.panelColumns
    let most = max(1, Self.gramMemory / (Self.blocks * order * order * MemoryLayout<Double>.stride))
    var result: [PathSums] = []
    result.reserveCapacity(requests.count)
    var first = 0
    while first < requests.count {
      var (end, grams) = (first, 0)
      while end < requests.count, grams + (requests[end].gram == nil ? 0 : 1) <= most {
        grams += requests[end].gram == nil ? 0 : 1
        end += 1
      }
      result += pass(Array(requests[first..<end]), gradients)
      first = end
    }
    return result
  }

  private func pass(_ requests: [PathRequest], _ gradients: Bool) -> [PathSums] {
    passes += 1
    let plans = rows.ranges.indices.map { group in
      PathPlan(group: group, requests: requests, order: expansion.panelColumns, gradients: gradients)
    }
    let blocks = blocks.filter { !plans[$0.group].members.isEmpty }
    let partials = blocks.map { PathPartial(plans[$0.group]) }
    while workers.count < min(parallel.threads, max(blocks.count, 1)) {
      workers.append(PathWorker(expansion: expansion, rows: rows))
    }
    let workers = workers
    nonisolated(unsafe) let kept = kept
    rows.data.values.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: blocks.count, blockSize: 1) { block in
        let own = blocks[block.index]
        workers[block.worker].add(
          own.positions, of: elements, plans[own.group], to: partials[block.index],
          kept: kept.isEmpty ? nil : UnsafeMutableBufferPointer(rebasing: kept[own.panels]))
      }
    }
    return combined(requests, plans, blocks.map(\.group), partials)
  }

  /// Adds the blocks up in their order.
  private func combined(
    _ requests: [PathRequest], _ plans: [PathPlan], _ groups: [Int], _ partials: [PathPartial]
  ) -> [PathSums] {
    let order = expansion.panelColumns
    let totals = plans.map { PathPartial($0) }
    for (group, partial) in zip(groups, partials) { totals[group].add(partial) }
    var places = plans.map { _ in 0 }
    var gramPlaces = places
    return requests.map { request in
      var sums = PathSums(groups: request.groups, losses: [], gradients: [], grams: [])
      for group in request.groups {
        let (total, place) = (totals[group], places[group])
        places[group] += 1
        sums.losses.append(total.losses[place])
        if plans[group].wantsGradients {
          sums.gradients.append(Array(total.gradients[place * order..<(place + 1) * order]))
        }
        if request.gram != nil {
          sums.grams.append(Self.symmetric(total.grams, at: gramPlaces[group] * order * order, order))
          gramPlaces[group] += 1
        }
      }
      return sums
    }
  }

  /// The matrix whose lower triangle stands at a place.
  private static func symmetric(
    _ elements: UnsafeMutableBufferPointer<Double>, at start: Int, _ order: Int
  ) -> [Double] {
    var result = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0...row {
        let value = elements[start + row * order + column]
        result[row * order + column] = value
        result[column * order + row] = value
      }
    }
    return result
  }
}

/// Which requests count the rows of one group.
struct PathPlan: Sendable {
  /// Numbers of the requests.
  let members: [Int]
  /// Their coefficients, one vector after the other.
  let coefficients: [Double]
  /// Positions within `members` of those that want a Gram matrix, and its precision.
  let gramMembers: [(place: Int, precision: GramPrecision)]
  let wantsGradients: Bool
  /// Panel columns.
  let order: Int

  init(group: Int, requests: [PathRequest], order: Int, gradients: Bool) {
    let members = requests.indices.filter { requests[$0].groups.contains(group) }
    self.members = members
    coefficients = members.flatMap { requests[$0].coefficients }
    gramMembers = members.enumerated().compactMap { place, member in
      requests[member].gram.map { (place, $0) }
    }
    wantsGradients = gradients
    self.order = order
  }
}

/// What one block of rows adds.
final class PathPartial: @unchecked Sendable {
  /// One a member.
  let losses: UnsafeMutableBufferPointer<Double>
  /// Columns × members.
  let gradients: UnsafeMutableBufferPointer<Double>
  /// Columns squared × members with a Gram matrix; only lower triangles count.
  let grams: UnsafeMutableBufferPointer<Double>

  init(_ plan: PathPlan) {
    losses = .allocate(capacity: plan.members.count)
    gradients = .allocate(capacity: plan.wantsGradients ? plan.members.count * plan.order : 0)
    grams = .allocate(capacity: plan.gramMembers.count * plan.order * plan.order)
    for part in [losses, gradients, grams] { part.initialize(repeating: 0) }
  }

  deinit {
    for part in [losses, gradients, grams] { part.deallocate() }
  }

  func add(_ other: PathPartial) {
    for (own, others) in [
      (losses, other.losses), (gradients, other.gradients), (grams, other.grams),
    ] {
      for index in own.indices { own[index] += others[index] }
    }
  }
}
