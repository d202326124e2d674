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
