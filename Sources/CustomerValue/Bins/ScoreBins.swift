/// The bins of one score: where each begins, fitted on one population, applied to the same or another.
public struct ScoreBins: Sendable, Hashable {
  /// Where the bins 2 and up begin, rising; infinite for a bin that no value reaches.
  public let boundaries: [Double]
  /// Whether a value on a boundary belongs to the upper bin.
  public let includesBoundary: Bool

  /// Bins, and so the highest score.
  public var count: Int { boundaries.count + 1 }

  /// - Parameter boundaries: rising, one fewer than bins.
  public init(boundaries: [Double], includesBoundary: Bool = true) {
    precondition(zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 <= $1 }, "boundaries rise")
    self.boundaries = boundaries
    self.includesBoundary = includesBoundary
  }

  /// The bin of a value: 1 plus the number of boundaries below it; 1 for NaN.
  ///
  /// - Complexity: O(bins)
  @inline(__always)
  public func bin(of value: Double) -> UInt8 {
    var bin: UInt8 = 1
    for boundary in boundaries where includesBoundary ? value >= boundary : value > boundary { bin += 1 }
    return bin
  }
}
