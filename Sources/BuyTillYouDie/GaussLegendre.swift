internal import Foundation

/// Gauss-Legendre quadrature on −1 … 1.
enum GaussLegendre {
  private static let count = 16

  /// P₀(x) … P₁₆(x), the Legendre polynomials.
  private static func polynomials(_ x: Double) -> [Double] {
    var values = [1.0, x]
    for degree in 1..<count {
      let d = Double(degree)
      values.append(((2 * d + 1) * x * values[degree] - d * values[degree - 1]) / (d + 1))
    }
    return values
  }

  /// Roots of the Legendre polynomial by Newton's method from Tricomi's approximation, with their weights; descending.
  static let nodes: [(place: Double, weight: Double)] = (0..<count).map { index in
    let steps = 8
    var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
    var slope = 1.0
    for _ in 0..<steps {
      let values = polynomials(x)
      slope = Double(count) * (x * values[count] - values[count - 1]) / (x * x - 1)
      x -= values[count] / slope
    }
    return (x, 2 / ((1 - x * x) * slope * slope))
  }

  /// Row i: weights of the values at the nodes in the integral from −1 to node i, exact for polynomials below degree 16.
  static let cumulative: [[Double]] = nodes.map { node in
    let upTo = polynomials(node.place)
    return nodes.map { other in
      let at = polynomials(other.place)
      var sum = (node.place + 1) / 2
      for degree in 1..<count { sum += at[degree] * (upTo[degree + 1] - upTo[degree - 1]) / 2 }
      return other.weight * sum
    }
  }
}
