import LinearAlgebra

extension AsOfView {
  private static let collectedBlock = 1 << 12

  /// One value of each relation that has one, with its number, ascending.
  ///
  /// - Parameter value: of a relation that has advanced to the date; it is called on several threads.
  /// - Complexity: O(orders).
  func collect<Value: Sendable>(
    _ value: @Sendable (RelationWorkspace) -> Value?
  ) -> (relations: [Int32], values: [Value]) {
    let blocks = Parallel.blockCount(count: histories.relations.count, blockSize: Self.collectedBlock)
    let partials = BlockResults<([Int32], [Value])>(count: blocks)
    RelationPass(histories, parallel).forEachBlock(blockSize: Self.collectedBlock) { block, workspace in
      var found: ([Int32], [Value]) = ([], [])
      for relation in block.range {
        workspace.begin(relation: relation)
        workspace.advance(to: asOf)
        guard let own = value(workspace) else { continue }
        found.0.append(Int32(relation))
        found.1.append(own)
      }
      partials[block.index] = found
    }
    let results = (0..<blocks).compactMap { partials[$0] }
    return (results.flatMap(\.0), results.flatMap(\.1))
  }
}
