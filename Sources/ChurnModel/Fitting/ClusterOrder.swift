/// The rows with a weight, the rows of a cluster one after the other.
struct ClusterOrder: Sendable {
  /// Cluster in the upper, number of the row in the lower half; ascending.
  private let keys: [UInt64]
  /// Number of clusters.
  let clusters: Int

  /// - Parameter clusters: one a row.
  /// - Throws: `ChurnModelError` (`lengthMismatch`, `invalidOption`).
  /// - Complexity: O(rows log rows)
  init(clusters: [Int32], weights: [Double]) throws(ChurnModelError) {
    guard clusters.count == weights.count else {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(weights.count) rows, but there are \(clusters.count) clusters; give one for every row"
      )
    }
    var keys: [UInt64] = []
    keys.reserveCapacity(clusters.count)
    for (row, cluster) in clusters.enumerated() where weights[row] > 0 {
      keys.append(UInt64(UInt32(bitPattern: cluster)) << 32 | UInt64(row))
    }
    keys.sort()
    var count = keys.isEmpty ? 0 : 1
    for index in keys.indices.dropFirst() where keys[index] >> 32 != keys[index - 1] >> 32 { count += 1 }
    guard count >= 2 else {
      throw ChurnModelError(
        .invalidOption,
        "all rows belong to one cluster, so its errors cannot be estimated; give at least two clusters")
    }
    self.keys = keys
    self.clusters = count
  }

  /// Number of rows.
  var count: Int { keys.count }

  /// The row at a position.
  func row(_ position: Int) -> Int { Int(keys[position] & 0xffff_ffff) }

  /// Whether the row at a position is the first of its cluster.
  func isFirst(_ position: Int) -> Bool {
    position == 0 || keys[position] >> 32 != keys[position - 1] >> 32
  }

  /// Splits the positions in runs of whole clusters, about `size` rows long.
  func runs(of size: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    while start < count {
      var end = min(start + size, count)
      while end < count, !isFirst(end) { end += 1 }
      result.append(start..<end)
      start = end
    }
    return result
  }
}
