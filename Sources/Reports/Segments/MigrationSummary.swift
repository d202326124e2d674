public import Histories
public import Retention

extension SegmentMigration {
  /// Moves that are told where the matrix has no room.
  private static let movesShown = 20

  /// The matrix of counts and that of shares as aligned tables, or where these have no room the largest moves.
  public func terminalText(language: Language, width: Int, colour: Bool = false) -> String {
    let head = [SegmentWords.migration(self, language), SegmentWords.migrationSums(self, language), ""]
    let tables = [false, true].map { TextTable(columns: matrix(language, asShares: $0), width: .max) }
    guard tables.allSatisfy({ $0.lineWidth <= width }) else {
      return (head + moves(language, width, colour)).joined(separator: "\n")
    }
    return (head + tables[0].lines(colour: colour) + [""] + tables[1].lines(colour: colour))
      .joined(separator: "\n")
  }

  /// Segments before down, segments after across; these by number, which the names of the rows carry.
  private func matrix(_ language: Language, asShares: Bool) -> [TextTable.Column] {
    let used = inUse
    func text(_ count: Int, of all: Int) -> String {
      guard asShares else { return NumberText.grouped(count) }
      return all > 0 ? NumberText.percent(Double(count) / Double(all)) : ""
    }
    func column(_ header: String, _ cells: [String], _ alignment: TextTable.Alignment = .right)
      -> TextTable.Column
    {
      TextTable.Column(
        header: header, alignment: alignment, importance: 0, narrowest: nil, widest: .max,
        cells: cells.map { TextTable.Cell($0) })
    }
    let allNew = new.reduce(0, +)
    let names = used.enumerated().map { "\($0 + 1) \(segments[$1].label[language])" }
    return [column(SegmentWords.before[language], names + [SegmentWords.new[language]], .left)]
      + used.enumerated().map { place, to in
        column(
          "→\(place + 1)",
          used.map { text(count(from: $0, to: to), of: before($0)) } + [text(new[to], of: allNew)])
      } + [
        column(SegmentWords.gone[language], used.map { text(gone[$0], of: before($0)) } + [""]),
        column(
          SegmentWords.all[language],
          used.map { NumberText.grouped(before($0)) } + [NumberText.grouped(allNew)]),
      ]
  }

  private func moves(_ language: Language, _ width: Int, _ colour: Bool) -> [String] {
    struct Move {
      let from: Int
      let to: Int?
      let count: Int
    }
    var moves: [Move] = []
    for from in inUse {
      for to in inUse where to != from {
        moves.append(Move(from: from, to: to, count: count(from: from, to: to)))
      }
      moves.append(Move(from: from, to: nil, count: gone[from]))
    }
    let largest = moves.filter { $0.count > 0 }.sorted {
      ($1.count, $0.from, $0.to ?? .max) < ($0.count, $1.from, $1.to ?? .max)
    }
    .prefix(Self.movesShown)
    func column(_ header: Bilingual, _ alignment: TextTable.Alignment, _ text: (Move) -> String)
      -> TextTable.Column
    {
      TextTable.Column(
        header: header[language], alignment: alignment, importance: 0, narrowest: nil, widest: .max,
        cells: largest.map { TextTable.Cell(text($0)) })
    }
    let table = TextTable(
      columns: [
        column(SegmentWords.before, .left) { segments[$0.from].label[language] },
        column(SegmentWords.after, .left) { move in
          (move.to.map { segments[$0].label } ?? SegmentWords.gone)[language]
        },
        column(SegmentWords.unit(unit), .right) { NumberText.grouped($0.count) },
        column(SegmentWords.share, .right) { NumberText.percent(Double($0.count) / Double(before($0.from))) },
      ], width: width)
    return table.lines(colour: colour)
  }
}
