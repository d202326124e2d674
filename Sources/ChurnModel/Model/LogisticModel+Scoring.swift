internal import CVectorLoops

extension LogisticModel {
  /// Rows scored together: their raw values stay in the first level cache while one category after the other is added.
  private static let blockRows = 64

  /// Writes the probability of a positive for each row: its margin through `link`.
  ///
  /// Missing values are NaN; numbers beyond the training bounds count as the bound; a category value that is no level
  /// counts as a rare level, or as the base level where none were pooled. Nothing is allocated.
  ///
  /// - Parameters:
  ///   - features: rows × feature count, row-major, in the order of `self.features`.
  ///   - rows: number of rows.
  ///   - probabilities: at least `rows` elements.
  /// - Complexity: O(rows × features)
  public func score(
    features: UnsafeBufferPointer<Double>, rows: Int,
    into probabilities: UnsafeMutableBufferPointer<Double>
  ) {
    checkShape(features, rows, probabilities.count)
    forEachBlock(rows) { range in
      addMargins(features, range, into: probabilities)
      link.apply(to: UnsafeMutableBufferPointer(rebasing: probabilities[range]))
    }
  }

  /// Writes the margin (log-odds of a positive) for each row; see `score`.
  public func margins(
    features: UnsafeBufferPointer<Double>, rows: Int, into margins: UnsafeMutableBufferPointer<Double>
  ) {
    checkShape(features, rows, margins.count)
    forEachBlock(rows) { range in addMargins(features, range, into: margins) }
  }

  private func checkShape(_ values: UnsafeBufferPointer<Double>, _ rows: Int, _ results: Int) {
    precondition(rows >= 0 && values.count >= rows * features.count, "rows × features values are needed")
    precondition(results >= rows, "the result needs one element a row")
  }

  @inline(__always)
  private func forEachBlock(_ rows: Int, _ body: (Range<Int>) -> Void) {
    var first = 0
    while first < rows {
      let end = min(first + Self.blockRows, rows)
      body(first..<end)
      first = end
    }
  }

  private func addMargins(
    _ values: UnsafeBufferPointer<Double>, _ range: Range<Int>,
    into margins: UnsafeMutableBufferPointer<Double>
  ) {
    let stride = features.count
    guard let base = margins.baseAddress else { return }
    let target = base + range.lowerBound
    target.update(repeating: plan.intercept, count: range.count)
    guard let source = values.baseAddress.map({ $0 + range.lowerBound * stride }) else { return }
    if plan.numbers.isEmpty {
      vector_prefetch(source, range.count * stride)
    } else {
      plan.numbers.add(source, stride: stride, count: range.count, to: target)
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.blockRows) { additions in
      guard let addition = additions.baseAddress else { return }
      for feature in plan.others {
        plan.write(
          plan.steps[feature], source + feature, stride: stride, count: range.count, to: addition)
        for row in 0..<range.count { target[row] += addition[row] }
      }
    }
  }
}
