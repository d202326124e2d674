internal import CVectorLoops
import LinearAlgebra

/// Where every row lies on the nodes of one feature; nine bytes a row.
final class PlacedColumn: @unchecked Sendable {
  let nodes: UnsafeMutableBufferPointer<UInt8>
  let shares: UnsafeMutableBufferPointer<Double>

  /// - Parameter rows: the numbers of the rows in the table.
  /// - Complexity: O(rows × log nodes)
  init(_ scale: TermScale, values: Matrix, feature: Int, rows: [Int32]) {
    nodes = .allocate(capacity: rows.count)
    shares = .allocate(capacity: rows.count)
    nodes.initialize(repeating: 0)
    shares.initialize(repeating: 0)
    let columns = values.columns
    values.withUnsafeElements { elements in
      for (position, row) in rows.enumerated() {
        let place = scale.place(elements[Int(row) * columns + feature])
        nodes[position] = UInt8(place.node)
        shares[position] = place.share
      }
    }
  }

  deinit {
    nodes.deallocate()
    shares.deallocate()
  }

  /// The places of rows on several scales, one thread a scale.
  static func all(
    _ axes: [(feature: Int, scale: TermScale)], values: Matrix, rows: [Int32], parallel: Parallel
  ) -> [PlacedColumn] {
    var columns = [PlacedColumn?](repeating: nil, count: axes.count)
    columns.withUnsafeMutableBufferPointer { columns in
      nonisolated(unsafe) let columns = columns
      parallel.forEachBlock(count: axes.count, blockSize: 1) { block in
        let (feature, scale) = axes[block.index]
        columns[block.index] = PlacedColumn(scale, values: values, feature: feature, rows: rows)
      }
    }
    return columns.compactMap { $0 }
  }
}

/// The rows of a fit: outcomes, weights and their places on the terms' nodes.
struct PlacedRows: Sendable {
  /// Numbers of the rows in the table.
  let rows: [Int32]
  /// 0 or 1, one a row.
  let outcomes: [Double]
  /// Greater than 0, one a row.
  private(set) var weights: [Double]
  private(set) var totalWeight: Double
  /// Power of the likelihood that the weights hold; see `GroupDependence`.
  private(set) var power = 1.0
  /// The places of each term's first and second feature.
  private(set) var columns: [(first: PlacedColumn, second: PlacedColumn?)] = []

  var count: Int { rows.count }

  init(_ data: TrainingData, rows: [Int32]) {
    self.rows = rows
    outcomes = rows.map { data.outcomes[Int($0)] }
    weights = rows.map { data.weights[Int($0)] }
    totalWeight = weights.reduce(0, +)
  }

  /// Rows with their places on all terms of a layout.
  init(_ data: TrainingData, rows: [Int32], layout: TermLayout, parallel: Parallel) {
    self.init(data, rows: rows)
    let axes = layout.shapes.flatMap(\.axes).map { ($0.feature, $0.scale) }
    var columns = PlacedColumn.all(axes, values: data.values, rows: rows, parallel: parallel)[...]
    for shape in layout.shapes {
      let own = Array(columns.prefix(shape.axes.count))
      columns = columns.dropFirst(shape.axes.count)
      append(first: own[0], second: shape.isPair ? own[1] : nil)
    }
  }

  /// Takes the likelihood to a power.
  mutating func scaleWeights(by power: Double) {
    weights = weights.map { $0 * power }
    totalWeight *= power
    self.power *= power
  }

  mutating func append(first: PlacedColumn, second: PlacedColumn?) {
    columns.append((first, second))
  }

  /// How the loops over rows see the places on a term.
  func termRows(_ term: Int, _ shape: TermShape) -> TermRows {
    let (first, second) = columns[term]
    return TermRows(
      first: UnsafePointer(first.nodes.baseAddress), first_share: UnsafePointer(first.shares.baseAddress),
      second: second.flatMap { UnsafePointer($0.nodes.baseAddress) },
      second_share: second.flatMap { UnsafePointer($0.shares.baseAddress) },
      width: second == nil ? 0 : shape.axes[1].basis.nodes)
  }
}
