import Foundation

/// The scores, labels and weights of `reference.py`.
enum ReferenceScores {
  private static let rows = Array(0..<60)
  static let probabilities = rows.map { (Double((37 * $0) % 101) + 0.5) / 101.5 }
  static let weights = rows.map { 1 + Double($0 % 3) }
  /// Positive where a number that looks random is below p^0.7.
  static let labels = rows.map { row in
    let p = probabilities[row]
    return Double((53 * row * row + 7 * row) % 97) / 97 < pow(p, 0.7)
  }
  /// Positive where a number that looks random is below p²/(p² + (1 − p)²).
  static let steepLabels = rows.map { row in
    let p = probabilities[row]
    return Double((29 * row * row + 3 * row) % 89) / 89 < p * p / (p * p + (1 - p) * (1 - p))
  }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A number in 0..<1.
  mutating func uniform() -> Double {
    Double.random(in: 0..<1, using: &self)
  }
}
