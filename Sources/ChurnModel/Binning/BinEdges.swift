internal import CVectorLoops

/// The borders that cut a numeric column into bins, with one more bin for what is missing.
///
/// Bin k holds the values from edge k − 1 to below edge k (the first has no lower border, the last no upper one); the
/// bin `missing` follows the last of them and holds NaN.
public struct BinEdges: Sendable, Equatable {
  /// The edges, finite and strictly ascending, at most `greatestEdgeCount`.
  public let edges: [Double]
  /// The edges filled up with NaN to one less than a power of two, as the search wants them.
  private let padded: [Double]

  /// Most edges, so that the number of every bin fits a byte.
  public static let greatestEdgeCount = 254

  /// Number of bins for values.
  public var valueBins: Int { edges.count + 1 }
  /// Number of the bin for NaN, the last one.
  public var missing: Int { edges.count + 1 }
  /// Number of bins, `missing` included.
  public var count: Int { edges.count + 2 }

  /// Borders at given values.
  ///
  /// - Parameter edges: finite and strictly ascending, at most `greatestEdgeCount`.
  public init(_ edges: [Double]) {
    precondition(Self.areValid(edges), "edges are finite, strictly ascending and at most 254")
    self.edges = edges
    var size = 1
    while size < edges.count { size = 2 * size + 1 }
    padded = edges + Array(repeating: .nan, count: size - edges.count)
  }

  private static func areValid(_ edges: [Double]) -> Bool {
    edges.count <= greatestEdgeCount && edges.allSatisfy(\.isFinite)
      && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// The bin of a value.
  ///
  /// - Complexity: O(log edges)
  public func index(of value: Double) -> Int {
    guard !value.isNaN else { return missing }
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where a bin of values begins (inclusive, −∞ for the first) and ends (exclusive, +∞ for the last).
  public func bounds(of bin: Int) -> (lower: Double, upper: Double) {
    precondition((0..<valueBins).contains(bin), "only the bins of values have borders")
    return (bin == 0 ? -.infinity : edges[bin - 1], bin == edges.count ? .infinity : edges[bin])
  }

  /// Writes the bin of every value, without allocation and without branches.
  ///
  /// - Complexity: O(n log edges), vectorised.
  public func indices(of values: UnsafeBufferPointer<Double>, into bins: UnsafeMutableBufferPointer<UInt8>) {
    precondition(values.count == bins.count, "one bin a value is written")
    guard let source = values.baseAddress, let target = bins.baseAddress else { return }
    padded.withUnsafeBufferPointer { padded in
      vector_bin_index(
        source, values.count, padded.baseAddress, (padded.count + 1) / 2, UInt8(missing), target)
    }
  }
}

extension BinEdges {
  /// Whether both cut at the same places.
  public static func == (left: BinEdges, right: BinEdges) -> Bool {
    left.edges == right.edges
  }
}

extension BinEdges: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let edges = try container.decode([Double].self)
    guard Self.areValid(edges) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "edges of bins must be finite, strictly ascending and at most 254")
    }
    self.init(edges)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(edges)
  }
}
