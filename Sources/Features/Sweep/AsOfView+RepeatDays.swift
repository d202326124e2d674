public import Histories
import LinearAlgebra

extension AsOfView {
  private static let countedBlock = 1 << 14

  /// How many qualified visits after the day of their start some relations made on each day, as known at the date.
  ///
  /// - Parameters:
  ///   - relations: ascending, as `relationVisits` gives them.
  ///   - first: the day of the first number; earlier visits are not counted.
  /// - Returns: one number a day until the date.
  /// - Complexity: O(orders)
  public func repeatsByDay(of relations: [Int32], from first: Day) -> [Int32] {
    let days = max(asOf - first + 1, 0)
    var isWanted = [Bool](repeating: false, count: histories.relations.count)
    for relation in relations { isWanted[Int(relation)] = true }
    let blocks = Parallel.blockCount(count: isWanted.count, blockSize: Self.countedBlock)
    let partials = BlockResults<[Int32]>(count: blocks)
    RelationPass(histories, parallel).forEachBlock(blockSize: Self.countedBlock) {
      [isWanted] block, workspace in
      var counts = [Int32](repeating: 0, count: days)
      for relation in block.range where isWanted[relation] {
        workspace.begin(relation: relation)
        workspace.advance(to: asOf)
        workspace.forEachRepeat { day, _ in
          if day >= first { counts[day - first] += 1 }
        }
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
  /// Calls `body` with the day of every qualified visit after the start and of the one before it, several of a day as one.
  func forEachRepeat(_ body: (_ day: Day, _ before: Day) -> Void) {
    var last = start
    for index in 0..<visits.count {
      let visit = visits.base[index]
      guard visit.isQualified, visit.day > last else { continue }
      body(visit.day, last)
      last = visit.day
    }
  }
}
