internal import BuyTillYouDie
internal import Foundation
internal import LinearAlgebra

extension RepeatModelFit {
  /// Models around the fit whose plain mean stands for what is known of the parameters.
  ///
  /// The logarithms of the parameters are taken as normal with the covariance at the fit (Laplace). Two points along each
  /// column of its root, so far out that they have that covariance, give means and variances of smooth functions to second
  /// order (Julier and Uhlmann 1997). Where the curvature is flat, the fit alone is taken.
  var parameterPoints: [RepeatModel] {
    guard let logCovariance, let root = try? Cholesky(logCovariance) else { return [model] }
    let count = model.parameters.count
    let scale = Double(count).squareRoot()
    return (0..<count).flatMap { column in
      [scale, -scale].map { distance in
        let parameters = model.parameters.enumerated().map {
          $1 * exp(distance * root.lowerElement($0, column))
        }
        return RepeatModel(kind, parameters: parameters, k: model.k)
      }
    }
  }
}
