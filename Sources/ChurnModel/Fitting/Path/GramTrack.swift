internal import Foundation

/// Hessians of the mean log loss at some anchors of a path, and between them by interpolation over log λ.
struct GramTrack: Sendable {
  /// log λ of the anchors, falling.
  let places: [Double]
  /// Row-major, one an anchor.
  let hessians: [[Double]]
  /// Whether solutions follow λ smoothly, as those of a ridge do: then four neighbours are used instead of two.
  let isSmooth: Bool

  private static let neighbours = 4

  /// The Hessian at a λ; that of the first or last anchor outside of them.
  func hessian(_ penalty: Double) -> [Double] {
    let place = log(penalty)
    guard let last = places.last, places.count > 1, place < places[0] else { return hessians[0] }
    guard place > last else { return hessians[hessians.count - 1] }
    let next = places.firstIndex { $0 <= place } ?? places.count - 1
    if places[next] == place { return hessians[next] }
    guard isSmooth, places.count >= Self.neighbours else {
      let share = (place - places[next - 1]) / (places[next] - places[next - 1])
      return QuadraticModel.mean(hessians[next - 1], hessians[next], share: share)
    }
    let first = min(max(next - Self.neighbours / 2, 0), places.count - Self.neighbours)
    let used = first..<first + Self.neighbours
    var result = [Double](repeating: 0, count: hessians[0].count)
    for index in used {
      // Lagrange's polynomials.
      var share = 1.0
      for other in used where other != index {
        share *= (place - places[other]) / (places[index] - places[other])
      }
      let hessian = hessians[index]
      for element in result.indices { result[element] += share * hessian[element] }
    }
    return result
  }
}
