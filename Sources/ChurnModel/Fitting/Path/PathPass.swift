import LinearAlgebra

/// Passes over the rows at many vectors of coefficients at once: margins and gradients are matrix products. The design
/// columns that the first pass makes, group after group, are kept where they do not need too much memory.
///
/// With many rows they are kept in single precision. Only a few points, the landmarks, are then evaluated in double
/// precision; elsewhere losses and gradients are those of the nearest landmark and, in single precision, what changes from
/// there (`KeptRows`). Changes are small, and so are their rounding errors.
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
  private var changeWorkers: [ChangeWorker] = []
  private let blocks: [Block]
  /// Panels of all blocks; empty where they are not kept. Each is used by one thread at a time.
  private let loaded: UnsafeMutableBufferPointer<LoadedRows?>
  /// What is kept in single precision instead; nil where nothing is.
  private let kept: KeptRows?

  /// Successive rows of one group, and their panels.
  private struct Block {
    let group: Int
    let positions: Range<Int>
    let panels: Range<Int>
  }

  private static let blocks = 48
  /// Each takes four bytes a row.
  private static let mostLandmarks = 64
  /// Bytes of panels that are kept.
  private static let keptMemory = 1 << 29
  /// Bytes of partial Gram matrices at a time; more are made by further passes.
  private static let gramMemory = 1 << 28

  /// - Parameter precision: of what is kept of the rows.
  init(expansion: Expansion, rows: GroupedRows, parallel: Parallel, precision: GramPrecision = .double) {
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
    let (panels, columns) = (blocks.last?.panels.upperBound ?? 0, expansion.panelColumns)
    let isSingle = precision == .single && SinglePanels.isSupported(columns: columns)
    let bytes =
      isSingle
      ? SinglePanels.bytes(panels: panels, columns: columns)
      : panels * Panel.usualCapacity * columns * MemoryLayout<Double>.stride
    let isKept = bytes <= Self.keptMemory
    kept = isKept && isSingle ? KeptRows(panels: panels, columns: columns) : nil
    loaded = .allocate(capacity: isKept && !isSingle ? panels : 0)
    loaded.initialize(repeating: nil)
  }

  deinit {
    loaded.deinitialize()
    loaded.deallocate()
  }

  /// - Parameter reach: how far points may be from a landmark; those beyond become landmarks, where they count all rows.
  /// - Complexity: O(rows × columns × requests), and O(rows × columns²) a Gram matrix.
  func evaluate(
    _ requests: [PathRequest], gradients: Bool = true, within reach: KeptRows.Reach = .near
  ) -> [PathSums] {
    guard let kept else { return exactly(requests, gradients) }
    // The first pass meets every row.
    guard kept.isFilled else { return landmarks(requests) }
    addLandmarks(requests, kept, reach)
    let starts = requests.map {
      $0.gram == nil ? kept.nearest(to: $0.coefficients, within: reach) : nil
    }
    let pairs = zip(requests, starts)
    var exact = exactly(pairs.filter { $1 == nil }.map(\.0), gradients).makeIterator()
    let steps = pairs.compactMap { request, start in start.map { (request, from: $0) } }
    var changed = changes(steps, gradients, kept).makeIterator()
    return starts.compactMap { $0 == nil ? exact.next() : changed.next() }
  }

  /// Makes landmarks of points beyond the reach of all landmarks and of each other.
  private func addLandmarks(_ requests: [PathRequest], _ kept: KeptRows, _ reach: KeptRows.Reach) {
    var new: [PathRequest] = []
    for request in requests where request.gram == nil && request.groups.count == rows.ranges.count {
      let isKnown =
        kept.nearest(to: request.coefficients, within: reach) != nil
        || new.contains { reach.spans($0.coefficients, request.coefficients) }
      if !isKnown, kept.landmarks.count + new.count < Self.mostLandmarks { new.append(request) }
    }
    if !new.isEmpty { _ = landmarks(new) }
  }

  /// Evaluates points exactly and remembers them, so that others may be measured from there.
  ///
  /// - Parameter requests: of all groups.
  func landmarks(_ requests: [PathRequest]) -> [PathSums] {
    guard let kept else { return exactly(requests, true) }
    precondition(
      requests.allSatisfy { $0.groups.count == rows.ranges.count }, "a landmark counts the rows of all groups"
    )
    let first = kept.prepare(for: requests.count)
    let found = exactly(requests, true, landmarks: first)
    kept.add(zip(requests, found).map { KeptRows.Landmark(coefficients: $0.coefficients, sums: $1) })
    return found
  }

  // MARK: In double precision

  /// - Parameter landmarks: number of the first request among the landmarks; nil when they are none.
  private func exactly(
    _ requests: [PathRequest], _ gradients: Bool, landmarks: Int? = nil
  ) -> [PathSums] {
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
      result += pass(Array(requests[first..<end]), gradients, landmarks: landmarks.map { $0 + first })
      first = end
    }
    return result
  }

  private func pass(_ requests: [PathRequest], _ gradients: Bool, landmarks: Int?) -> [PathSums] {
    let plans = plans(requests, gradients)
    while workers.count < parallel.threads {
      workers.append(PathWorker(expansion: expansion, rows: rows, kept: kept))
    }
    let workers = workers
    nonisolated(unsafe) let loaded = loaded
    return rows.data.values.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      return sums(requests, plans) { worker, block, partial in
        workers[worker].add(
          block.positions, of: elements, plans[block.group], to: partial,
          loaded: loaded.isEmpty ? nil : UnsafeMutableBufferPointer(rebasing: loaded[block.panels]),
          panels: block.panels, landmarks: landmarks)
      }
    }
  }

  // MARK: In single precision

  private func changes(
    _ requests: [(PathRequest, from: Int)], _ gradients: Bool, _ kept: KeptRows
  ) -> [PathSums] {
    guard !requests.isEmpty else { return [] }
    let steps = requests.map { request, landmark in
      PathRequest(
        coefficients: kept.step(to: request.coefficients, from: landmark), groups: request.groups)
    }
    let plans = plans(steps, gradients).map { ChangePlan($0, landmarks: requests.map { $0.from }) }
    while changeWorkers.count < parallel.threads { changeWorkers.append(ChangeWorker(kept)) }
    let workers = changeWorkers
    let found = sums(steps, plans.map(\.plan)) { worker, block, partial in
      workers[worker].add(block.panels, rows: block.positions.count, plans[block.group], to: partial)
    }
    return requests.indices.map { index in
      kept.landmarks[requests[index].from].sums.adding(found[index], step: steps[index].coefficients)
    }
  }

  // MARK: Sums

  private func plans(_ requests: [PathRequest], _ gradients: Bool) -> [PathPlan] {
    rows.ranges.indices.map { group in
      PathPlan(group: group, requests: requests, order: expansion.panelColumns, gradients: gradients)
    }
  }

  /// Has the blocks that count for any request worked on, and adds their parts up.
  ///
  /// - Parameter work: takes the number of a thread, a block and where to add what it finds.
  private func sums(
    _ requests: [PathRequest], _ plans: [PathPlan],
    _ work: @Sendable (Int, Block, PathPartial) -> Void
  ) -> [PathSums] {
    passes += 1
    let blocks = blocks.filter { !plans[$0.group].members.isEmpty }
    let partials = blocks.map { PathPartial(plans[$0.group]) }
    parallel.forEachBlock(count: blocks.count, blockSize: 1) { block in
      work(block.worker, blocks[block.index], partials[block.index])
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
