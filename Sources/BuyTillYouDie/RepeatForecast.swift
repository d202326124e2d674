public import LinearAlgebra

/// P(alive) and the repeats to expect of many histories at once.
public struct RepeatForecast: Sendable {
  /// One value a history.
  public let probabilityAlive: [Double]
  /// Repeats expected within each horizon, the chance of having left counted in; one value a history.
  public let expectedWithin: [[Double]]

  /// Those of the first horizon.
  public var expected: [Double] { expectedWithin[0] }

  /// - Complexity: O(histories · k), and some hundred sums for each number of repeats that many have; on all threads
  public init(
    _ histories: [RepeatHistory], _ model: RepeatModel, _ horizon: RepeatHorizon,
    parallel: Parallel = .standard
  ) {
    self.init(histories, RepeatModels(model), [horizon], parallel: parallel)
  }

  /// - Parameters:
  ///   - models: of these histories, in their order.
  ///   - horizons: at least one.
  /// - Complexity: as for one horizon; where covariates give many different chances to leave, fourteen times the sums
  public init(
    _ histories: [RepeatHistory], _ models: RepeatModels, _ horizons: [RepeatHorizon],
    parallel: Parallel = .standard
  ) {
    precondition(!horizons.isEmpty, "a forecast needs a horizon")
    let count = histories.count
    let width = horizons.count + 1
    let columns = (0..<width).map { _ in UnsafeMutableBufferPointer<Double>.allocate(capacity: count) }
    defer { for column in columns { column.deallocate() } }
    nonisolated(unsafe) let values = columns
    switch models.base {
    case .betaGeometric:
      let tables = RepeatTables(histories, models, horizons, parallel)
      Self.forEach(histories, width, parallel) { index, history, own in
        guard case .betaGeometric(let model) = models[index] else { return }
        let alive = model.probabilityAlive(history)
        tables.ifAlive(history, model, to: own)
        values[0].initializeElement(at: index, to: alive)
        for horizon in 1..<width {
          values[horizon].initializeElement(at: index, to: alive * own[horizon - 1])
        }
      }
    case .pareto:
      let lifetimes = horizons.map { LifetimeByAge(histories, models, $0) }
      Self.forEach(histories, width, parallel) { index, history, _ in
        guard case .pareto(let model) = models[index] else { return }
        let alive = model.probabilityAlive(history)
        let visits = alive * (model.r + Double(history.repeats)) / (model.alpha + history.age)
        values[0].initializeElement(at: index, to: alive)
        for horizon in 1..<width {
          values[horizon].initializeElement(
            at: index, to: visits * lifetimes[horizon - 1](model.beta + history.age))
        }
      }
    }
    probabilityAlive = Array(columns[0])
    expectedWithin = columns.dropFirst().map { Array($0) }
  }

  private static let blockSize = 1 << 12

  /// Calls `body` for every history with room for some numbers, in blocks on all threads.
  private static func forEach(
    _ histories: [RepeatHistory], _ width: Int, _ parallel: Parallel,
    _ body: @Sendable (Int, RepeatHistory, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    histories.withUnsafeBufferPointer { histories in
      nonisolated(unsafe) let histories = histories
      parallel.forEachBlock(count: histories.count, blockSize: blockSize) { block in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { room in
          for index in block.range { body(index, histories[index], room) }
        }
      }
    }
  }

  /// One value a history, made in blocks on all threads.
  static func values(
    _ histories: [RepeatHistory], _ parallel: Parallel, _ value: @Sendable (Int, RepeatHistory) -> Double
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: histories.count) { values, count in
      nonisolated(unsafe) let values = values
      forEach(histories, 0, parallel) { index, history, _ in
        values.initializeElement(at: index, to: value(index, history))
      }
      count = histories.count
    }
  }
}
