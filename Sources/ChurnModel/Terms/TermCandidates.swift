internal import Foundation
import LinearAlgebra

/// Which features can have terms, and on which nodes: a fine scale for a term of their own and a coarser one for pairs.
struct TermCandidates {
  struct Scales: Sendable {
    let own: TermScale
    let pair: TermScale
    /// Whether the straight part of a term is straight in the value's logarithm.
    let isLogarithm: Bool
    /// Whether a term is that straight part alone.
    var isStraight = false
    /// What the steps from node to node are held to; nil for nothing.
    var steps: StepBounds?
  }

  /// One a feature; nil for those that have no term.
  private(set) var scales: [Scales?]
  private(set) var dropped: [DroppedFeature] = []

  /// - Parameter rows: the rows that decide.
  /// - Complexity: O(features × rows log rows + features² × rows)
  /// - Throws: `ChurnModelError` when bins are wanted and the rows have one label.
  init(_ data: TrainingData, rows: [Int32], options: TermOptions) throws(ChurnModelError) {
    let count = data.features.count
    var found = [(scales: Scales?, distinct: Int)](repeating: (nil, 0), count: count)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      options.parallel.forEachBlock(count: count, blockSize: 1) { block in
        let column = data.features[block.index]
        guard column.kind != .unused else { return }
        let distribution = ValueDistribution(data, feature: block.index, rows: rows)
        found[block.index] = (Self.scales(column, distribution, options), distribution.values.count)
      }
    }
    scales = found.map(\.scales)
    let varied = scales
    try cut(data, rows: rows, options: options)
    for (feature, column) in data.features.enumerated() where column.kind != .unused && scales[feature] == nil
    {
      drop(
        column.name,
        varied[feature] == nil
          ? Self.reason(distinct: found[feature].distinct)
          : "one bin for all of its values is best")
    }
    dropTwins(data, rows: rows, limit: options.correlationLimit)
  }

  private mutating func drop(_ feature: String, _ reason: String) {
    dropped.append(DroppedFeature(feature: feature, column: feature, reason: reason))
  }

  /// Why a feature with so many different values has no nodes.
  private static func reason(distinct: Int) -> String {
    switch distinct {
    case 0: "no training row has a value"
    case 1: "it has the same value in every training row"
    default: "each of its \(distinct) levels has too few rows"
    }
  }

  private static func scales(
    _ column: FeatureColumn, _ distribution: ValueDistribution, _ options: TermOptions
  ) -> Scales? {
    if column.kind.isCategory {
      guard
        let own = TermScale.category(
          distribution, mostNodes: options.levels, leastWeight: options.leastLevelWeight),
        let pair = TermScale.category(
          distribution, mostNodes: options.pairLevels, leastWeight: options.leastLevelWeight)
      else { return nil }
      return Scales(own: own, pair: pair, isLogarithm: false)
    }
    let shape = options.shape(of: column)
    let isLogarithmic = shape == .logarithm
    guard
      let own = TermScale.number(distribution, mostKnots: options.knots, isLogarithmic: isLogarithmic),
      let pair = TermScale.number(distribution, mostKnots: options.pairKnots, isLogarithmic: isLogarithmic)
    else { return nil }
    var scales = Scales(
      own: own, pair: pair,
      isLogarithm: isLogarithmic
        || shape != .line && (column.kind == .logarithm || distribution.hasLongTail))
    scales.isStraight = isLogarithmic || shape == .line
    if own.valueNodes > 1 {
      scales.steps = options.directions[column.name].map { direction in
        StepBounds(Array(repeating: direction, count: own.valueNodes - 1))
      }
    }
    return scales
  }

  /// Replaces the knots of numbers that are to have bins.
  private mutating func cut(
    _ data: TrainingData, rows: [Int32], options: TermOptions
  ) throws(ChurnModelError) {
    for (feature, column) in data.features.enumerated() where scales[feature]?.own.isNumber == true {
      guard case .bins(let trend) = options.shape(of: column) else { continue }
      let most = [options.bins.maximumBins, options.pairKnots]
      guard
        let own = try TermBins(
          data, feature: feature, rows: rows, trend: trend, most: most[0], options: options),
        let pair = most[1] >= own.scale.valueNodes
          ? own
          : try TermBins(data, feature: feature, rows: rows, trend: trend, most: most[1], options: options)
      else {
        scales[feature] = nil
        continue
      }
      scales[feature] = Scales(own: own.scale, pair: pair.scale, isLogarithm: false, steps: own.steps)
    }
  }

  // MARK: Twins

  /// Rows from which correlations are taken.
  private static let correlationRows = 20_000

  private mutating func dropTwins(_ data: TrainingData, rows: [Int32], limit: Double) {
    let step = (rows.count + Self.correlationRows - 1) / Self.correlationRows
    let sample = stride(from: 0, to: rows.count, by: step).map { Int(rows[$0]) }
    let numbers = data.features.indices.filter { !data.features[$0].kind.isCategory && scales[$0] != nil }
    var kept: [(feature: Int, standardised: [Double])] = []
    for feature in numbers {
      let values = Self.standardised(data, feature, sample)
      let twin = kept.first { other in
        zip(other.standardised, values).reduce(0) { $0 + $1.0 * $1.1 }.magnitude > limit
      }
      if let twin {
        drop(
          data.features[feature].name,
          "it says the same as \(data.features[twin.feature].name) (correlation beyond \(limit))")
        scales[feature] = nil
      } else {
        kept.append((feature, values))
      }
    }
  }

  /// The feature's values with mean 0 and length 1; a missing one stands at the mean.
  private static func standardised(_ data: TrainingData, _ feature: Int, _ rows: [Int]) -> [Double] {
    let columns = data.features.count
    var values = data.values.withUnsafeElements { elements in rows.map { elements[$0 * columns + feature] } }
    let present = values.filter { !$0.isNaN }
    let mean = present.reduce(0, +) / Double(max(present.count, 1))
    for index in values.indices { values[index] = values[index].isNaN ? 0 : values[index] - mean }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? values.map { $0 / length } : values
  }
}

extension ValueDistribution {
  private static let tails = [0.05, 0.5, 0.95]
  /// Difference of the two tails' lengths, relative to their sum, from which a tail is long.
  private static let longTail = 0.5

  /// Whether a number that is nowhere negative has a long upper tail that its logarithm has not.
  fileprivate var hasLongTail: Bool {
    guard let least = values.first, least >= 0 else { return false }
    let marks = quantiles(Self.tails)
    let plain = Self.lopsidedness(marks)
    return plain > Self.longTail && Self.lopsidedness(marks.map { log1p($0) }) < plain / 2
  }

  private static func lopsidedness(_ marks: [Double]) -> Double {
    let width = marks[2] - marks[0]
    return width > 0 ? (marks[2] + marks[0] - 2 * marks[1]) / width : 0
  }
}
