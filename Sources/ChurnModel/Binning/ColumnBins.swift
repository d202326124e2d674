/// How a column of the raw feature table is cut into at most 256 bins, the last of which is for what is missing.
public enum ColumnBins: Sendable, Equatable {
  /// A numeric column, cut at edges.
  case intervals(BinEdges)
  /// A categorical column, its levels gathered in groups.
  case levels(LevelBins)

  /// Number of bins for values.
  public var valueBins: Int {
    switch self {
    case .intervals(let edges): edges.valueBins
    case .levels(let levels): levels.valueBins
    }
  }

  /// Number of the bin for NaN, the last one.
  public var missing: Int { valueBins }
  /// Number of bins, `missing` included.
  public var count: Int { valueBins + 1 }

  /// The bin of a value.
  ///
  /// - Complexity: O(log bins)
  public func index(of value: Double) -> Int {
    switch self {
    case .intervals(let edges): edges.index(of: value)
    case .levels(let levels): levels.index(of: value)
    }
  }

  /// Writes the bin of every value, without allocation.
  ///
  /// - Complexity: O(n log bins)
  public func indices(of values: UnsafeBufferPointer<Double>, into bins: UnsafeMutableBufferPointer<UInt8>) {
    switch self {
    case .intervals(let edges): edges.indices(of: values, into: bins)
    case .levels(let levels): levels.indices(of: values, into: bins)
    }
  }
}
