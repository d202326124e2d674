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
  /// Of sums in single precision, relative to the diagonal.
  private static let usualRounding = 1e-5
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
  /// - Parameter precision: of the panels and of the sums over one of them; panels are added up in double precision.
  /// - Complexity: O(rows × coefficients²)
  func gram(_ amounts: [Double], precision: GramPrecision, parallel: Parallel) -> Matrix {
    switch precision {
    case .double: gram(amounts, of: Double.self, parallel: parallel)
    case .single: gram(amounts, of: Float.self, parallel: parallel)
    }
  }

  /// About the same from a part of the rows, in single precision: runs of them, evenly spread, that stand for those between.
  ///
  /// The diagonal is raised by more than rounding usually takes from it, so that the matrix stays positive definite.
  ///
  /// - Complexity: O(`sampled` × coefficients²)
  func estimatedGram(_ amounts: [Double], sampled: Int, parallel: Parallel) -> Matrix {
    let step = (rows.count + sampled - 1) / sampled
    var (sum, all) = (0.0, 0.0)
    for (row, amount) in amounts.enumerated() {
      all += amount
      if row / Self.filledRows % step == 0 { sum += amount }
    }
    let scale = sum > 0 ? all / sum : 1
    var result = gram(amounts.map { $0 * scale }, of: Float.self, step: step, parallel: parallel)
    for index in 0..<order { result[index, index] *= 1 + Self.usualRounding }
    return result
  }

  /// All rows, each times the square root of its amount; for few rows only.
  ///
  /// - Complexity: O(rows × coefficients)
  func rows(_ amounts: [Double]) -> Matrix {
    let roots = amounts.map { $0.squareRoot() }
    return Matrix(rows: rows.count, columns: order) { elements in
      guard let design = elements.baseAddress else { return }
      fill(0, rows.count, roots, design)
    }
  }

  private func gram<Element: PanelElement>(
    _ amounts: [Double], of element: Element.Type, step: Int = 1, parallel: Parallel
  ) -> Matrix {
    let roots = amounts.map { $0.squareRoot() }
    let tiles = Parallel.blockCount(count: order, blockSize: Self.tile)
    let pieces = (0..<tiles).flatMap { row in (0...row).map { (row, $0) } }
    let runs = stride(from: 0, to: rows.count, by: Self.filledRows * step)
      .map { $0..<min($0 + Self.filledRows, rows.count) }
    let runsTogether = Self.panelRows / Self.filledRows
    let capacity = min(Self.panelRows, rows.count)
    return Matrix(rows: order, columns: order) { elements in
      elements.update(repeating: 0)
      guard let result = elements.baseAddress else { return }
      withUnsafeTemporaryAllocation(of: Element.self, capacity: capacity * order) { memory in
        guard let base = memory.baseAddress else { return }
        nonisolated(unsafe) let (result, panel) = (result, base)
        for first in stride(from: 0, to: runs.count, by: runsTogether) {
          let together = runs[first..<min(first + runsTogether, runs.count)]
          let count = together.reduce(0) { $0 + $1.count }
          parallel.forEachBlock(count: together.count, blockSize: 1) { block in
            let run = runs[first + block.index]
            fill(run.lowerBound, run.count, roots, panel + block.index * Self.filledRows * order)
          }
          parallel.forEachBlock(count: pieces.count, blockSize: 1) { block in
            let (row, column) = (pieces[block.index].0 * Self.tile, pieces[block.index].1 * Self.tile)
            Element.addTransposed(
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
  private func fill<Element: PanelElement>(
    _ start: Int, _ count: Int, _ scales: [Double], _ design: UnsafeMutablePointer<Element>
  ) {
    scales.withUnsafeBufferPointer { scales in
      guard let scales = scales.baseAddress else { return }
      for row in 0..<count { design[row * order] = Element(scales[start + row]) }
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
                  Element.fill(
                    &termRows, &directions, scales: scales + start, start: start, count: count, stride: order,
                    scratch: scratch.baseAddress, design: design + part.start)
                }
              }
            }
          }
        }
      }
    }
  }
}

/// A number of a panel of the design.
private protocol PanelElement: BitwiseCopyable, BinaryFloatingPoint, SendableMetatype {
  static func fill(
    _ rows: UnsafePointer<TermRows>, _ directions: UnsafePointer<TermDirectionSet>,
    scales: UnsafePointer<Double>, start: Int, count: Int, stride: Int,
    scratch: UnsafeMutablePointer<Double>?, design: UnsafeMutablePointer<Self>)

  /// See `Products.addTransposed`.
  static func addTransposed(
    rows: Int, inner: Int, columns: Int, _ first: UnsafePointer<Self>, _ second: UnsafePointer<Self>,
    stride: Int, to result: UnsafeMutablePointer<Double>, resultStride: Int)
}

extension Double: PanelElement {
  fileprivate static func fill(
    _ rows: UnsafePointer<TermRows>, _ directions: UnsafePointer<TermDirectionSet>,
    scales: UnsafePointer<Double>, start: Int, count: Int, stride: Int,
    scratch: UnsafeMutablePointer<Double>?, design: UnsafeMutablePointer<Double>
  ) {
    term_fill_design(rows, directions, scales, start, count, stride, scratch, design)
  }

  fileprivate static func addTransposed(
    rows: Int, inner: Int, columns: Int, _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>,
    stride: Int, to result: UnsafeMutablePointer<Double>, resultStride: Int
  ) {
    Products.addTransposed(
      rows: rows, inner: inner, columns: columns, first, second, stride: stride, to: result,
      resultStride: resultStride)
  }
}

extension Float: PanelElement {
  fileprivate static func fill(
    _ rows: UnsafePointer<TermRows>, _ directions: UnsafePointer<TermDirectionSet>,
    scales: UnsafePointer<Double>, start: Int, count: Int, stride: Int,
    scratch: UnsafeMutablePointer<Double>?, design: UnsafeMutablePointer<Float>
  ) {
    term_fill_single_design(rows, directions, scales, start, count, stride, scratch, design)
  }

  fileprivate static func addTransposed(
    rows: Int, inner: Int, columns: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    stride: Int, to result: UnsafeMutablePointer<Double>, resultStride: Int
  ) {
    Products.addTransposed(
      rows: rows, inner: inner, columns: columns, first, second, stride: stride, to: result,
      resultStride: resultStride)
  }
}
