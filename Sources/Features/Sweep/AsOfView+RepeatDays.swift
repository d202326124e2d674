public import Histories
import LinearAlgebra

extension AsOfView {
  private static let countedBlock = 1 << 14

  /// How many qualified visits after their origin some relations made on each day, as known at the date.
  ///
  /// - Parameters:
  ///   - relations: each at most once.
  ///   - origins: the origin of each.
  ///   - first: the day of the first number, no later than any origin.
  /// - Returns: one number a day until the date.
  /// - Complexity: O(orders)
  public func repeatsByDay(of relations: [Int32], after origins: [Day], from first: Day) -> [Int32] {
    let days = max(asOf - first + 1, 0)
    var originOf = [Day](repeating: .none, count: histories.relations.count)
    for (relation, origin) in zip(relations, origins) { originOf[Int(relation)] = origin }
    let blocks = Parallel.blockCount(count: originOf.count, blockSize: Self.countedBlock)
    let partials = BlockResults<[Int32]>(count: blocks)
    RelationPass(histories, parallel).forEachBlock(blockSize: Self.countedBlock) {
      [originOf] block, workspace in
      var counts = [Int32](repeating: 0, count: days)
      for relation in block.range where !originOf[relation].isNone {
        workspace.begin(relation: relation)
        workspace.advance(to: asOf)
        workspace.forEachRepeat(after: originOf[relation]) { day, _ in counts[day - first] += 1 }
      }
      partials[block.index] = counts
    }
    var sums = [Int32](repeating: 0, count: days)
    for block in 0..<blocks {
      for (day, count) in (partials[block] ?? []).enumerated() { sums[day] += count }
    }
    return sums
  }
}

extension RelationWorkspace {
  /// Calls `body` with the day of every qualified visit after the origin and of the one before it, several of a day as one.
  func forEachRepeat(after origin: Day, _ body: (_ day: Day, _ before: Day) -> Void) {
    var last = origin
    for index in 0..<visits.count {
      let visit = visits.base[index]
      guard visit.isQualified, visit.day > last else { continue }
      body(visit.day, last)
      last = visit.day
    }
  }
}
