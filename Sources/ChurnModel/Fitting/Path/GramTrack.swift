internal import Foundation

/// Hessians of the mean log loss at some anchors of a path, and between them by interpolation over log λ.
///
/// The weight p(1 − p) of every row follows λ smoothly, but for kinks where a coefficient leaves 0; Lagrange's polynomial
/// through four anchors interpolates all of them at once, and with them the Hessian.
struct GramTrack: Sendable {
  /// log λ of the anchors, falling.
  let places: [Double]
  /// Row-major, one an anchor.
  let hessians: [[Double]]

  private static let neighbours = 4

  /// - Parameter penalties: λ of the anchors, falling.
  init(penalties: [Double], hessians: [[Double]]) {
    self.init(places: penalties.map { log($0) }, hessians: hessians)
  }

  init(places: [Double], hessians: [[Double]]) {
    self.places = places
    self.hessians = hessians
  }

  /// The Hessian at a λ; that of the first or last anchor outside of them.
  func hessian(_ penalty: Double) -> [Double] {
    let place = log(penalty)
    guard let last = places.last, places.count > 1, place < places[0] else { return hessians[0] }
    guard place > last else { return hessians[hessians.count - 1] }
    let next = places.firstIndex { $0 <= place } ?? places.count - 1
    if places[next] == place { return hessians[next] }
    let count = min(Self.neighbours, places.count)
    let first = min(max(next - count / 2, 0), places.count - count)
    let used = first..<first + count
    var result = [Double](repeating: 0, count: hessians[0].count)
    for index in used {
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
