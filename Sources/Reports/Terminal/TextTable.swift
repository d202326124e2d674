/// Rows of cells in aligned columns, fitted to a width: columns of lesser importance are left out first, then long texts
/// are cut.
struct TextTable {
  enum Alignment { case left, right }

  enum Colour: String {
    case red = "\u{1B}[31m"
    case yellow = "\u{1B}[33m"
    case green = "\u{1B}[32m"
    case bold = "\u{1B}[1m"
    case dim = "\u{1B}[2m"
  }

  struct Cell {
    var text: String
    var colour: Colour?

    init(_ text: String, colour: Colour? = nil) {
      self.text = DisplayWidth.harmless(text)
      self.colour = colour
    }
  }

  struct Column {
    let header: String
    let alignment: Alignment
    /// 0 is always shown; of the others the highest numbers are left out first.
    let importance: Int
    /// Cells that the column may be narrowed to; `nil` keeps it as wide as its longest cell.
    let narrowest: Int?
    /// Cells that the column never exceeds.
    let widest: Int
    let cells: [Cell]
  }

  static let gap = 2

  let columns: [Column]
  /// The width of every column shown; `nil` for a column left out.
  let widths: [Int?]

  /// Lays the columns out in at most `width` cells, as far as those of importance 0 allow.
  init(columns: [Column], width: Int) {
    self.columns = columns
    let natural = columns.map { column in
      let longest = column.cells.map { DisplayWidth.of($0.text) }.max() ?? 0
      return min(column.widest, max(longest, DisplayWidth.of(column.header)))
    }
    let least = columns.indices.map { min(natural[$0], columns[$0].narrowest ?? natural[$0]) }

    var shown: Set<Int> = []
    var used = -Self.gap
    let byImportance = columns.indices.sorted {
      (columns[$0].importance, $0) < (columns[$1].importance, $1)
    }
    for index in byImportance {
      let added = least[index] + Self.gap
      // Whether a column is shown depends on more important ones only, so that a wider table never loses a column.
      guard columns[index].importance == 0 || used + added <= width else { break }
      shown.insert(index)
      used += added
    }

    var widths = columns.indices.map { shown.contains($0) ? least[$0] : nil }
    var left = width - used
    for index in byImportance {
      guard let current = widths[index] else { continue }
      let more = max(0, min(left, natural[index] - current))
      widths[index] = current + more
      left -= more
    }
    self.widths = widths
  }

  /// The cells that a line takes.
  var lineWidth: Int {
    widths.reduce(-Self.gap) { $0 + ($1.map { $0 + Self.gap } ?? 0) }
  }

  func headerLine(colour: Bool) -> String {
    line(columns.map { Cell($0.header, colour: .bold) }, colour: colour)
  }

  /// The header and all rows.
  func lines(colour: Bool) -> [String] {
    [headerLine(colour: colour)]
      + (columns.first?.cells.indices ?? 0..<0).map { line(row: $0, colour: colour) }
  }

  func line(row: Int, colour: Bool) -> String {
    line(columns.map { $0.cells[row] }, colour: colour)
  }

  private func line(_ cells: [Cell], colour: Bool) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      guard let width = widths[index] else { continue }
      if !line.isEmpty { line += String(repeating: " ", count: Self.gap) }
      let text = DisplayWidth.cut(cell.text, to: width)
      let blanks = String(repeating: " ", count: width - DisplayWidth.of(text))
      let painted = colour ? Self.painted(text, cell.colour) : text
      line += columns[index].alignment == .left ? painted + blanks : blanks + painted
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  static func painted(_ text: String, _ colour: Colour?) -> String {
    guard let colour else { return text }
    return colour.rawValue + text + "\u{1B}[0m"
  }
}
