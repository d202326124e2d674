/// What one pass over a column's numbers tells.
public struct NumberProfile: Sendable {
  /// Least and greatest value; infinite signs reversed when all are missing.
  public private(set) var least = Double.infinity
  public private(set) var greatest = -Double.infinity
  public private(set) var missing = 0
  /// Whether all values are 0 or 1.
  public private(set) var isFlag = true
  /// Whether all values are whole.
  public private(set) var isWhole = true
  /// The first row (from 0) with an infinite value.
  public private(set) var infiniteRow: Int?

  init() {}

  /// - Complexity: O(rows)
  public init(_ table: Table, column: Int) {
    table.forEachBlock(of: column) { range, values in add(values, first: range.lowerBound) }
  }

  mutating func add(_ values: some Sequence<Double>, first: Int) {
    for (row, value) in values.enumerated() {
      if value.isNaN {
        missing += 1
        continue
      }
      least = min(least, value)
      greatest = max(greatest, value)
      if value != 0, value != 1 {
        isFlag = false
        if isWhole { isWhole = value == value.rounded() }
        if value.isInfinite, infiniteRow == nil { infiniteRow = first + row }
      }
    }
  }
}
