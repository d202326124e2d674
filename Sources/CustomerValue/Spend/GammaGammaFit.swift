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

  /// Maximises the log-likelihood over ln p, ln q and ln v by Newton steps with exact derivatives.
  ///
  /// - Returns: `nil` where the data leave a parameter open: fewer than two customers, equal means, or one amount a
  ///   customer that fits any p.
  /// - Complexity: O(customers) a step, ten to thirty steps.
  public init?(_ sample: SpendSample, parallel: Parallel = .standard) {
    guard sample.customers > 1 else { return nil }
    // Any p and q will do; v then gives the mean that is seen.
    let (p, q) = (2.0, 3.0)
    let start = [log(p), log(q), log(sample.meanAmount * (q - 1) / p)]
    let scale = start[2]
    let found = DampedNewton().minimise(from: [start[0], start[1], 0]) { point in
      let parameters = [exp(point[0]), exp(point[1]), exp(point[2] + scale)]
      let likelihood = GammaGammaLikelihood(
        of: sample, at: GammaGamma(p: parameters[0], q: parameters[1], v: parameters[2]), parallel: parallel)
      let gradient = zip(parameters, likelihood.gradient).map(*)
      let hessian = (0..<3).map { row in
        (0..<3).map { column in
          -(row == column ? gradient[row] : 0)
            - parameters[row] * parameters[column] * likelihood.hessian[row][column]
        }
      }
      return DampedNewton.Value(
        objective: -likelihood.value, gradient: gradient.map { -$0 }, hessian: Matrix(hessian))
    }
    guard let found, let factor = try? Cholesky(found.value.hessian) else { return nil }
    let parameters = [exp(found.point[0]), exp(found.point[1]), exp(found.point[2] + scale)]
    model = GammaGamma(p: parameters[0], q: parameters[1], v: parameters[2])
    logLikelihood = -found.value.objective
    let covariance = factor.inverse()
    logCovariance = covariance
    // By the delta method: the standard error of a parameter is itself times that of its logarithm.
    standardErrors = (0..<3).map { parameters[$0] * covariance[$0, $0].squareRoot() }
    customers = sample.customers
    iterations = found.iterations
  }
}
