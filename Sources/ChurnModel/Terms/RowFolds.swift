/// Folds that depend on what stands in a row, not on where it stands: equal rows are in one fold, and neither the order
/// of rows nor that of columns changes anything.
enum RowFolds {
  /// The fold of each row.
  ///
  /// - Parameter groups: rows of one group stay in one fold; without them, equal rows do.
  /// - Complexity: O(rows × features)
  static func folds(_ count: Int, _ data: TrainingData, rows: [Int32], groups: [Int32]?) -> [UInt8] {
    if let groups {
      return rows.map { UInt8(SplitMix64.next(UInt64(bitPattern: Int64(groups[Int($0)]))) % UInt64(count)) }
    }
    let names = data.features.map { feature in
      feature.name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
    let columns = data.features.count
    return data.values.withUnsafeElements { elements in
      rows.map { row in
        var sum: UInt64 = 0
        for feature in 0..<columns {
          sum &+= SplitMix64.next(elements[Int(row) * columns + feature].bitPattern ^ names[feature])
        }
        return UInt8(SplitMix64.next(sum) % UInt64(count))
      }
    }
  }
}
