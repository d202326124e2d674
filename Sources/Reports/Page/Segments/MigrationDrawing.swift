import CustomerValue
import Histories
import Retention

/// The migration matrix as a drawing: segments before down, segments after across, gone and new ones apart.
struct MigrationDrawing {
  private let migration: SegmentMigration
  private let language: Language

  private static let cellWidth = 58.0

  init(_ migration: SegmentMigration, language: Language) {
    self.migration = migration
    self.language = language
  }

  /// The section of the page.
  var section: String {
    """
    <h2>\(HTMLText.escaped(SegmentWords.migration(migration, language)))</h2>
    <p class="small">\(HTMLText.escaped(SegmentWords.migrationSums(migration, language)))</p>
    <article class="term wide">
    \(map.svg)
    </article>
    """
  }

  private var map: GridMap {
    let used = migration.inUse
    let allNew = migration.new.reduce(0, +)
    let labels = used.map { migration.segments[$0].label[language] }
    var cells: [GridMap.Cell?] = []
    for (place, from) in used.enumerated() {
      let all = migration.before(from)
      for (other, to) in used.enumerated() {
        cells.append(
          cell(migration.count(from: from, to: to), of: all, "\(labels[place]) → \(labels[other])"))
      }
      cells.append(cell(migration.gone[from], of: all, "\(labels[place]) → \(SegmentWords.gone[language])"))
    }
    for (place, to) in used.enumerated() {
      cells.append(cell(migration.new[to], of: allNew, "\(SegmentWords.new[language]) → \(labels[place])"))
    }
    cells.append(nil)
    return GridMap(
      name: SegmentWords.migration(migration, language), downTitle: SegmentWords.before[language],
      acrossTitle: SegmentWords.after[language], rows: labels + [SegmentWords.new[language]],
      columns: labels + [SegmentWords.gone[language]], cells: cells, cellWidth: Self.cellWidth,
      apart: (row: used.count, column: used.count))
  }

  /// Coloured by the share of those who were in the segment before, so that small segments show their moves, too.
  private func cell(_ count: Int, of all: Int, _ note: String) -> GridMap.Cell {
    let share = all > 0 ? Double(count) / Double(all) : 0
    return GridMap.Cell(
      value: share, text: NumberText.grouped(count), small: count > 0 ? NumberText.percent(share) : "",
      note: "\(note): \(NumberText.grouped(count)), \(NumberText.percent(share))")
  }
}
