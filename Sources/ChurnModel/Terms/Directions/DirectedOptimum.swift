import LinearAlgebra

/// What an optimum with held directions has beside its coefficients; the optimum's Hessian and its factor are those of
/// the point.
struct DirectedOptimum: Sendable {
  let coordinates: StepCoordinates
  let point: [Double]
  let held: [BoundedNewton.Side?]
  /// By the coordinates, of the sum over rows, at the point.
  let gradient: [Double]
  /// Before the last step.
  let projectedGradient: [Double]
  /// Of the coefficients (intercept first), given that what is held stays held.
  let covariance: Matrix

  /// Makes a held term's values at the nodes keep their direction exactly, whatever rounding did: each is the one before
  /// plus its step.
  func keep(_ values: inout [Double], of term: Int) {
    guard let block = coordinates.blocks.first(where: { $0.term == term }), !block.isSlope else { return }
    let steps = point[block.places]
    if steps.allSatisfy({ $0 == 0 }) {
      for node in 0...steps.count { values[node] = 0 }
      return
    }
    for (node, step) in steps.enumerated() { values[node + 1] = values[node] + step }
  }

  /// The greatest magnitude that each coordinate can have in a row, the intercept's 1 first.
  func greatest(_ layout: TermLayout, active: [Int]) -> [Double] {
    let position = layout.positions(of: active)
    var greatest = [Double](repeating: 1, count: active.count + 1)
    for (term, shape) in layout.shapes.enumerated() {
      let own = Array(layout.columns[term])
      let places = own.map { position[$0] }.filter { $0 >= 0 }
      guard !places.isEmpty else { continue }
      var largest = [Double](repeating: 0, count: greatest.count)
      for cell in 0..<shape.cells {
        var row = [Double](repeating: 0, count: greatest.count)
        for (column, value) in zip(own, shape.direction(cell: cell)) where position[column] >= 0 {
          row[position[column]] = value
        }
        let mapped = coordinates.gradient(row)
        for place in places { largest[place] = max(largest[place], mapped[place].magnitude) }
      }
      for place in places { greatest[place] = largest[place] }
    }
    return greatest
  }
}
