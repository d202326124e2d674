import LinearAlgebra

/// One term: a function of one feature, or of two on the grid of their nodes.
struct TermShape: Sendable {
  /// One axis of a term.
  struct Axis: Sendable {
    /// Index of the feature.
    let feature: Int
    let scale: TermScale
    let basis: TermBasis
  }

  let axes: [Axis]
  /// What the steps from node to node of its one feature, a number, are held to; nil for nothing.
  var steps: StepBounds?

  var isPair: Bool { axes.count == 2 }

  /// Nodes, or cells of the grid, row-major with the first feature's nodes as rows.
  var cells: Int { axes.reduce(1) { $0 * $1.basis.nodes } }

  /// Number of coefficients: directions of the one feature, or products of both features' directions.
  var columns: Int { axes.reduce(1) { $0 * $1.basis.columns } }

  /// The group of each coefficient, from 0.
  var groups: [Int] {
    guard isPair else { return axes[0].basis.groups }
    return axes[0].basis.groups.flatMap { first in
      axes[1].basis.groups.map { first * axes[1].basis.groupCount + $0 }
    }
  }

  var groupCount: Int { axes.reduce(1) { $0 * $1.basis.groupCount } }

  /// Bᵀ·X for the term's basis B (cells × columns) and some X (cells × width, row-major).
  ///
  /// - Parameters:
  ///   - scratch: at least `cells × width` elements.
  ///   - result: columns × width.
  func contract(
    _ source: UnsafePointer<Double>, width: Int, scratch: UnsafeMutablePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    let first = axes[0].basis
    first.values.withUnsafeBufferPointer { firstValues in
      guard let firstBase = firstValues.baseAddress else { return }
      guard isPair else {
        Products.multiply(
          rows: first.columns, inner: first.nodes, columns: width, firstBase, transposesFirst: true, source,
          into: result)
        return
      }
      let second = axes[1].basis
      Products.multiply(
        rows: first.columns, inner: first.nodes, columns: second.nodes * width, firstBase,
        transposesFirst: true,
        source, into: scratch)
      second.values.withUnsafeBufferPointer { secondValues in
        guard let secondBase = secondValues.baseAddress else { return }
        for slice in 0..<first.columns {
          Products.multiply(
            rows: second.columns, inner: second.nodes, columns: width, secondBase, transposesFirst: true,
            scratch + slice * second.nodes * width, into: result + slice * second.columns * width)
        }
      }
    }
  }

  /// X·B for some X (height × cells, row-major).
  ///
  /// - Parameters:
  ///   - scratch: at least `height × cells` elements.
  ///   - result: height × columns.
  func contractRows(
    _ source: UnsafePointer<Double>, height: Int, scratch: UnsafeMutablePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    let first = axes[0].basis
    first.values.withUnsafeBufferPointer { firstValues in
      guard let firstBase = firstValues.baseAddress else { return }
      guard isPair else {
        Products.multiply(
          rows: height, inner: first.nodes, columns: first.columns, source, firstBase, into: result)
        return
      }
      let second = axes[1].basis
      second.values.withUnsafeBufferPointer { secondValues in
        guard let secondBase = secondValues.baseAddress else { return }
        Products.multiply(
          rows: height * first.nodes, inner: second.nodes, columns: second.columns, source, secondBase,
          into: scratch)
      }
      for slice in 0..<height {
        Products.multiply(
          rows: first.columns, inner: first.nodes, columns: second.columns, firstBase, transposesFirst: true,
          scratch + slice * first.nodes * second.columns,
          into: result + slice * first.columns * second.columns)
      }
    }
  }

  /// The term's values at its cells, B·coefficients.
  ///
  /// - Complexity: O(cells × columns of one axis)
  func values(_ coefficients: ArraySlice<Double>) -> [Double] {
    let own = Array(coefficients)
    let first = axes[0].basis
    var result = [Double](repeating: 0, count: cells)
    guard isPair else {
      Products.multiply(
        rows: first.nodes, inner: first.columns, columns: 1, first.values, own, into: &result)
      return result
    }
    let second = axes[1].basis
    var rows = [Double](repeating: 0, count: first.nodes * second.columns)
    Products.multiply(
      rows: first.nodes, inner: first.columns, columns: second.columns, first.values, own, into: &rows)
    Products.multiply(
      rows: first.nodes, inner: second.columns, columns: second.nodes, rows, second.values,
      transposesSecond: true, into: &result)
    return result
  }

  /// One row of the basis.
  func direction(cell: Int) -> [Double] {
    func row(_ basis: TermBasis, _ node: Int) -> ArraySlice<Double> {
      basis.values[node * basis.columns..<(node + 1) * basis.columns]
    }
    guard isPair else { return Array(row(axes[0].basis, cell)) }
    let width = axes[1].basis.nodes
    let second = row(axes[1].basis, cell % width)
    return row(axes[0].basis, cell / width).flatMap { first in second.map { first * $0 } }
  }
}

/// All terms of a fit, with where their coefficients and groups stand.
struct TermLayout: Sendable {
  private(set) var shapes: [TermShape] = []
  /// Coefficients of each term within those of the model.
  private(set) var columns: [Range<Int>] = []
  /// Groups of each term within those of the model.
  private(set) var groups: [Range<Int>] = []
  /// The group of each coefficient.
  private(set) var groupOfColumn: [Int] = []

  var columnCount: Int { groupOfColumn.count }
  var groupCount: Int { groups.last?.upperBound ?? 0 }

  mutating func append(_ shape: TermShape) {
    let firstColumn = columnCount
    let firstGroup = groupCount
    shapes.append(shape)
    columns.append(firstColumn..<firstColumn + shape.columns)
    groups.append(firstGroup..<firstGroup + shape.groupCount)
    groupOfColumn += shape.groups.map { firstGroup + $0 }
  }

  /// Where each coefficient stands behind the intercept when only some of them move; -1 for the others.
  func positions(of active: [Int]) -> [Int] {
    var position = [Int](repeating: -1, count: columnCount)
    for (index, column) in active.enumerated() { position[column] = index + 1 }
    return position
  }
}
