import Histories
public import Retention

/// Who moved from which segment to which, a row a pair of segments; new ones have no segment before, gone ones none after.
public struct MigrationTable: FileTable {
  static let jsonSchema = "revisit.segment-migration/1"
  private static let shareDecimals = 6

  private struct Move {
    let from: String?
    let to: String?
    let count: Int
    /// Of those who were in the segment before; `nil` for new ones.
    let share: Double?
  }

  private let migration: SegmentMigration
  private let moves: [Move]

  public init(_ migration: SegmentMigration) {
    self.migration = migration
    let names = migration.segments.map(\.name)
    var moves: [Move] = []
    for from in migration.inUse {
      let all = Double(migration.before(from))
      func share(_ count: Int) -> Double? { all > 0 ? Double(count) / all : nil }
      for to in migration.inUse {
        let count = migration.count(from: from, to: to)
        moves.append(Move(from: names[from], to: names[to], count: count, share: share(count)))
      }
      moves.append(
        Move(from: names[from], to: nil, count: migration.gone[from], share: share(migration.gone[from])))
    }
    moves += migration.inUse.map { Move(from: nil, to: names[$0], count: migration.new[$0], share: nil) }
    self.moves = moves
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  let columns = [
    FileColumn("from_segment", .text), FileColumn("to_segment", .text), FileColumn("count", .whole),
    FileColumn("share_of_from", .number),
  ]

  public var rowCount: Int { moves.count }

  var jsonMembers: [(name: String, value: String?)] {
    [
      ("from", migration.from.description), ("to", migration.to.description),
      ("unit", migration.unit.rawValue),
    ]
  }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for move in moves[rows] {
      sink.text(move.from)
      sink.text(move.to)
      sink.integer(move.count)
      sink.number(move.share, decimals: Self.shareDecimals)
      sink.endRow()
    }
  }
}
