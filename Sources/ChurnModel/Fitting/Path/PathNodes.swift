internal import Foundation

/// The λ of a path that are solved one by one; what is smooth in λ is known between them by interpolation.
///
/// With a quadratic loss every coefficient of a ridge is a sum of terms d/(d + λ), which as functions of log λ are analytic
/// up to a distance of π from the real axis, and so are the functions of it here, nearly. On an interval of the length R
/// the polynomial through K Chebyshev points then errs by about ρ⁻ᴷ with log ρ = asinh(2π/R) (Trefethen 2013,
/// "Approximation Theory and Approximation Practice", chapter 8); with the λ nearest to them it does so as long as those
/// lie as densely. The polynomials are evaluated by the barycentric formula (Berrut and Trefethen 2004, SIAM Review 46).
/// Solutions with an L1 penalty have kinks: every λ is a node then.
struct PathNodes: Sendable {
  /// Positions of the nodes among the λ, ascending; the first and the last λ are among them.
  let positions: [Int]
  /// For each λ the shares of the nodes; empty where it is a node.
  private let shares: [[Double]]

  /// Error that the interpolation of a function of magnitude 1 aims at.
  private static let error = 1e-9
  /// Share of the λ beyond which solving all of them is hardly dearer.
  private static let mostShare = 0.6

  /// - Parameters:
  ///   - penalties: λ, falling.
  ///   - isSmooth: whether solutions follow λ without kinks.
  init(_ penalties: [Double], isSmooth: Bool) {
    let places = penalties.map { log($0) }
    let all = Array(penalties.indices)
    let chosen = isSmooth ? Self.chosen(places) : all
    positions = Double(chosen.count) <= Self.mostShare * Double(all.count) ? chosen : all
    let isNode = Set(positions)
    let nodes = positions.map { places[$0] }
    let weights = Self.weights(nodes)
    shares = all.map { point in
      isNode.contains(point) ? [] : Self.shares(places[point], nodes, weights)
    }
  }

  /// Whether there is nothing between nodes.
  var areAll: Bool { positions.count == shares.count }

  /// Values at all λ by those at the nodes.
  func interpolate(_ values: [[Double]]) -> [[Double]] {
    var next = 0
    return shares.map { shares in
      guard !shares.isEmpty else {
        next += 1
        return values[next - 1]
      }
      var result = [Double](repeating: 0, count: values[0].count)
      for (share, value) in zip(shares, values) {
        for index in result.indices { result[index] += share * value[index] }
      }
      return result
    }
  }

  /// The λ nearest to Chebyshev's points, each once.
  private static func chosen(_ places: [Double]) -> [Int] {
    guard let first = places.first, let last = places.last, first > last else { return [0] }
    let length = first - last
    let count = Int((-log(error) / asinh(2 * .pi / length)).rounded(.up)) + 1
    var result: [Int] = []
    for index in 0..<count {
      let place = first - length * (1 - cos(.pi * Double(index) / Double(count - 1))) / 2
      let below = places.firstIndex { $0 <= place } ?? places.count - 1
      let isAboveNearer = below > 0 && places[below - 1] - place < place - places[below]
      let nearest = isAboveNearer ? below - 1 : below
      if result.last.map({ places[$0] > places[nearest] }) ?? true { result.append(nearest) }
    }
    return result
  }

  private static func weights(_ nodes: [Double]) -> [Double] {
    // Distances in quarters of the interval: products of them stay near 1.
    let unit = max((nodes[0] - nodes[nodes.count - 1]) / 4, .leastNormalMagnitude)
    return nodes.indices.map { own in
      1 / nodes.indices.reduce(1) { $1 == own ? $0 : $0 * (nodes[own] - nodes[$1]) / unit }
    }
  }

  private static func shares(_ place: Double, _ nodes: [Double], _ weights: [Double]) -> [Double] {
    if let same = nodes.firstIndex(of: place) { return nodes.indices.map { $0 == same ? 1 : 0 } }
    let terms = zip(nodes, weights).map { $1 / (place - $0) }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }
}
