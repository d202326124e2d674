import DuckDB
import Histories

/// Sets cells in a block of rows for DuckDB.
///
/// Numbers are most of a wide table. They are collected row by row and set column by column some rows at a time: one
/// cell after the other would touch as many distant places as there are columns.
struct BlockSink: RowSink, ~Copyable {
  /// What the blocks of one table have in common.
  struct Layout: Sendable {
    let library: DuckDBLibrary
    let types: [ColumnType]
    /// The columns of numbers.
    let numbers: [Int]

    /// - Throws: `DuckDBError` when there is no DuckDB.
    init(_ columns: [FileColumn]) throws(DuckDBError) {
      library = try DuckDBLibrary.shared()
      types = columns.map(\.kind.columnType)
      numbers = columns.indices.filter { columns[$0].kind == .number }
    }
  }

  private let layout: Layout
  private let block: RowBlock
  /// Numbers of the rows since the last multiple of `RowBlock.rowsPerWord`, row-major; NaN where there is none.
  private let collected: UnsafeMutablePointer<Double>
  private var collectedCount = 0
  private var column = 0

  init(_ layout: Layout) {
    self.layout = layout
    block = RowBlock(types: layout.types, library: layout.library)
    collected = .allocate(capacity: layout.numbers.count * RowBlock.rowsPerWord)
  }

  deinit {
    collected.deallocate()
  }

  /// The block with all rows that were ended; `RowBlock.capacity` at most.
  consuming func finish() -> RowBlock {
    if block.rowCount % RowBlock.rowsPerWord != 0 { setNumbers() }
    return block
  }

  mutating func endRow() {
    column = 0
    block.endRow()
    if block.rowCount % RowBlock.rowsPerWord == 0 { setNumbers() }
  }

  private mutating func setNumbers() {
    let first = (block.rowCount - 1) / RowBlock.rowsPerWord * RowBlock.rowsPerWord
    for (index, column) in layout.numbers.enumerated() {
      block.setNumbers(
        column, first: first, count: block.rowCount - first, from: collected + index,
        stride: layout.numbers.count)
    }
    collectedCount = 0
  }

  @inline(__always)
  private mutating func next() -> Int {
    column += 1
    return column - 1
  }

  @inline(__always)
  mutating func exact(_ value: Double?) {
    collected[collectedCount] = value ?? .nan
    collectedCount += 1
    column += 1
  }

  @inline(__always)
  mutating func number(_ value: Double?, decimals: Int) { exact(value) }

  @inline(__always)
  mutating func integer(_ value: Int?) { block.set(next(), value.map(Int64.init)) }

  @inline(__always)
  mutating func text(_ value: String?) { block.set(next(), text: value) }

  @inline(__always)
  mutating func day(_ value: Day?) { block.set(next(), value.flatMap { $0.isNone ? nil : $0.number }) }

  @inline(__always)
  mutating func flag(_ value: Bool?) { block.set(next(), value) }
}

extension FileColumn.Kind {
  fileprivate var columnType: ColumnType {
    switch self {
    case .text: .text
    case .whole: .bigInt
    case .number: .double
    case .day: .date
    case .flag: .boolean
    }
  }
}
