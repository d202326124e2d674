import Features
import Synchronization

/// Sampled rows of features with what became of them, and what is counted over all rows.
final class FeatureSample: @unchecked Sendable {
  /// Rows of the sample.
  let count: Int
  let outcomes: [LapseOutcome]
  /// count × `Feature.count`, row-major.
  private let values: UnsafeMutableBufferPointer<Double>

  /// What all rows come to, by feature: the order in which blocks are added does not matter.
  struct Totals {
    var missing = [Int](repeating: 0, count: Feature.count)
    var least = [Double](repeating: .infinity, count: Feature.count)
    var greatest = [Double](repeating: -.infinity, count: Feature.count)
  }

  private let shared = Mutex(Totals())
  var totals: Totals { shared.withLock { $0 } }

  init(outcomes: [LapseOutcome]) {
    self.outcomes = outcomes
    count = outcomes.count
    values = .allocate(capacity: count * Feature.count)
  }

  deinit { values.deallocate() }

  /// Takes a block of rows in; may be called on several threads for different rows.
  ///
  /// - Parameters:
  ///   - range: numbers of the rows.
  ///   - rows: their features, row-major.
  ///   - places: for every row its place in the sample, −1 for none.
  func add(_ range: Range<Int>, _ rows: UnsafeBufferPointer<Double>, places: [Int32]) {
    var own = Totals()
    own.missing.withUnsafeMutableBufferPointer { missing in
      own.least.withUnsafeMutableBufferPointer { least in
        own.greatest.withUnsafeMutableBufferPointer { greatest in
          for row in 0..<range.count {
            for feature in 0..<Feature.count {
              let value = rows[row * Feature.count + feature]
              missing[feature] += value.isNaN ? 1 : 0
              least[feature] = value < least[feature] ? value : least[feature]
              greatest[feature] = value > greatest[feature] ? value : greatest[feature]
            }
          }
        }
      }
    }
    for (row, index) in range.enumerated() where places[index] >= 0 {
      let target = Int(places[index]) * Feature.count
      for feature in 0..<Feature.count { values[target + feature] = rows[row * Feature.count + feature] }
    }
    shared.withLock { totals in
      for feature in 0..<Feature.count {
        totals.missing[feature] += own.missing[feature]
        totals.least[feature] = min(totals.least[feature], own.least[feature])
        totals.greatest[feature] = max(totals.greatest[feature], own.greatest[feature])
      }
    }
  }

  /// One feature of every `step`-th row.
  func column(_ feature: Int, step: Int = 1) -> [Double] {
    stride(from: 0, to: count, by: step).map { values[$0 * Feature.count + feature] }
  }
}
