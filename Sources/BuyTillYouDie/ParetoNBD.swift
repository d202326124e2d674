internal import Foundation

/// The Pareto / negative binomial model: visits at random, leaving at any moment.
///
/// While alive, somebody comes at a rate λ of their own, λ ~ Gamma(r, α), and leaves at a rate μ of their own,
/// μ ~ Gamma(s, β).
///
/// Sources: D. C. Schmittlein, D. G. Morrison and R. Colombo (1987), Counting Your Customers, Management Science 33(1);
/// P. S. Fader and B. G. S. Hardie (2005), A Note on Deriving the Pareto/NBD Model.
public struct ParetoNBD: Sendable, Hashable {
  /// Shape of the rates of visits.
  public let r: Double
  /// Scale of the rates of visits, in the unit of the data.
  public let alpha: Double
  /// Shape of the rates of leaving.
  public let s: Double
  /// Scale of the rates of leaving, in the unit of the data.
  public let beta: Double

  public init(r: Double, alpha: Double, s: Double, beta: Double) {
    precondition(r > 0 && alpha > 0 && s > 0 && beta > 0, "parameters are positive")
    self.r = r
    self.alpha = alpha
    self.s = s
    self.beta = beta
  }

  /// The probability that somebody with this history has not left.
  public func probabilityAlive(_ history: RepeatHistory) -> Double {
    let time = DeathTime(self, history)
    var dead = 0.0
    time.forEachNode { dead += $0.weight }
    return time.alive / (time.alive + dead)
  }

  /// The repeats to expect within a horizon after T, of somebody with this history who may have left.
  ///
  /// (r + x)/(α + T)·∫ ((β + T)/(β + T + τ))ˢ dτ over the time ahead, times P(alive).
  public func expectedRepeats(of history: RepeatHistory, within horizon: RepeatHorizon) -> Double {
    probabilityAlive(history) * (r + Double(history.repeats)) / (alpha + history.age)
      * lifetime(scale: beta + history.age, within: horizon)
  }

  /// The discounted time within a horizon that somebody who is alive at an age will be there, on average.
  ///
  /// - Parameter scale: β + T.
  func lifetime(scale: Double, within horizon: RepeatHorizon) -> Double {
    var sum = 0.0
    for (time, weight) in zip(horizon.times, horizon.weights) {
      sum += weight * lifetime(scale: scale, within: time)
    }
    return sum
  }

  /// The time that somebody who is alive at an age will be there within the time ahead, on average.
  func lifetime(scale: Double, within time: Double) -> Double {
    let growth = log1p(time / scale)
    let power = (1 - s) * growth
    let ratio = abs(power) < 1e-8 ? 1 + power / 2 : expm1(power) / power
    return scale * growth * ratio
  }
}
