public import LinearAlgebra

/// P(alive) and the repeats to expect of many histories at once.
public struct RepeatForecast: Sendable {
  /// One value a history.
  public let probabilityAlive: [Double]
  /// Repeats expected within the horizon, the chance of having left counted in; one value a history.
  public let expected: [Double]

  private static let blockSize = 1 << 12

  /// - Complexity: O(histories · k), and some hundred sums for each number of repeats that many have; on all threads
  public init(
    _ histories: [RepeatHistory], _ model: RepeatModel, _ horizon: RepeatHorizon,
    parallel: Parallel = .standard
  ) {
    let alive = Self.values(histories, parallel) { _, history in model.probabilityAlive(history) }
    switch model {
    case .betaGeometric(let model):
      let tables = RepeatTables(histories, model, horizon, parallel)
      expected = Self.values(histories, parallel) { alive[$0] * tables.ifAlive($1) }
    case .pareto(let model):
      let lifetimes = LifetimeByAge(histories, model, horizon)
      expected = Self.values(histories, parallel) { index, history in
        alive[index] * (model.r + Double(history.repeats)) / (model.alpha + history.age)
          * lifetimes(history.age)
      }
    }
    probabilityAlive = alive
  }

  /// One value a history, made in blocks on all threads.
  static func values(
    _ histories: [RepeatHistory], _ parallel: Parallel, _ value: @Sendable (Int, RepeatHistory) -> Double
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: histories.count) { values, count in
      nonisolated(unsafe) let values = values
      histories.withUnsafeBufferPointer { histories in
        nonisolated(unsafe) let histories = histories
        parallel.forEachBlock(count: histories.count, blockSize: blockSize) { block in
          for index in block.range { values.initializeElement(at: index, to: value(index, histories[index])) }
        }
      }
      count = histories.count
    }
  }
}

/// Tables by age for the numbers of repeats that many histories have.
private struct RepeatTables: Sendable {
  private let model: BetaGeometric
  private let horizon: RepeatHorizon
  private let byRepeats: [RepeatsByAge?]

  /// A table costs as much as a few hundred expectations.
  private static let worthwhile = 300

  init(
    _ histories: [RepeatHistory], _ model: BetaGeometric, _ horizon: RepeatHorizon, _ parallel: Parallel
  ) {
    self.model = model
    self.horizon = horizon
    var spans: [(count: Int, least: Double, greatest: Double)] = []
    for history in histories {
      while spans.count <= history.repeats { spans.append((0, .infinity, 0)) }
      spans[history.repeats].count += 1
      spans[history.repeats].least = min(spans[history.repeats].least, history.age)
      spans[history.repeats].greatest = max(spans[history.repeats].greatest, history.age)
    }
    let (known, wanted) = (
      spans, spans.indices.filter { spans[$0].count * horizon.times.count >= Self.worthwhile }
    )
    byRepeats = [RepeatsByAge?](unsafeUninitializedCapacity: spans.count) { tables, count in
      tables.initialize(repeating: nil)
      nonisolated(unsafe) let tables = tables
      parallel.forEachBlock(count: wanted.count, blockSize: 1) { block in
        let repeats = wanted[block.index]
        tables[repeats] = RepeatsByAge(
          model, repeats: repeats, ages: known[repeats].least...known[repeats].greatest, within: horizon)
      }
      count = known.count
    }
  }

  func ifAlive(_ history: RepeatHistory) -> Double {
    byRepeats[history.repeats]?(history) ?? model.expectedIfAlive(history, within: horizon)
  }
}
