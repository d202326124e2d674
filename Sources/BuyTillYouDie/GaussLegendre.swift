internal import Foundation

/// Gauss-Legendre quadrature on −1 … 1.
enum GaussLegendre {
  private static let count = 16

  /// P₀(x) … Pₙ(x), the Legendre polynomials.
  private static func polynomials(_ x: Double, upTo most: Int = count) -> [Double] {
    var values = [1.0, x]
    for degree in 1..<most {
      let d = Double(degree)
      values.append(((2 * d + 1) * x * values[degree] - d * values[degree - 1]) / (d + 1))
    }
    return values
  }

  /// Sixteen nodes with their weights.
  static let nodes = nodes(count)
  /// Eight of them, for what is nearly a polynomial.
  static let fewNodes = nodes(count / 2)

  /// Roots of the Legendre polynomial by Newton's method from Tricomi's approximation, with their weights; descending.
  private static func nodes(_ count: Int) -> [(place: Double, weight: Double)] {
    let steps = 8
    return (0..<count).map { index in
      var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<steps {
        let values = polynomials(x, upTo: count)
        slope = Double(count) * (x * values[count] - values[count - 1]) / (x * x - 1)
        x -= values[count] / slope
      }
      return (x, 2 / ((1 - x * x) * slope * slope))
    }
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
