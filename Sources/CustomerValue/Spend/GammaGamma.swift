internal import Statistics

/// The gamma-gamma model of what one visit brings.
///
/// The amounts of a customer vary around a mean of their own: each is Gamma(p, ν) with a rate ν ~ Gamma(q, v) that differs
/// between customers and has nothing to do with how often they come.
///
/// Source: P. S. Fader and B. G. S. Hardie (2013), The Gamma-Gamma Model of Monetary Value.
public struct GammaGamma: Sendable, Hashable {
  /// Shape of the amounts of one customer.
  public let p: Double
  /// Shape of the rates.
  public let q: Double
  /// Scale of the rates, in the unit of amounts.
  public let v: Double

  public init(p: Double, q: Double, v: Double) {
    precondition(p > 0 && q > 0 && v > 0, "parameters of a gamma-gamma model are positive")
    self.p = p
    self.q = q
    self.v = v
  }

  /// The mean amount of somebody of whom no amount is known: p·v/(q − 1); infinite for q ≤ 1.
  public var populationMean: Double { expectedSpend(count: 0, mean: 0) }

  /// The mean amount to be expected of a customer: p·(v + x·z̄)/(p·x + q − 1); infinite where p·x + q ≤ 1.
  ///
  /// - Parameters:
  ///   - count: x, amounts known of the customer.
  ///   - mean: z̄, their mean; means nothing for a count of 0.
  public func expectedSpend(count: Int, mean: Double) -> Double {
    let shape = p * Double(count) + q - 1
    guard shape > 0 else { return .infinity }
    return p * (v + (count > 0 ? Double(count) * mean : 0)) / shape
  }

  /// Where the customer's own mean lies with the given probability, by its distribution when their amounts are known
  /// (an inverse gamma).
  ///
  /// - Parameter confidence: between 0 and 1, with equal tails.
  public func interval(count: Int, mean: Double, confidence: Double) -> ClosedRange<Double> {
    let scale = p * (v + (count > 0 ? Double(count) * mean : 0))
    let (lower, upper) = quantiles(count: count, confidence: confidence)
    return scale * lower...scale * upper
  }

  /// The interval's ends for a customer whose p·(v + x·z̄) is 1; they depend on the count alone.
  func quantiles(count: Int, confidence: Double) -> (lower: Double, upper: Double) {
    let shape = p * Double(count) + q
    let tail = (1 - confidence) / 2
    return (
      1 / GammaQuantile.quantile(shape: shape, probability: 1 - tail),
      1 / GammaQuantile.quantile(shape: shape, probability: tail)
    )
  }
}
