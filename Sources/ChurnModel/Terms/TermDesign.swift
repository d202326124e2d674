internal import CVectorLoops
import LinearAlgebra

/// The design of the active directions, made panel by panel of rows and never as a whole.
struct TermDesign: Sendable {
  private let rows: PlacedRows
  private let parts: [Part]
  /// Active coefficients and the intercept.
  private let order: Int

  /// One term's directions as the loops over rows read them.
  private struct Part: Sendable {
    let term: Int
    let shape: TermShape
    let first: [Double]
    let second: [Double]
    let firstColumns: Int
    let secondColumns: Int
    let firstOf: [Int32]
    let secondOf: [Int32]
    /// Column of the design where they start.
    let start: Int
  }

  private static let panelRows = 1024
  /// Rows of a panel that one thread fills at a time.
  private static let filledRows = 64
  /// Columns of a piece of the Gram matrix.
  private static let tile = 96

  init(objective: TermObjective, parts: [ActivePart]) {
    rows = objective.rows
    order = 1 + (parts.last?.columns.upperBound ?? 0)
    self.parts = parts.map { part in
      let axes = part.shape.axes.map(\.basis)
      let width = part.shape.isPair ? axes[1].columns : 1
      return Part(
        term: part.term, shape: part.shape, first: axes[0].values,
        second: part.shape.isPair ? axes[1].values : [], firstColumns: axes[0].columns, secondColumns: width,
        firstOf: part.places.map { Int32($0 / width) }, secondOf: part.places.map { Int32($0 % width) },
        start: 1 + part.columns.lowerBound)
    }
  }

  /// Σ amounts·row·rowᵀ over all rows.
  ///
  /// - Complexity: O(rows × coefficients²)
  func gram(_ amounts: [Double], parallel: Parallel) -> Matrix {
    let roots = amounts.map { $0.squareRoot() }
    let tiles = Parallel.blockCount(count: order, blockSize: Self.tile)
    let pieces = (0..<tiles).flatMap { row in (0...row).map { (row, $0) } }
    let capacity = min(Self.panelRows, rows.count)
    return Matrix(rows: order, columns: order) { elements in
      elements.update(repeating: 0)
      guard let result = elements.baseAddress else { return }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: capacity * order) { memory in
        guard let base = memory.baseAddress else { return }
        nonisolated(unsafe) let (result, panel) = (result, base)
        for start in stride(from: 0, to: rows.count, by: Self.panelRows) {
          let count = min(Self.panelRows, rows.count - start)
          parallel.forEachBlock(count: count, blockSize: Self.filledRows) { block in
            fill(
              start + block.range.lowerBound, block.range.count, roots, panel + block.range.lowerBound * order
            )
          }
          parallel.forEachBlock(count: pieces.count, blockSize: 1) { block in
            let (row, column) = (pieces[block.index].0 * Self.tile, pieces[block.index].1 * Self.tile)
            Products.addTransposed(
              rows: min(Self.tile, order - row), inner: count, columns: min(Self.tile, order - column),
              panel + row, panel + column, stride: order, to: result + row * order + column,
              resultStride: order)
          }
        }
      }
      for row in 0..<order {
        for column in 0..<row { elements[column * order + row] = elements[row * order + column] }
      }
    }
  }

  /// Rows of the design, each times its scale.
  private func fill(_ start: Int, _ count: Int, _ scales: [Double], _ design: UnsafeMutablePointer<Double>) {
    scales.withUnsafeBufferPointer { scales in
      guard let scales = scales.baseAddress else { return }
      for row in 0..<count { design[row * order] = scales[start + row] }
      for part in parts {
        var termRows = rows.termRows(part.term, part.shape)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: part.firstColumns + part.secondColumns) {
          scratch in
          part.first.withUnsafeBufferPointer { first in
            part.second.withUnsafeBufferPointer { second in
              part.firstOf.withUnsafeBufferPointer { firstOf in
                part.secondOf.withUnsafeBufferPointer { secondOf in
                  var directions = TermDirectionSet(
                    first: first.baseAddress, first_columns: part.firstColumns, second: second.baseAddress,
                    second_columns: part.secondColumns, first_of: firstOf.baseAddress,
                    second_of: secondOf.baseAddress, columns: part.firstOf.count)
                  term_fill_design(
                    &termRows, &directions, scales + start, start, count, order, scratch.baseAddress,
                    design + part.start)
                }
              }
            }
          }
        }
      }
    }
  }
}
