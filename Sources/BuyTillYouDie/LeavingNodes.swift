internal import Foundation
internal import Statistics

/// The values of a for which expectations are tabled where customers differ by it.
///
/// Few values stand for themselves. Of many, each octave has Chebyshev points: expectations are analytic in a but at
/// a ≤ −b, so that polynomials through 14 of them err by (3 + √8)⁻¹⁴ = 2e-11.
struct LeavingNodes: Sendable {
  /// Ascending.
  let places: [Double]
  private let barycentric: [Double]
  /// The first octave; `nil` where every value is a node.
  private let firstOctave: Int?

  private static let points = 14

  init(_ values: some Sequence<Double>) {
    var distinct: Set<Double> = []
    var (least, greatest) = (Double.infinity, 0.0)
    for value in values {
      if distinct.count <= Self.points { distinct.insert(value) }
      (least, greatest) = (min(least, value), max(greatest, value))
    }
    guard distinct.count > Self.points else {
      places = distinct.sorted()
      barycentric = []
      firstOctave = nil
      return
    }
    let octaves = Int(least.exponent)...Int(greatest.exponent)
    let nodes = octaves.map {
      ChebyshevNodes(from: scalbn(1, $0), to: scalbn(2, $0), count: Self.points)
    }
    places = nodes.flatMap(\.places)
    barycentric = nodes.flatMap(\.barycentric)
    firstOctave = octaves.lowerBound
  }

  /// Σ share·f(node) over the nodes around a value, for each of some functions.
  ///
  /// - Parameters:
  ///   - add: adds share·f(node) of every function to the sums.
  func mix(at value: Double, into sums: UnsafeMutableBufferPointer<Double>, add: (Int, Double) -> Void) {
    guard let firstOctave else {
      if let node = places.firstIndex(of: value) { add(node, 1) }
      return
    }
    let first = (Int(value.exponent) - firstOctave) * Self.points
    var total = 0.0
    for node in first..<first + Self.points {
      let distance = value - places[node]
      guard distance != 0 else {
        sums.update(repeating: 0)
        add(node, 1)
        return
      }
      let share = barycentric[node] / distance
      total += share
      add(node, share)
    }
    for index in sums.indices { sums[index] /= total }
  }
}
