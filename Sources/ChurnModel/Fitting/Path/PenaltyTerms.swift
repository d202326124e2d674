internal import Foundation

/// The elastic-net penalty Σⱼ aⱼ·|βⱼ| + ½·bⱼ·βⱼ² with aⱼ = λ·α·fⱼ and bⱼ = λ·(1 − α)·fⱼ; both are 0 for the intercept.
struct PenaltyTerms: Sendable {
  /// aⱼ, one a coefficient, the intercept first; infinite where a coefficient must stay 0.
  let absolute: [Double]
  /// bⱼ likewise.
  let squared: [Double]

  /// - Parameters:
  ///   - penalty: λ.
  ///   - mixing: α.
  ///   - factors: f, the intercept's 0 first.
  init(penalty: Double, mixing: Double, factors: [Double]) {
    absolute = factors.map { penalty * mixing * $0 }
    squared = factors.map { penalty * (1 - mixing) * $0 }
  }

  /// Holds every coefficient with a factor above 0 at 0.
  init(holding factors: [Double]) {
    absolute = factors.map { $0 > 0 ? .infinity : 0 }
    squared = factors.map { _ in 0 }
  }

  /// Whether it is smooth, a ridge.
  var isSmooth: Bool { absolute.allSatisfy { $0 == 0 } }

  func value(_ coefficients: [Double]) -> Double {
    var sum = 0.0
    for (index, coefficient) in coefficients.enumerated() where coefficient != 0 {
      sum += absolute[index] * coefficient.magnitude + squared[index] / 2 * coefficient * coefficient
    }
    return sum
  }

  /// How far a coefficient is from the conditions of Karush, Kuhn and Tucker: the distance of 0 from the subdifferential
  /// of the objective.
  ///
  /// - Parameter slope: the derivative of the mean log loss.
  @inline(__always)
  func violation(_ index: Int, slope: Double, coefficient: Double) -> Double {
    if coefficient == 0 { return max(slope.magnitude - absolute[index], 0) }
    let sign: Double = coefficient < 0 ? -1 : 1
    return (slope + squared[index] * coefficient + sign * absolute[index]).magnitude
  }

  /// The greatest of them: 0 at the optimum, and only there.
  func violation(gradient: [Double], coefficients: [Double]) -> Double {
    var greatest = 0.0
    for index in gradient.indices {
      let own = violation(index, slope: gradient[index], coefficient: coefficients[index])
      // A NaN must not be lost: it is no optimum.
      greatest = own > greatest || own.isNaN ? own : greatest
    }
    return greatest
  }
}
