import Histories
import LinearAlgebra

/// Every pass over the orders goes through here: blocks of relations that follow each other, taken by the workers in
/// ascending order, so that columns are read from their beginning to their end.
struct RelationPass: Sendable {
  private let histories: Histories
  private let parallel: Parallel

  init(_ histories: Histories, _ parallel: Parallel) {
    self.histories = histories
    self.parallel = parallel
  }

  /// Calls `body` once for every block of all relations, on several threads. The pass does not come back to a block.
  ///
  /// - Parameter body: gets the block, whose range are relations, and a workspace of its own.
  func forEachBlock(
    blockSize: Int, body: @Sendable (Parallel.Block, RelationWorkspace) -> Void
  ) {
    parallel.forEachBlock(count: histories.relations.count, blockSize: blockSize) { block in
      body(block, RelationWorkspace(histories: histories))
      histories.relieveMemory()
    }
  }

  /// Calls `body` once for every block of a list of relations, on several threads.
  ///
  /// - Parameters:
  ///   - relations: in any order; where it ascends, the pass does not come back to a block.
  ///   - body: gets the block, whose range are places in the list, and a workspace of its own.
  func forEachBlock(
    of relations: [Int32], blockSize: Int, body: @Sendable (Parallel.Block, RelationWorkspace) -> Void
  ) {
    parallel.forEachBlock(count: relations.count, blockSize: blockSize) { block in
      body(block, RelationWorkspace(histories: histories))
      histories.relieveMemory()
    }
  }
}
