internal import LinearAlgebra

/// Tables by age for the numbers of repeats that many histories have, for each of some horizons.
struct RepeatTables: Sendable {
  private let horizons: [RepeatHorizon]
  private let nodes: LeavingNodes
  /// By node and number of repeats.
  private let tables: [RepeatsByAge?]
  private let width: Int

  /// A table costs as much as a few hundred expectations.
  private static let worthwhile = 300

  init(
    _ histories: [RepeatHistory], _ models: RepeatModels, _ horizons: [RepeatHorizon], _ parallel: Parallel
  ) {
    self.horizons = horizons
    guard case .betaGeometric(let base) = models.base else {
      preconditionFailure("tables are for the beta-geometric family")
    }
    // By repeats: how many, and between which α + T they lie.
    var spans: [(count: Int, least: Double, greatest: Double)] = []
    for (index, history) in histories.enumerated() {
      while spans.count <= history.repeats { spans.append((0, .infinity, 0)) }
      let scale = models[index].parameters[1] + history.age
      spans[history.repeats].count += 1
      spans[history.repeats].least = min(spans[history.repeats].least, scale)
      spans[history.repeats].greatest = max(spans[history.repeats].greatest, scale)
    }
    let nodes =
      models.isUniform
      ? LeavingNodes(CollectionOfOne(base.a))
      : LeavingNodes(histories.indices.lazy.map { models[$0].parameters[2] })
    let times = horizons.reduce(0) { $0 + $1.times.count }
    let known = spans
    let wanted = spans.indices.filter { spans[$0].count * times >= Self.worthwhile * nodes.places.count }
    let jobs = nodes.places.indices.flatMap { node in wanted.map { (node: node, repeats: $0) } }
    let width = spans.count
    tables = [RepeatsByAge?](unsafeUninitializedCapacity: width * nodes.places.count) { tables, count in
      tables.initialize(repeating: nil)
      nonisolated(unsafe) let tables = tables
      parallel.forEachBlock(count: jobs.count, blockSize: 1) { block in
        let (node, repeats) = jobs[block.index]
        let model = BetaGeometric(
          r: base.r, alpha: base.alpha, a: nodes.places[node], b: base.b, k: base.k,
          leavesAtOrigin: base.leavesAtOrigin)
        tables[node * width + repeats] = RepeatsByAge(
          model, repeats: repeats, scales: known[repeats].least...known[repeats].greatest, within: horizons)
      }
      count = width * nodes.places.count
    }
    self.nodes = nodes
    self.width = width
  }

  /// The repeats within each horizon of somebody who is alive, by their own model.
  func ifAlive(_ history: RepeatHistory, _ model: BetaGeometric, to sums: UnsafeMutableBufferPointer<Double>)
  {
    let sums = UnsafeMutableBufferPointer(rebasing: sums[..<horizons.count])
    tables.withUnsafeBufferPointer { tables in
      sums.update(repeating: 0)
      guard tables[history.repeats] != nil else {
        for (index, horizon) in horizons.enumerated() {
          sums[index] = model.expectedIfAlive(history, within: horizon)
        }
        return
      }
      nodes.mix(at: model.a, into: sums) { node, share in
        tables[node * width + history.repeats]?.add(share, history, alpha: model.alpha, to: sums)
      }
    }
  }
}
