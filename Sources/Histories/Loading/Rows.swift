import DuckDB

/// How far reading has come: the file and the row in it.
struct RowPosition {
  /// Rows read of all files before the chunk.
  var globalRow = 0
  var file: String
  /// Rows read of this file before the chunk.
  var row = 0
}

/// The rows of one chunk, served by the wanted columns' order.
struct Rows: ~Copyable {
  private let chunk: Chunk
  private let positions: [Int?]
  private let fileNamePosition: Int?
  /// One word a row, with a bit for each cell that could not be read.
  let problemBits: UnsafeBufferPointer<Int32>?
  private let requiredBits: Int32
  private let position: RowPosition
  private let displayName: (String) -> String

  let count: Int

  init(
    chunk: consuming Chunk, positions: [Int?], fileNamePosition: Int?,
    problems: (position: Int, requiredBits: Int32)?, position: RowPosition,
    displayName: @escaping (String) -> String
  ) {
    count = chunk.rowCount
    if let problems {
      problemBits = chunk.column(problems.position).values(as: Int32.self)
      requiredBits = problems.requiredBits
    } else {
      problemBits = nil
      requiredBits = 0
    }
    self.chunk = chunk
    self.positions = positions
    self.fileNamePosition = fileNamePosition
    self.position = position
    self.displayName = displayName
  }

  /// The column that was asked for at this index, or `nil` when the source lacks it.
  func column(_ index: Int) -> Column? {
    positions[index].map { chunk.column($0) }
  }

  /// Whether a required cell of the row holds something that could not be read. The reader has counted the row as
  /// dropped for that.
  @inline(__always)
  func isLost(_ row: Int) -> Bool {
    guard let problemBits else { return false }
    return problemBits[row] & requiredBits != 0
  }

  func text(_ index: Int) -> TextCells { TextCells(column: column(index)) }
  func numbers(_ index: Int) -> Cells<Double> { Cells(column(index)) }
  func wholes(_ index: Int) -> Cells<Int32> { Cells(column(index)) }
  func days(_ index: Int) -> DayCells { DayCells(cells: Cells(column(index))) }
  func times(_ index: Int) -> TimeCells { TimeCells(cells: Cells(column(index))) }
  func truths(_ index: Int) -> Cells<Bool> { Cells(column(index)) }

  /// The row's number over all files, from 0.
  func globalRow(_ row: Int) -> Int { position.globalRow + row }

  /// Where a row stands: file, row and column.
  func place(_ row: Int, _ column: String) -> LoadReport.Place {
    let (file, number) = location(row)
    return LoadReport.Place(file: file, row: number, column: column)
  }

  private func location(_ row: Int) -> (file: String, row: Int) {
    guard let fileNamePosition else { return (position.file, position.row + row + 1) }
    let names = chunk.column(fileNamePosition)
    let file = names.string(row).map(displayName) ?? position.file
    var first = row
    while first > 0, TextDictionary.same(names.bytes(first - 1), names.bytes(row)) { first -= 1 }
    let before = first == 0 && file == position.file ? position.row : 0
    return (file, before + row - first + 1)
  }

  /// The position after this chunk.
  var endPosition: RowPosition {
    guard count > 0 else { return position }
    let last = location(count - 1)
    return RowPosition(globalRow: position.globalRow + count, file: last.file, row: last.row)
  }
}

/// Values of one column in one chunk; all missing when the source lacks the column.
struct Cells<Value: BitwiseCopyable> {
  private let column: Column?
  private let values: UnsafeBufferPointer<Value>

  init(_ column: Column?) {
    self.column = column
    values = column?.values(as: Value.self) ?? UnsafeBufferPointer(start: nil, count: 0)
  }

  @inline(__always)
  subscript(row: Int) -> Value? {
    guard let column, column.isValid(row) else { return nil }
    return values[row]
  }
}

/// The dates that dealer systems mean: after their null date 1900-01-01, and up to year 9999, which stands for "for
/// ever". Others are missing, among them DuckDB's infinities.
private enum CalendarRange {
  static let nullDate = Day(year: 1900, month: 1, day: 1).number
  static let last = Day(year: 9999, month: 12, day: 31).number
  private static let perDay: Int64 = 86_400_000_000
  static let firstTime = (Int64(nullDate) + 1) * perDay
  static let endTime = (Int64(last) + 1) * perDay
}

/// Days of one column.
struct DayCells {
  let cells: Cells<Int32>
  private let nullDate = CalendarRange.nullDate
  private let last = CalendarRange.last

  init(cells: Cells<Int32>) { self.cells = cells }

  @inline(__always)
  subscript(row: Int) -> Day {
    guard let number = cells[row], number > nullDate, number <= last else { return .none }
    return Day(number)
  }
}

/// Times of one column, in microseconds since 1970-01-01 local time.
struct TimeCells {
  let cells: Cells<Int64>
  private let first = CalendarRange.firstTime
  private let end = CalendarRange.endTime

  init(cells: Cells<Int64>) { self.cells = cells }

  @inline(__always)
  subscript(row: Int) -> Int64? {
    guard let time = cells[row], time >= first, time < end else { return nil }
    return time
  }
}

/// Texts of one column; missing ones are empty.
struct TextCells {
  let column: Column?

  @inline(__always)
  subscript(row: Int) -> UnsafeRawBufferPointer {
    guard let column, column.isValid(row) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return column.bytes(row)
  }
}
