internal import Foundation
internal import LinearAlgebra

/// Models one standard deviation to either side of a fit, along the axes of its parameters' uncertainty.
///
/// With the covariance C = Σ vᵢvᵢᵀ of the logarithms, a function f of them has by the Laplace approximation the variance
/// Σ ((f(θ + vᵢ) − f(θ − vᵢ))/2)².
package struct ParameterSpread: Sendable {
  let pairs: [(above: RepeatModels, below: RepeatModels)]
  /// Models whose parameters have the mean and the covariance of the fit's, each as probable: as many deviations away as
  /// the root of the number of axes.
  package let sigmaPoints: [RepeatModels]

  /// `nil` when the fit has no covariance.
  package init?(_ fit: RepeatModelFit) {
    self.init(fit.model.parameters.map(log), fit.logCovariance) { position in
      RepeatModels(RepeatModel(fit.kind, parameters: position.map { exp($0) }, k: fit.model.k))
    }
  }

  /// The same of a fit with covariates, for the customers that were fitted.
  package init?(_ fit: RepeatCovariateFit) {
    self.init(fit.centre, fit.covariance, models: fit.models)
  }

  private init?(_ centre: [Double], _ covariance: Matrix?, models: ([Double]) -> RepeatModels) {
    guard let covariance else { return nil }
    // Axes of the correlations, so that units of covariates do not matter.
    let deviations = centre.indices.map { max(covariance[$0, $0], 0).squareRoot() }
    let correlations = Matrix(
      centre.indices.map { row in
        centre.indices.map { column in
          let product = deviations[row] * deviations[column]
          return product > 0 ? covariance[row, column] / product : 0
        }
      })
    guard let axes = try? SymmetricEigenvectors(correlations) else { return nil }
    let spread = axes.values.enumerated().filter { $0.element > 0 }
    func model(_ axis: Int, _ distance: Double) -> RepeatModels {
      models(
        centre.indices.map {
          let moved = centre[$0] + distance * deviations[$0] * axes.vectors[axis, $0]
          guard $0 < Self.parameters else { return moved }
          return min(max(moved, -RepeatFitProblem.farthestScale), RepeatFitProblem.farthestScale)
        })
    }
    pairs = spread.map {
      (model($0.offset, $0.element.squareRoot()), model($0.offset, -$0.element.squareRoot()))
    }
    sigmaPoints = spread.flatMap { axis, variance in
      let distance = (Double(spread.count) * variance).squareRoot()
      return [model(axis, distance), model(axis, -distance)]
    }
  }

  /// Logarithms of parameters stand first.
  private static let parameters = 4
}
