internal import Foundation

/// The family of models in which somebody may leave with each visit: BG/NBD, MBG/NBD, BG/CNBD-k and MBG/CNBD-k.
///
/// While alive, the time between visits is Erlang-k distributed with a rate λ of one's own, λ ~ Gamma(r, α): k = 1 are
/// visits at random, the greater k the more regular they are. After every repeat somebody leaves for good with a
/// probability p of their own, p ~ Beta(a, b); in the modified models (M) also at the origin.
///
/// Sources: P. S. Fader, B. G. S. Hardie and K. L. Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science
/// 24(2); M. Platzer and T. Reutterer (2016), Ticking Away the Moments, Marketing Science 35(5).
public struct BetaGeometric: Sendable, Hashable {
  /// Shape of the rates.
  public let r: Double
  /// Scale of the rates, in the unit of the data.
  public let alpha: Double
  /// Shapes of the probabilities to leave.
  public let a: Double
  public let b: Double
  /// Regularity of visits.
  public let k: Int
  /// Whether somebody may leave at the origin.
  public let leavesAtOrigin: Bool

  /// The greatest k that is computed.
  public static let greatestRegularity = 32

  public init(r: Double, alpha: Double, a: Double, b: Double, k: Int = 1, leavesAtOrigin: Bool = false) {
    precondition(r > 0 && alpha > 0 && a > 0 && b > 0, "parameters are positive")
    precondition(k >= 1 && k <= Self.greatestRegularity, "k is a whole number from 1")
    self.r = r
    self.alpha = alpha
    self.a = a
    self.b = b
    self.k = k
    self.leavesAtOrigin = leavesAtOrigin
  }

  public var kind: RepeatModelKind {
    switch (k, leavesAtOrigin) {
    case (1, false): .bgNBD
    case (1, true): .mbgNBD
    case (_, false): .bgCNBDk
    case (_, true): .mbgCNBDk
    }
  }

  /// b + the chances to leave that somebody with this history did not take, if alive.
  func staying(_ repeats: Int) -> Double { b + Double(leavesAtOrigin ? repeats + 1 : repeats) }

  /// The probability that somebody with this history has not left.
  ///
  /// P(alive) = 1 / (1 + a/(b + x − 1 + [M]) · ((α + T)/(α + t_x))^(r + kx) / Σⱼ (r + kx)ⱼ/j!·((T − t_x)/(α + T))ʲ), j < k,
  /// and 1 before the first repeat where nobody leaves at the origin.
  public func probabilityAlive(_ history: RepeatHistory) -> Double {
    guard history.repeats > 0 || leavesAtOrigin else { return 1 }
    let shape = r + Double(k * history.repeats)
    let gap = history.age - history.last
    let growth = log1p(gap / (alpha + history.last))
    let silence = k == 1 ? 0 : log(phaseSum(shape, gap / (alpha + history.age)))
    return 1 / (1 + a / (staying(history.repeats) - 1) * exp(shape * growth - silence))
  }

  /// Σⱼ (shape)ⱼ/j!·qʲ, j < k.
  private func phaseSum(_ shape: Double, _ q: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for phase in 1..<k {
      term *= (shape + Double(phase - 1)) / Double(phase) * q
      sum += term
    }
    return sum
  }
}
