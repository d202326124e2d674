internal import Foundation
import LinearAlgebra

/// Which features can have terms, and on which nodes: a fine scale for a term of their own and a coarser one for pairs.
struct TermCandidates {
  struct Scales: Sendable {
    let own: TermScale
    let pair: TermScale
    /// Whether the straight part of a term is straight in the value's logarithm.
    let isLogarithm: Bool
  }

  /// One a feature; nil for those that have no term.
  private(set) var scales: [Scales?]
  private(set) var dropped: [DroppedFeature] = []

  /// - Parameter rows: the rows that decide.
  /// - Complexity: O(features × rows log rows + features² × rows)
  init(_ data: TrainingData, rows: [Int32], options: TermOptions) {
    let count = data.features.count
    var found = [(scales: Scales?, hasValues: Bool)](repeating: (nil, false), count: count)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      options.parallel.forEachBlock(count: count, blockSize: 1) { block in
        let kind = data.features[block.index].kind
        guard kind != .unused else { return }
        let distribution = ValueDistribution(data, feature: block.index, rows: rows)
        found[block.index] = (
          Self.scales(kind, distribution, options), !distribution.values.isEmpty
        )
      }
    }
    scales = found.map(\.scales)
    for (feature, column) in data.features.enumerated() where column.kind != .unused && scales[feature] == nil
    {
      drop(
        column.name,
        found[feature].hasValues
          ? "it has the same value in every training row that has one" : "no training row has a value")
    }
    dropTwins(data, rows: rows, limit: options.correlationLimit)
  }

  private mutating func drop(_ feature: String, _ reason: String) {
    dropped.append(DroppedFeature(feature: feature, column: feature, reason: reason))
  }

  private static func scales(
    _ kind: FeatureColumn.Kind, _ distribution: ValueDistribution, _ options: TermOptions
  ) -> Scales? {
    if kind.isCategory {
      guard
        let own = TermScale.category(
          distribution, mostNodes: options.levels, leastWeight: options.leastLevelWeight),
        let pair = TermScale.category(
          distribution, mostNodes: options.pairLevels, leastWeight: options.leastLevelWeight)
      else { return nil }
      return Scales(own: own, pair: pair, isLogarithm: false)
    }
    guard let own = TermScale.number(distribution, mostKnots: options.knots),
      let pair = TermScale.number(distribution, mostKnots: options.pairKnots)
    else { return nil }
    return Scales(own: own, pair: pair, isLogarithm: kind == .logarithm || distribution.hasLongTail)
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
