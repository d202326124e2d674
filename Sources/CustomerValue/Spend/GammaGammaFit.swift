internal import BuyTillYouDie
internal import Foundation
public import LinearAlgebra

/// A gamma-gamma model fitted to the amounts of customers.
public struct GammaGammaFit: Sendable {
  public let model: GammaGamma
  /// Log-likelihood at the fit; unit: nats over all customers.
  public let logLikelihood: Double
  /// Standard errors of p, q and v from the curvature at the fit.
  public let standardErrors: [Double]
  /// Covariance of ln p, ln q and ln v (Laplace).
  let logCovariance: Matrix
  public let customers: Int
  public let iterations: Int

  /// Beyond this magnitude of its logarithm a parameter has run away; v counts against the mean amount.
  private static let farthest = 15.0
  /// Stops when a Newton step promises less than this, in nats.
  private static let tolerance = 1e-9
  private static let maximumIterations = 200

  /// Maximises the log-likelihood over ln p, ln q and ln v by damped Newton steps with exact derivatives.
  ///
  /// - Returns: `nil` where the data leave a parameter open: fewer than two customers, equal means, or one amount a
  ///   customer that fits any p.
  /// - Complexity: O(customers) a step, ten to thirty steps.
  public init?(_ sample: SpendSample, parallel: Parallel = .standard) {
    guard sample.customers > 1 else { return nil }
    // Any p and q will do; v then gives the mean that is seen.
    let (p, q) = (2.0, 3.0)
    let scale = sample.meanAmount * (q - 1) / p
    let parameters = { (position: [Double]) -> [Double] in
      [exp(position[0]), exp(position[1]), scale * exp(position[2])]
    }
    var search = LikelihoodSearch(
      from: [log(p), log(q), 0], farthest: [Double](repeating: Self.farthest, count: 3),
      tolerance: Self.tolerance, maximumIterations: Self.maximumIterations
    ) { position in
      let own = parameters(position)
      let likelihood = GammaGammaLikelihood(
        of: sample, at: GammaGamma(p: own[0], q: own[1], v: own[2]), parallel: parallel)
      let gradient = own.indices.map { own[$0] * likelihood.gradient[$0] }
      var hessian = likelihood.hessian
      for row in own.indices {
        for column in own.indices { hessian[row][column] *= own[row] * own[column] }
        hessian[row][row] += gradient[row]
      }
      return LikelihoodPoint(value: likelihood.value, gradient: gradient, hessian: hessian)
    }
    guard search.run(), !search.held.contains(true), let covariance = search.covariance else { return nil }
    let found = parameters(search.position)
    model = GammaGamma(p: found[0], q: found[1], v: found[2])
    logLikelihood = search.point.value
    logCovariance = covariance
    // By the delta method: the standard error of a parameter is itself times that of its logarithm.
    standardErrors = (0..<3).map { found[$0] * covariance[$0, $0].squareRoot() }
    customers = sample.customers
    iterations = search.iterations
  }
}
