/// Which bin each level of a categorical column belongs to, with one bin for what is missing.
public struct LevelBins: Codable, Sendable, Equatable {
  /// The bin of every level, below `valueBins`.
  public let binOfLevel: [UInt8]
  /// Number of bins for levels, 1...255.
  public let valueBins: Int
  /// The bin of a value that is no level.
  public let unseen: Int

  /// Number of the bin for NaN, the last one.
  public var missing: Int { valueBins }
  /// Number of bins, `missing` included.
  public var count: Int { valueBins + 1 }

  public init(binOfLevel: [UInt8], valueBins: Int, unseen: Int) {
    precondition(
      (1...BinEdges.greatestEdgeCount + 1).contains(valueBins) && unseen >= 0 && unseen <= valueBins
        && binOfLevel.allSatisfy { $0 < valueBins }, "levels belong to bins that exist")
    self.binOfLevel = binOfLevel
    self.valueBins = valueBins
    self.unseen = unseen
  }

  /// One bin a level for the heaviest levels; the others share the last bin, which unseen ones go to.
  ///
  /// - Parameters:
  ///   - levelWeights: the weight of each level.
  ///   - bins: most bins for levels, 1...255.
  public init(levelWeights: [Double], bins: Int = BinEdges.greatestEdgeCount + 1) {
    let weighty = levelWeights.indices.filter { levelWeights[$0] > 0 }
      .sorted { (levelWeights[$0], $1) > (levelWeights[$1], $0) }
    let own = weighty.prefix(bins - 1)
    var binOfLevel = [UInt8](repeating: UInt8(own.count), count: levelWeights.count)
    for (bin, level) in own.sorted().enumerated() { binOfLevel[level] = UInt8(bin) }
    self.init(binOfLevel: binOfLevel, valueBins: own.count + 1, unseen: own.count)
  }

  /// The bin of a value, which is the index of a level (cut to a whole number) or NaN.
  ///
  /// - Complexity: O(1)
  public func index(of value: Double) -> Int {
    if value.isNaN { return missing }
    return value >= 0 && value < Double(binOfLevel.count) ? Int(binOfLevel[Int(value)]) : unseen
  }

  /// Writes the bin of every value, without allocation.
  ///
  /// - Complexity: O(n)
  public func indices(of values: UnsafeBufferPointer<Double>, into bins: UnsafeMutableBufferPointer<UInt8>) {
    precondition(values.count == bins.count, "one bin a value is written")
    let (missing, unseen, levels) = (UInt8(missing), UInt8(unseen), Double(binOfLevel.count))
    binOfLevel.withUnsafeBufferPointer { binOfLevel in
      for (row, value) in values.enumerated() {
        if value >= 0 && value < levels {
          bins[row] = binOfLevel[Int(value)]
        } else {
          bins[row] = value.isNaN ? missing : unseen
        }
      }
    }
  }
}
