internal import CVectorLoops
import LinearAlgebra

extension TermObjective {
  /// Time of an addition to a cell, and of a product within a large matrix product: what decides between two ways.
  private static let secondsOfCell = 1e-9
  private static let secondsOfProduct = 4e-11
  /// Up to so many rows nothing is spared.
  private static let fewRows = 10_000
  /// Rows that tell a curvature to a few thousandths.
  private static let steeringRows = 100_000

  /// ∇² of the loss alone over intercept and active coefficients.
  ///
  /// Few directions are multiplied with each other row by row; for many directions it is quicker to sum up on nodes, of
  /// which a row touches two or four only. Which way is taken depends on sizes alone.
  ///
  /// - Complexity: O(rows × min(terms², coefficients²))
  func curvature(_ look: Look, active: [Int]) -> Matrix {
    isQuickerByRows(active) ? curvatureByRows(look, active: active) : curvatureOnNodes(look, active: active)
  }

  /// The same as far as steps and penalties need it: of many rows in single precision, of very many from some of them.
  ///
  /// - Complexity: O(min(rows, 100,000) × coefficients²) for many rows
  func steeringCurvature(_ look: Look, active: [Int]) -> Matrix {
    guard rows.count > Self.fewRows, isQuickerByRows(active) || rows.count > Self.steeringRows else {
      return curvature(look, active: active)
    }
    return TermDesign(objective: self, parts: activeParts(active))
      .estimatedGram(look.curvatures, sampled: Self.steeringRows, parallel: parallel)
  }

  private func isQuickerByRows(_ active: [Int]) -> Bool {
    let parts = activeParts(active)
    let touched = parts.map { $0.shape.isPair ? 4.0 : 2 }
    let sum = touched.reduce(0, +)
    let squares = touched.reduce(0) { $0 + $1 * $1 }
    let cells = (sum * sum + squares) / 2 * Double(rows.count)
    let products = Double((active.count + 1) * (active.count + 1)) / 2 * Double(rows.count)
    return products * Self.secondsOfProduct <= cells * Self.secondsOfCell
  }

  /// Row by row.
  func curvatureByRows(_ look: Look, active: [Int], precision: GramPrecision = .double) -> Matrix {
    TermDesign(objective: self, parts: activeParts(active))
      .gram(look.curvatures, precision: precision, parallel: parallel)
  }

  /// Summed up on nodes, a block of two terms at a time, and turned into the directions' by small products.
  func curvatureOnNodes(_ look: Look, active: [Int]) -> Matrix {
    let parts = activeParts(active)
    let order = active.count + 1
    // The heaviest blocks first, so that none of them is left for the end.
    let blocks = parts.indices.flatMap { first in (0...first).map { (first, $0) } }
      .sorted { weight(parts, $0) > weight(parts, $1) }
    let withIntercept = sums(of: look.curvatures, active: active)
    return Matrix(rows: order, columns: order) { elements in
      elements.update(repeating: 0)
      elements[0] = look.curvatures.reduce(0, +)
      for (index, sum) in withIntercept.enumerated() {
        elements[index + 1] = sum
        elements[(index + 1) * order] = sum
      }
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: blocks.count, blockSize: 1) { block in
        let (first, second) = (parts[blocks[block.index].0], parts[blocks[block.index].1])
        let products = products(first, second, look.curvatures)
        let width = second.shape.columns
        for (row, rowColumn) in first.columns.enumerated() {
          let source = first.places[row] * width
          for (column, columnColumn) in second.columns.enumerated() {
            let value = products[source + second.places[column]]
            elements[(rowColumn + 1) * order + columnColumn + 1] = value
            elements[(columnColumn + 1) * order + rowColumn + 1] = value
          }
        }
      }
    }
  }

  private func weight(_ parts: [ActivePart], _ block: (first: Int, second: Int)) -> Int {
    parts[block.first].shape.cells * parts[block.second].shape.cells
  }

  /// Bᵢᵀ·(Σ rows)·Bⱼ for two terms.
  private func products(_ first: ActivePart, _ second: ActivePart, _ curvatures: [Double]) -> [Double] {
    let (one, other) = (first.shape, second.shape)
    let size = one.cells * other.cells
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * size) { memory in
      guard let gram = memory.baseAddress else { return [] }
      gram.update(repeating: 0, count: size)
      withUnsafePointer(to: rows.termRows(first.term, one)) { ofOne in
        withUnsafePointer(to: rows.termRows(second.term, other)) { ofOther in
          term_add_gram(ofOne, ofOther, curvatures, rows.count, other.cells, gram)
        }
      }
      let (scratch, half) = (gram + size, gram + 2 * size)
      one.contract(gram, width: other.cells, scratch: scratch, into: half)
      return [Double](unsafeUninitializedCapacity: one.columns * other.columns) { result, count in
        if let result = result.baseAddress {
          other.contractRows(half, height: one.columns, scratch: scratch, into: result)
        }
        count = one.columns * other.columns
      }
    }
  }

  func activeParts(_ active: [Int]) -> [ActivePart] {
    var parts: [ActivePart] = []
    var next = 0
    for (term, shape) in layout.shapes.enumerated() {
      let start = next
      while next < active.count, active[next] < layout.columns[term].upperBound { next += 1 }
      guard next > start else { continue }
      let own = active[start..<next].map { $0 - layout.columns[term].lowerBound }
      guard shape.isPair else {
        let axis = shape.axes[0]
        parts.append(
          ActivePart(
            term: term,
            shape: TermShape(axes: [
              .init(feature: axis.feature, scale: axis.scale, basis: axis.basis.keeping(own))
            ]),
            columns: start..<next, places: Array(own.indices)))
        continue
      }
      let width = shape.axes[1].basis.columns
      let kept = [Set(own.map { $0 / width }).sorted(), Set(own.map { $0 % width }).sorted()]
      let axes = zip(shape.axes, kept).map { axis, kept in
        TermShape.Axis(feature: axis.feature, scale: axis.scale, basis: axis.basis.keeping(kept))
      }
      let places = own.map { column in
        (kept[0].firstIndex(of: column / width) ?? 0) * kept[1].count
          + (kept[1].firstIndex(of: column % width) ?? 0)
      }
      parts.append(
        ActivePart(term: term, shape: TermShape(axes: axes), columns: start..<next, places: places))
    }
    return parts
  }
}

/// What of a term moves.
struct ActivePart {
  let term: Int
  /// With those directions only that some active coefficient needs.
  let shape: TermShape
  /// Positions among the active coefficients, and where each stands among those of `shape`.
  let columns: Range<Int>
  let places: [Int]
}
