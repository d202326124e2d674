/// How the stored values of one column become a feature's values.
public struct ColumnReading: Sendable {
  /// Which column of the table.
  public let column: Int
  /// What each text stands for, by code; nil for a column of numbers. NaN is missing.
  let codes: [Double]?
  /// The texts that are no level or no yes or no, by code.
  let unseen: [Bool]
  /// Whether numbers other than 0 and 1 are unseen, and so missing.
  let isFlag: Bool

  /// Reads numbers as they are.
  public init(numbers column: Int, isFlag: Bool = false) {
    self.column = column
    codes = nil
    unseen = []
    self.isFlag = isFlag
  }

  /// Reads texts by their codes.
  init(texts column: Int, codes: [Double], unseen: [Bool] = []) {
    self.column = column
    self.codes = codes
    self.unseen = unseen.isEmpty ? Array(repeating: false, count: codes.count) : unseen
    isFlag = false
  }

  /// Writes what values stand for; the target of the next row is `stride` further.
  func write(
    _ values: UnsafeBufferPointer<Double>, to target: UnsafeMutableBufferPointer<Double>, stride: Int
  ) {
    if let codes {
      codes.withUnsafeBufferPointer { codes in
        for row in values.indices {
          target[row &* stride] = values[row].isNaN ? .nan : codes[Int(values[row])]
        }
      }
    } else if isFlag {
      for row in values.indices {
        target[row &* stride] = values[row] == 0 || values[row] == 1 ? values[row] : .nan
      }
    } else {
      for row in values.indices { target[row &* stride] = values[row] }
    }
  }

  /// How many rows are not what the model has learned from.
  public struct Counts: Sendable, Equatable {
    /// Rows without a value.
    public var missing = 0
    /// Rows with a value that is no level, or no yes or no.
    public var unseen = 0

    public init(missing: Int = 0, unseen: Int = 0) {
      self.missing = missing
      self.unseen = unseen
    }
  }

  /// Counts over all rows of the table.
  ///
  /// - Complexity: O(rows)
  public func counts(in table: Table) -> Counts {
    var counts = Counts()
    table.forEachBlock(of: column) { _, values in
      for value in values {
        if value.isNaN {
          counts.missing += 1
        } else if let codes {
          if unseen[Int(value)] { counts.unseen += 1 } else if codes[Int(value)].isNaN { counts.missing += 1 }
        } else if isFlag, value != 0, value != 1 {
          counts.unseen += 1
        }
      }
    }
    return counts
  }
}
