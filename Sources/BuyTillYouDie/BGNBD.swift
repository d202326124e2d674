internal import Foundation

/// The beta-geometric / negative binomial model of repeat events.
///
/// While alive, somebody comes at a rate λ of their own, λ ~ Gamma(r, α); after every repeat they leave for good with a
/// probability p of their own, p ~ Beta(a, b). Who has not yet come again is taken as alive.
///
/// Source: P. S. Fader, B. G. S. Hardie and K. L. Lee (2005), "Counting Your Customers" the Easy Way: An Alternative to
/// the Pareto/NBD Model, Marketing Science 24(2).
public struct BGNBD: Sendable, Hashable {
  /// Shape of the rates.
  public let r: Double
  /// Scale of the rates, in units of time.
  public let alpha: Double
  /// Shapes of the probabilities to leave.
  public let a: Double
  public let b: Double
  /// Days in the unit of time of `alpha`.
  public let daysPerUnit: Double

  public init(r: Double, alpha: Double, a: Double, b: Double, daysPerUnit: Double = 7) {
    precondition(
      r > 0 && alpha > 0 && a > 0 && b > 0 && daysPerUnit > 0, "parameters of a BG/NBD are positive")
    self.r = r
    self.alpha = alpha
    self.a = a
    self.b = b
    self.daysPerUnit = daysPerUnit
  }

  /// The probability that somebody with this history has not left.
  ///
  /// P(alive) = 1 / (1 + a/(b + x − 1) · ((α + T)/(α + t_x))^(r + x)) for x > 0, else 1.
  public func probabilityAlive(_ history: RepeatHistory) -> Double {
    guard history.repeats > 0 else { return 1 }
    let x = Double(history.repeats)
    let growth = log(
      (alpha + Double(history.age) / daysPerUnit) / (alpha + Double(history.lastDay) / daysPerUnit))
    return 1 / (1 + a / (b + x - 1) * exp((r + x) * growth))
  }
}
