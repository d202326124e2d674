/// A rising step curve with slopes between its steps that maps scores to probabilities (isotonic regression).
///
/// The weighted least-squares fit under the condition that probabilities do not fall as scores rise, by pooling
/// adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman 1955); it is the maximum likelihood fit too. Within a
/// pool the probability is constant, between two pools it rises in a straight line.
///
/// Pools of one class only would get the probability 0 or 1, which no sample can prove and a single error makes
/// infinitely bad. Therefore half a positive row is added below all scores and half a negative row above them before
/// pooling: the lowest pool has the rate (positives + ½)/(rows + ½), the highest positives/(rows + ½) (both, if all is
/// one pool), and the curve rises nevertheless.
public struct IsotonicCalibrator: Sendable, Equatable {
  /// Scores at which the curve bends, not falling.
  public let scores: [Double]
  /// Probabilities at these, not falling, between 0 and 1 exclusively.
  public let probabilities: [Double]

  /// Rows of each class that are added at the far ends.
  static let addedRows = 0.5

  /// A curve through given points.
  ///
  /// - Parameters:
  ///   - scores: strictly ascending, at least one.
  ///   - probabilities: not falling, between 0 and 1.
  init(scores: [Double], probabilities: [Double]) {
    precondition(Self.isValid(scores, probabilities), "a calibration curve rises")
    (self.scores, self.probabilities) = (scores, probabilities)
  }

  private static func isValid(_ scores: [Double], _ probabilities: [Double]) -> Bool {
    !scores.isEmpty && scores.count == probabilities.count
      && scores.allSatisfy(\.isFinite) && probabilities.allSatisfy { (0...1).contains($0) }
      && zip(scores, scores.dropFirst()).allSatisfy { $0 < $1 }
      && zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 <= $1 }
  }

  /// Fits the curve; nil without a row of positive weight.
  ///
  /// - Parameters:
  ///   - scores: finite, one a row, usually predicted probabilities.
  ///   - labels: one a row.
  ///   - weights: at least 0, one a row, or nil for 1 each; they count as repeated rows.
  /// - Complexity: O(n log n)
  public init?(scores: [Double], labels: [Bool], weights: [Double]? = nil) {
    precondition(
      labels.count == scores.count && (weights.map { $0.count == scores.count } ?? true),
      "as many labels and weights as scores are needed")
    var pools = [
      Pool(least: -.infinity, greatest: -.infinity, positives: Self.addedRows, weight: Self.addedRows)
    ]
    let order = Ranks.ascendingOrder(scores)
    Ranks.forEachTie(order, scores) { tie in
      var (positives, weight) = (0.0, 0.0)
      for position in tie {
        let row = order[position]
        weight += weights?[row] ?? 1
        positives += labels[row] ? weights?[row] ?? 1 : 0
      }
      guard weight > 0 else { return }
      let score = scores[order[tie.lowerBound]]
      Self.add(Pool(least: score, greatest: score, positives: positives, weight: weight), to: &pools)
    }
    guard pools.count > 1 || pools[0].greatest.isFinite else { return nil }
    Self.add(Pool(least: .infinity, greatest: .infinity, positives: 0, weight: Self.addedRows), to: &pools)
    let points = pools.flatMap(\.points)
    (self.scores, probabilities) = (points.map(\.score), points.map(\.probability))
  }

  /// Adds the next pool upwards and joins pools as long as the last one's rate is not above that of the one before.
  private static func add(_ next: Pool, to pools: inout [Pool]) {
    var last = next
    while let before = pools.last, before.positives * last.weight >= last.positives * before.weight {
      last.join(before)
      pools.removeLast()
    }
    pools.append(last)
  }

  /// Neighbouring scores with one probability.
  private struct Pool {
    var least: Double
    var greatest: Double
    var positives: Double
    var weight: Double

    mutating func join(_ before: Pool) {
      least = before.least.isFinite ? before.least : least
      greatest = greatest.isFinite ? greatest : before.greatest
      positives += before.positives
      weight += before.weight
    }

    /// Where the curve bends: both ends, or the one score.
    var points: [(score: Double, probability: Double)] {
      let probability = positives / weight
      return least < greatest ? [(least, probability), (greatest, probability)] : [(least, probability)]
    }
  }

  /// The probability of a score; beyond the ends of the curve that of the end.
  ///
  /// - Complexity: O(log points)
  public func probability(_ score: Double) -> Double {
    guard !score.isNaN else { return .nan }
    var (low, high) = (0, scores.count)
    while low < high {
      let middle = (low + high) / 2
      if scores[middle] <= score { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return probabilities[0] }
    guard low < scores.count else { return probabilities[low - 1] }
    let share = (score - scores[low - 1]) / (scores[low] - scores[low - 1])
    return probabilities[low - 1] + share * (probabilities[low] - probabilities[low - 1])
  }
}

extension IsotonicCalibrator {
  /// How much of the score itself is mixed into a curve that is to rise everywhere.
  private static let mixedShare = 1e-3

  /// The curve between scores of 0 and 1 with a thousandth of the score mixed in: what a pool holds keeps its order, so that
  /// ranks are those of the scores, and no probability changes by more than a thousandth.
  ///
  /// - Complexity: O(points)
  var strictlyRising: IsotonicCalibrator {
    guard let first = probabilities.first, let last = probabilities.last, scores.allSatisfy((0...1).contains)
    else { return self }
    var points = Array(zip(scores, probabilities))
    if scores.first != 0 { points.insert((0, first), at: 0) }
    if scores.last != 1 { points.append((1, last)) }
    return IsotonicCalibrator(
      scores: points.map { $0.0 },
      probabilities: points.map { (1 - Self.mixedShare) * $0.1 + Self.mixedShare * $0.0 })
  }
}

extension IsotonicCalibrator: Codable {
  private enum CodingKeys: String, CodingKey {
    case scores, probabilities
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let scores = try container.decode([Double].self, forKey: .scores)
    let probabilities = try container.decode([Double].self, forKey: .probabilities)
    guard Self.isValid(scores, probabilities) else {
      throw DecodingError.dataCorruptedError(
        forKey: .probabilities, in: container,
        debugDescription: "a calibration curve must rise within 0 and 1")
    }
    self.init(scores: scores, probabilities: probabilities)
  }
}
