import ChurnModel
import Histories
import LinearAlgebra

/// Numbers of groups of rows, by what stands in them.
enum GroupNumbers {
  /// A group number of a hash, at least 0.
  static func of(_ hash: UInt64) -> Int32 {
    Int32(truncatingIfNeeded: hash >> 33)
  }

  /// Equal rows are one group; the order of rows and columns has no say.
  ///
  /// - Complexity: O(rows × features)
  static func ofEqualRows(_ values: Matrix, _ features: [FeatureColumn]) -> [Int32] {
    let seeds = features.map { feature in
      var name = feature.name
      return name.withUTF8 { KeyHash.hash(UnsafeRawBufferPointer($0)) }
    }
    return values.withUnsafeElements { elements in
      (0..<values.rows).map { row in
        var sum: UInt64 = 0
        for (column, seed) in seeds.enumerated() {
          let value = elements[row * values.columns + column]
          // Minus zero equals zero, and one missing value the other.
          let bits = value.isNaN ? UInt64.max : value == 0 ? 0 : value.bitPattern
          sum &+= KeyHash.combine(seed, bits)
        }
        return of(KeyHash.combine(sum, 0))
      }
    }
  }
}
