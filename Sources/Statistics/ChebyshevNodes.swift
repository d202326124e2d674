internal import Foundation

/// Chebyshev points of an interval, and how much each counts in the polynomial through a function's values at them.
///
/// The barycentric formula: L. N. Trefethen, Approximation Theory and Approximation Practice (2013), theorem 5.2.
public struct ChebyshevNodes: Sendable {
  /// Ascending.
  public let places: [Double]
  /// Share of a node in the polynomial at some place, by the inverse of the distance: all are divided by their sum.
  public let barycentric: [Double]

  /// - Parameter count: of points, at least 1.
  public init(from lower: Double, to upper: Double, count: Int) {
    let angles = Self.angles(count)
    places = angles.map { (lower + upper) / 2 - (upper - lower) / 2 * cos($0) }
    barycentric = angles.enumerated().map { $0.offset.isMultiple(of: 2) ? sin($0.element) : -sin($0.element) }
  }

  /// The angles whose cosines are the points of −1 … 1.
  static func angles(_ count: Int) -> [Double] {
    (0..<count).map { Double.pi * (Double($0) + 0.5) / Double(count) }
  }

  /// Weights of the nodes that give Σ weight·f(place) for every polynomial f of a degree below their number.
  public func weights(of points: some Sequence<(place: Double, weight: Double)>) -> [Double] {
    var weights = [Double](repeating: 0, count: places.count)
    var shares = [Double](repeating: 0, count: places.count)
    for (place, weight) in points {
      if let node = places.firstIndex(of: place) {
        weights[node] += weight
        continue
      }
      var sum = 0.0
      for node in places.indices {
        shares[node] = barycentric[node] / (place - places[node])
        sum += shares[node]
      }
      for node in places.indices { weights[node] += weight * shares[node] / sum }
    }
    return weights
  }
}
