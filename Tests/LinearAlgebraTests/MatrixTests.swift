import Foundation
import Testing

@testable import LinearAlgebra

@Suite("Matrix")
struct MatrixTests {
  @Test("rows stand one after the other in memory")
  func rowMajor() {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.withUnsafeElements(Array.init) == [1, 2, 3, 4, 5, 6])
    #expect(matrix.withUnsafeRows(1..<2, Array.init) == [4, 5, 6])
    #expect(matrix[1, 0] == 4)
  }

  @Test("writing to a copy leaves the original alone")
  func valueSemantics() {
    let original = Matrix(rows: 2, columns: 2, repeating: 7)
    var copy = original
    copy[0, 1] = 1
    #expect(original[0, 1] == 7)
    #expect(copy[0, 1] == 1)
    #expect(copy != original)
  }

  @Test("threads fill disjoint blocks of rows in place", arguments: [1, 2, 3])
  func filledByThreads(threads: Int) {
    let matrix = Matrix(rows: 1001, columns: 3, rowsPerBlock: 100, parallel: Parallel(threads: threads)) {
      rows, elements in
      for (offset, row) in rows.enumerated() {
        for column in 0..<3 { elements[offset * 3 + column] = Double(10 * row + column) }
      }
    }
    var wrong = 0
    for row in 0..<1001 {
      for column in 0..<3 where matrix[row, column] != Double(10 * row + column) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test("memory of a large matrix goes back to the system when it is dropped")
  func memoryIsReturned() throws {
    let megabytes = 256
    var matrix: Matrix? = Matrix(rows: megabytes << 7, columns: 1024, repeating: 1)
    #expect(matrix?[0, 0] == 1)
    let before = try residentMegabytes()
    matrix = nil
    #expect(try residentMegabytes() < before - Double(megabytes) / 2)
  }

  private func residentMegabytes() throws -> Double {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = try #require(Double(text.split(separator: " ")[1]))
    return pages * 4096 / 1_048_576
  }
}

@Suite("Parallel blocks")
struct ParallelTests {
  @Test("every row is visited once, in the same blocks for any number of threads", arguments: [1, 2, 3, 8])
  func visitsEachRowOnce(threads: Int) {
    let marks = Matrix(
      rows: 777, columns: 1, rowsPerBlock: 50, parallel: Parallel(threads: threads)
    ) { rows, elements in
      for index in elements.indices { elements[index] = Double(rows.lowerBound) }
    }
    #expect((0..<777).allSatisfy { marks[$0, 0] == Double($0 / 50 * 50) })
  }

  @Test("no rows make no blocks")
  func nothing() {
    Parallel(threads: 2).forEachBlock(count: 0, blockSize: 10) { _ in Issue.record("called without rows") }
    #expect(Parallel.blockCount(count: 0, blockSize: 10) == 0)
  }

  @Test("block sizes bound the number of blocks and are whole multiples")
  func blockSizes() {
    for count in [1, 511, 512, 513, 100_000, 700_001] {
      let size = Parallel.blockSize(count: count, blocks: 64, multipleOf: 512)
      #expect(size % 512 == 0)
      #expect(Parallel.blockCount(count: count, blockSize: size) <= 64)
    }
  }
}
