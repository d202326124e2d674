internal import Foundation
internal import LinearAlgebra

/// Pairs of models one standard deviation to either side of a fit, along the axes of its parameters' uncertainty.
///
/// With the covariance C = Σ vᵢvᵢᵀ of the logarithms, a function f of them has by the Laplace approximation the variance
/// Σ ((f(θ + vᵢ) − f(θ − vᵢ))/2)².
package struct ParameterSpread: Sendable {
  let pairs: [(above: RepeatModel, below: RepeatModel)]
  /// Models whose parameters have the mean and the covariance of the fit's, each as probable: as many deviations away as
  /// the root of the number of axes.
  package let sigmaPoints: [RepeatModel]

  /// `nil` when the fit has no covariance.
  package init?(_ fit: RepeatModelFit) {
    guard let covariance = fit.logCovariance, let axes = try? SymmetricEigenvectors(covariance) else {
      return nil
    }
    let centre = fit.model.parameters.map(log)
    let parameters = centre.count
    let spread = axes.values.enumerated().filter { $0.element > 0 }
    func model(_ axis: Int, _ distance: Double) -> RepeatModel {
      let moved = (0..<parameters).map {
        let moved = centre[$0] + distance * axes.vectors[axis, $0]
        return min(max(moved, -RepeatFitProblem.farthestScale), RepeatFitProblem.farthestScale)
      }
      return RepeatModel(fit.kind, parameters: moved.map(exp), k: fit.model.k)
    }
    pairs = spread.map {
      (model($0.offset, $0.element.squareRoot()), model($0.offset, -$0.element.squareRoot()))
    }
    sigmaPoints = spread.flatMap { axis, variance in
      let distance = (Double(spread.count) * variance).squareRoot()
      return [model(axis, distance), model(axis, -distance)]
    }
  }
}
