import Histories
import LinearAlgebra

extension FeatureSweep {
  /// Writes the features of some relations of each date, row-major: those of the first date, then those of the next.
  ///
  /// - Parameters:
  ///   - relations: by date, in the order of `views`, ascending.
  ///   - elements: one row of `Feature.count` elements for each of them.
  /// - Complexity: O(their orders + their rows).
  public func writeFeatures(
    of relations: [[Int32]], into elements: UnsafeMutableBufferPointer<Double>
  ) {
    let count = relations.reduce(0) { $0 + $1.count }
    precondition(elements.count == count * Feature.count, "one row a relation is needed")
    guard let base = elements.baseAddress else { return }
    nonisolated(unsafe) let target = base
    var firstRows: [Int] = []
    for (date, own) in relations.enumerated() {
      firstRows.append(date == 0 ? 0 : firstRows[date - 1] + relations[date - 1].count)
      precondition(zip(own, own.dropFirst()).allSatisfy { $0 < $1 }, "relations ascend")
    }
    let starts = firstRows
    forEachBlock(of: relations) { workspace, block, places in
      let rows = places.indices.map { target + (starts[$0] + places[$0].lowerBound) * Feature.count }
      write(block, relations, places, rows, workspace)
    }
  }

  /// Computes the features of some relations of each date block by block, so that no more than a block a thread is in
  /// memory.
  ///
  /// - Parameters:
  ///   - relations: by date, in the order of `views`, ascending.
  ///   - body: is called on several threads with the date's place in `views`, the rows' numbers in its relations, and
  ///     their features (row-major); must only write to what belongs to those rows.
  /// - Complexity: O(their orders + their rows).
  public func forEachBlock(
    of relations: [[Int32]],
    body: @Sendable (_ date: Int, _ rows: Range<Int>, _ features: UnsafeBufferPointer<Double>) -> Void
  ) {
    forEachBlock(of: relations) { workspace, block, places in
      let count = places.reduce(0) { $0 + $1.count }
      guard count > 0 else { return }
      let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: count * Feature.count)
      defer { values.deallocate() }
      guard var next = values.baseAddress else { return }
      var rows: [UnsafeMutablePointer<Double>] = []
      for own in places {
        rows.append(next)
        next += own.count * Feature.count
      }
      write(block, relations, places, rows, workspace)
      for date in places.indices where !places[date].isEmpty {
        let used = UnsafeBufferPointer(start: rows[date], count: places[date].count * Feature.count)
        body(date, places[date], used)
      }
    }
  }

  /// Calls `body` for every block of relations, with the places in each date's list that fall into it.
  private func forEachBlock(
    of relations: [[Int32]], body: @Sendable (RelationWorkspace, Range<Int>, [Range<Int>]) -> Void
  ) {
    precondition(relations.count == views.count, "every date has its relations")
    let blockSize = Self.rowsPerBlock(dates: views.count)
    RelationPass(histories, parallel).forEachBlock(blockSize: blockSize) { block, workspace in
      let places = relations.map { own in
        Self.place(of: block.range.lowerBound, in: own)..<Self.place(of: block.range.upperBound, in: own)
      }
      body(workspace, block.range, places)
    }
  }

  /// Where a relation stands, or would stand, in an ascending list.
  private static func place(of relation: Int, in relations: [Int32]) -> Int {
    var (low, high) = (0, relations.count)
    while low < high {
      let middle = (low + high) / 2
      if relations[middle] < relation { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Writes the rows of one block.
  ///
  /// - Parameters:
  ///   - places: by date, of the block in its list.
  ///   - rows: by date, where its first row goes.
  private func write(
    _ block: Range<Int>, _ relations: [[Int32]], _ places: [Range<Int>],
    _ rows: [UnsafeMutablePointer<Double>], _ workspace: RelationWorkspace
  ) {
    var next = places.map(\.lowerBound)
    for relation in block {
      var hasBegun = false
      for (date, view) in views.enumerated()
      where next[date] < places[date].upperBound && Int(relations[date][next[date]]) == relation {
        if !hasBegun { workspace.begin(relation: relation) }
        hasBegun = true
        workspace.advance(to: view.asOf)
        let row = rows[date] + (next[date] - places[date].lowerBound) * Feature.count
        view.write(workspace, view.dueState(workspace), to: row)
        next[date] += 1
      }
    }
  }
}
