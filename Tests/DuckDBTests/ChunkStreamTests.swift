import Testing

@testable import DuckDB

@Suite("Chunks fetched ahead")
struct ChunkStreamTests {
  /// Takes the next chunk.
  private func hasEnded(_ stream: ChunkStream) throws -> Bool {
    switch try stream.next() {
    case .some: false
    case .none: true
    }
  }

  @Test("rows come complete and in the query's order, and then nothing for ever", arguments: [1, 2, 32])
  func order(depth: Int) throws {
    let connection = try Database().connect()
    let stream = ChunkStream(
      try connection.query("SELECT i::INTEGER FROM range(100000) AS r(i)"), depth: depth)
    var next: Int32 = 0
    var isInOrder = true
    while let chunk = try stream.next() {
      for value in chunk.column(0).values(as: Int32.self) {
        isInOrder = isInOrder && value == next
        next += 1
      }
    }
    #expect(isInOrder)
    #expect(next == 100_000)
    #expect(try hasEnded(stream))
  }

  @Test("a stream may be dropped before its last row, at any point", arguments: [0, 1, 5, 40])
  func droppedEarly(chunks: Int) throws {
    let connection = try Database().connect()
    for _ in 0..<5 {
      let stream = ChunkStream(
        try connection.query("SELECT i::INTEGER, 'a text of some length ' || i FROM range(500000) AS r(i)"),
        depth: 8)
      for _ in 0..<chunks {
        #expect(try !hasEnded(stream))
      }
    }
    var count: Int32 = 0
    let result = try connection.query("SELECT 42::INTEGER")
    try result.forEachChunk { count = $0.column(0).values(as: Int32.self)[0] }
    #expect(count == 42)
  }

  @Test("a query that fails on its way throws once, after the rows before it, and then ends")
  func lateErrors() throws {
    let connection = try Database().connect()
    let stream = ChunkStream(
      try connection.query(
        "SELECT CASE WHEN i = 199999 THEN error('late') ELSE i::VARCHAR END FROM range(200000) AS r(i)"))
    let error = #expect(throws: DuckDBError.self) {
      while try stream.next() != nil {}
    }
    #expect(error?.message.contains("late") == true)
    #expect(try hasEnded(stream))
  }

  @Test("a result without rows ends at once")
  func emptyResult() throws {
    let connection = try Database().connect()
    let stream = ChunkStream(try connection.query("SELECT 1 WHERE false"))
    #expect(try hasEnded(stream))
  }
}
