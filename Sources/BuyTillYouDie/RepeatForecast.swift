public import LinearAlgebra

/// P(alive) and the repeats to expect of many histories at once.
public struct RepeatForecast: Sendable {
  /// One value a history.
  public let probabilityAlive: [Double]
  /// Repeats expected within the horizon, the chance of having left counted in; one value a history.
  public let expected: [Double]

  private static let blockSize = 1 << 12

  /// - Complexity: O(histories), on all threads
  public init(
    _ histories: [RepeatHistory], _ model: RepeatModel, _ horizon: RepeatHorizon,
    parallel: Parallel = .standard
  ) {
    probabilityAlive = Self.values(histories, parallel) { model.probabilityAlive($0) }
    expected = Self.values(histories, parallel) { model.expectedRepeats(of: $0, within: horizon) }
  }

  private static func values(
    _ histories: [RepeatHistory], _ parallel: Parallel, _ value: @Sendable (RepeatHistory) -> Double
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: histories.count) { values, count in
      nonisolated(unsafe) let values = values
      parallel.forEachBlock(count: histories.count, blockSize: blockSize) { block in
        for index in block.range { values.initializeElement(at: index, to: value(histories[index])) }
      }
      count = histories.count
    }
  }
}
