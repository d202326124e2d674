import LinearAlgebra
import Synchronization
import Testing

@testable import Reports

@Suite("Blocks made ahead")
struct BlocksAheadTests {
  @Test("blocks come in order and hold every row once", arguments: [1, 2, 8])
  func order(threads: Int) {
    let blocks = BlocksAhead(rows: 1001, rowsPerBlock: 10, parallel: Parallel(threads: threads)) { $0 }
    var next = 0
    while let rows = blocks.next() {
      #expect(rows.lowerBound == next && (rows.count == 10 || rows.upperBound == 1001))
      next = rows.upperBound
    }
    #expect(next == 1001 && blocks.next() == nil)
  }

  @Test("no more is made than a few blocks ahead, and nothing goes on when the blocks are dropped")
  func bounded() {
    let made = Atomic<Int>(0)
    do {
      let blocks = BlocksAhead(rows: 1000, rowsPerBlock: 1, parallel: Parallel(threads: 2)) { rows in
        made.wrappingAdd(1, ordering: .sequentiallyConsistent)
        return rows
      }
      for _ in 0..<3 { _ = blocks.next() }
    }
    #expect(made.load(ordering: .sequentiallyConsistent) == 7)
  }
}
