public import Histories
public import LinearAlgebra

/// One ordered sweep for all as-of dates asked for: relation by relation, each advanced from date to date.
///
/// Nothing depends on which dates are asked for together, nor on the number of threads. Two passes make everything: one
/// for what peers did, when a sweep is made, and one for populations, or rows, or both.
public struct FeatureSweep: Sendable {
  /// What was known at each date, ascending.
  public let views: [AsOfView]
  let histories: Histories
  let parallel: Parallel

  /// Looks at all relations once for what peers did, for as many dates at a time as memory allows.
  ///
  /// - Parameters:
  ///   - dates: at least one, in any order; the same one twice is one.
  ///   - scope: which features are wanted; others are missing.
  ///   - everythingAt: dates of which every feature is wanted.
  /// - Complexity: O(orders + relations × dates).
  public init(
    histories: Histories, dates: [Day], scope: FeatureScope = .everything, everythingAt: [Day] = [],
    parallel: Parallel = .standard
  ) {
    let dates = Array(Set(dates)).sorted()
    let scopes = dates.map { everythingAt.contains($0) ? .everything : scope }
    let made = PeerPass.run(histories, dates: dates, scopes: scopes, parallel: parallel)
    self.init(
      dates.indices.map { date in
        AsOfView(
          histories, dates[date], peers: made[date].peers, context: made[date].context, scope: scopes[date],
          parallel: parallel)
      })
  }

  /// - Parameter views: of the same histories, ascending by date.
  init(_ views: [AsOfView]) {
    precondition(!views.isEmpty, "a sweep has a date")
    self.views = views
    histories = views[0].histories
    parallel = views[0].parallel
  }

  /// What was known at one of the dates; `nil` for another one.
  public func view(asOf: Day) -> AsOfView? { views.first { $0.asOf == asOf } }

  /// The same for some of the dates; nothing is looked at anew.
  public func selecting(_ dates: [Day]) -> FeatureSweep {
    FeatureSweep(views.filter { dates.contains($0.asOf) })
  }

  // MARK: Populations

  /// The population of each date, by the order of `views`; see `AsOfView.population`.
  ///
  /// - Complexity: O(orders + relations × dates).
  public func populations(label: LapseLabel? = nil, activeOnly: Bool = true) -> [Population] {
    let blockSize = 1 << 12
    let blocks = Parallel.blockCount(count: histories.relations.count, blockSize: blockSize)
    let partials = BlockResults<[Population]>(count: blocks)
    RelationPass(histories, parallel).forEachBlock(blockSize: blockSize) { block, workspace in
      let judge = TargetJudge(label)
      var found = [Population](repeating: Population(), count: views.count)
      for relation in block.range {
        workspace.begin(relation: relation)
        for (date, view) in views.enumerated() {
          workspace.advance(to: view.asOf)
          guard
            let member = view.member(workspace, label: label, judge: judge, activeOnly: activeOnly)
          else { continue }
          found[date].append(relation, member.outcome)
        }
      }
      partials[block.index] = found
    }
    var populations = [Population](repeating: Population(), count: views.count)
    for block in 0..<blocks {
      guard let found = partials[block] else { continue }
      for date in views.indices { populations[date].append(found[date]) }
    }
    return populations
  }

  /// Finds the population of each date, what became of it, and its features in one go, block by block, so that nothing
  /// but a block a thread and what `body` makes of it is in memory.
  ///
  /// - Parameter body: is called on several threads with the date's place in `views`, the block's part of its population
  ///   and the features of that (row-major).
  /// - Returns: by date the population, and the values of its blocks in the order of the relations.
  /// - Complexity: O(orders + relations × dates).
  public func forEachPopulationBlock<Value: Sendable>(
    label: LapseLabel? = nil,
    body: @Sendable (_ date: Int, _ population: Population, _ features: UnsafeBufferPointer<Double>) -> Value
  ) -> [(population: Population, values: [Value])] {
    let blockSize = Self.rowsPerBlock(dates: views.count)
    let blocks = Parallel.blockCount(count: histories.relations.count, blockSize: blockSize)
    let partials = BlockResults<[(Population, Value)]>(count: blocks)
    RelationPass(histories, parallel).forEachBlock(blockSize: blockSize) { block, workspace in
      let judge = TargetJudge(label)
      let stride = block.range.count * Feature.count
      let rows = UnsafeMutableBufferPointer<Double>.allocate(capacity: stride * views.count)
      defer { rows.deallocate() }
      guard let base = rows.baseAddress else { return }
      var found = [Population](repeating: Population(), count: views.count)
      for relation in block.range {
        workspace.begin(relation: relation)
        for (date, view) in views.enumerated() {
          workspace.advance(to: view.asOf)
          guard let member = view.member(workspace, label: label, judge: judge, activeOnly: true) else {
            continue
          }
          let row = base + date * stride + found[date].count * Feature.count
          view.write(workspace, member.state, to: row)
          found[date].append(relation, member.outcome)
        }
      }
      partials[block.index] = found.enumerated().map { date, population in
        let used = UnsafeBufferPointer(
          start: base + date * stride, count: population.count * Feature.count)
        return (population, body(date, population, used))
      }
    }
    let results = (0..<blocks).compactMap { partials[$0] }
    return views.indices.map { date in
      var population = Population()
      for block in results { population.append(block[date].0) }
      return (population, results.map { $0[date].1 })
    }
  }

  /// Relations a block, so that the rows of all dates together stay as many as those of one.
  static func rowsPerBlock(dates: Int) -> Int {
    let rows = 1 << 12
    let least = 1 << 8
    return max(rows / dates, least)
  }
}
