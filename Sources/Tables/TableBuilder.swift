import DuckDB
import Histories
import LinearAlgebra

/// Takes in chunks of rows and makes a table of them.
struct TableBuilder {
  /// A column with the type in which it is fetched.
  struct Layout {
    let source: SourceColumn
    let type: SourceColumn.ValueType
  }

  private let columns: [Layout]
  private let dictionaries: [TextDictionary?]
  private var blocks: [Matrix] = []
  private(set) var rows = 0
  /// Of the file, before the first of these.
  let rowsBefore: Int

  init(columns: [Layout], rowsBefore: Int = 0) {
    self.columns = columns
    self.rowsBefore = rowsBefore
    dictionaries = columns.map { $0.type.isFetchedAsText ? TextDictionary() : nil }
  }

  /// Takes in some rows of a chunk.
  mutating func add(_ chunk: borrowing Chunk, rows taken: Range<Int>) {
    var first = taken.lowerBound
    while first < taken.upperBound {
      let place = rows % Table.rowsPerBlock
      if place == 0 {
        blocks.append(Matrix(rows: columns.count, columns: Table.rowsPerBlock, uninitialised: { _ in }))
      }
      let count = min(taken.upperBound - first, Table.rowsPerBlock - place)
      let (columns, dictionaries) = (columns, dictionaries)
      blocks[blocks.count - 1].withUnsafeMutableElements { elements in
        for index in columns.indices {
          let start = index * Table.rowsPerBlock + place
          let target = UnsafeMutableBufferPointer(rebasing: elements[start..<start + count])
          Self.fill(target, columns[index].type, dictionaries[index], chunk.column(index), first: first)
        }
      }
      first += count
      rows += count
    }
  }

  private static func fill(
    _ target: UnsafeMutableBufferPointer<Double>, _ type: SourceColumn.ValueType,
    _ dictionary: TextDictionary?, _ column: Column, first: Int
  ) {
    switch type {
    case .text, .unusable:
      guard let dictionary else { return }
      for row in target.indices {
        target[row] = column.isValid(first + row) ? Double(dictionary.add(column.bytes(first + row))) : .nan
      }
    case .whole, .number, .boolean:
      let values = column.values(as: Double.self)
      for row in target.indices { target[row] = values[first + row] }
    case .day:
      let values = column.values(as: Int32.self)
      for row in target.indices { target[row] = days(Int64(values[first + row]), limit: Int64(Int32.max), 1) }
    case .moment:
      let values = column.values(as: Int64.self)
      for row in target.indices {
        target[row] = days(values[first + row], limit: .max, microsecondsPerDay)
      }
    }
    guard !column.hasNoNulls else { return }
    for row in target.indices where !column.isValid(first + row) { target[row] = .nan }
  }

  private static let microsecondsPerDay = 86_400_000_000.0

  /// DuckDB keeps infinite dates as the greatest value and its negative.
  @inline(__always)
  private static func days(_ value: Int64, limit: Int64, _ unitsPerDay: Double) -> Double {
    if value == limit { return .infinity }
    if value == -limit { return -.infinity }
    return Double(value) / unitsPerDay
  }

  consuming func finish() -> Table {
    let described = columns.indices.map { index in
      Table.Column(
        name: columns[index].source.name, source: columns[index].source.type,
        dictionary: dictionaries[index], isDay: columns[index].type == .day || columns[index].type == .moment)
    }
    return Table(rows: rows, columns: described, blocks: blocks, rowsBefore: rowsBefore)
  }
}

extension SourceColumn.ValueType {
  fileprivate var isFetchedAsText: Bool {
    switch self {
    case .text, .unusable: true
    case .whole, .number, .boolean, .day, .moment: false
    }
  }
}
