import Histories

/// A grid of cells with a figure each, coloured from the paper's colour to orange by a value of 0 or more.
struct GridMap {
  struct Cell {
    /// What the colour shows, 0 or more.
    let value: Double
    /// What stands in the cell, and below it in the cell.
    let text: String
    let small: String
    /// For those who point at it.
    let note: String
  }

  /// What the drawing is called.
  let name: String
  /// What runs down and across.
  let downTitle: String
  let acrossTitle: String
  let rows: [String]
  let columns: [String]
  /// Row by row; `nil` leaves a cell empty.
  let cells: [Cell?]
  let cellWidth: Double
  /// Rows and columns from here on stand a little apart, such as those of sums; `nil` for none.
  var apart: (row: Int, column: Int)?

  private static let rowHeight = 34.0
  private static let top = 12.0
  private static let gap = 8.0
  private static let apartGap = 8.0
  private static let titleRoom = 20.0
  private static let lines = (upper: -3.0, lower: 11.0)
  /// From this step of the palette on the paper's colour reads better than ink.
  private static let strong = 12

  private var left: Double {
    let titles = rows.map(ChartText.width(of:)).max() ?? 0
    return max(titles, ChartText.width(of: downTitle)) + 2 * Self.gap
  }

  private var isSlanted: Bool { columns.contains { ChartText.width(of: $0) > cellWidth - 4 } }

  private var labelRoom: Double {
    guard isSlanted else { return 16 }
    let (sine, letter) = (0.643, 10.0)
    return (columns.map(ChartText.width(of:)).max() ?? 0) * sine + letter
  }

  /// Names that run to the left of the first columns need room there.
  private var overhang: Double {
    guard isSlanted else { return 0 }
    let cosine = 0.766
    let reaches = columns.enumerated().map { column, name in
      ChartText.width(of: name) * cosine - (Double(column) + 0.5) * cellWidth - left
    }
    return max(reaches.max() ?? 0, 0)
  }

  private func x(_ column: Int) -> Double {
    overhang + left + Double(column) * cellWidth
      + (apart.map { column >= $0.column ? Self.apartGap : 0 } ?? 0)
  }

  private func y(_ row: Int) -> Double {
    Self.top + Self.titleRoom + Double(row) * Self.rowHeight
      + (apart.map { row >= $0.row ? Self.apartGap : 0 } ?? 0)
  }

  private var bottom: Double { y(rows.count - 1) + Self.rowHeight }

  /// The drawing as an `svg` element.
  var svg: String {
    SVG.drawing(
      width: x(columns.count - 1) + cellWidth + Self.gap, height: bottom + labelRoom + Self.titleRoom,
      name: name, body + labels)
  }

  private var body: String {
    let greatest = cells.compactMap { $0?.value }.max() ?? 0
    var result = ""
    for (index, cell) in cells.enumerated() {
      guard let cell else { continue }
      let (row, column) = (index / columns.count, index % columns.count)
      let (left, top) = (x(column), y(row))
      let style = DivergingPalette.style(max(cell.value, 0), greatest: greatest)
      let (width, height) = (cellWidth - 1, Self.rowHeight - 1)
      result += SVG.rectangle(left, top, width, height, style: "m\(style)", note: cell.note)
      let look = style >= Self.strong ? "figure strong" : "figure"
      let middle = (x: left + width / 2, y: top + Self.rowHeight / 2)
      if cell.small.isEmpty {
        result += SVG.text(cell.text, middle.x, middle.y + ChartText.baseline, .middle, style: look)
      } else {
        result += SVG.text(cell.text, middle.x, middle.y + Self.lines.upper, .middle, style: look)
        result += SVG.text(cell.small, middle.x, middle.y + Self.lines.lower, .middle, style: look + " part")
      }
    }
    return result
  }

  private var labels: String {
    var result = SVG.text("↓ " + downTitle, 2, Self.top + 4, .start, style: "head")
    for (row, name) in rows.enumerated() {
      result += SVG.text(
        name, overhang + left - Self.gap, y(row) + Self.rowHeight / 2 + ChartText.baseline, .end,
        style: "level")
    }
    for (column, name) in columns.enumerated() {
      let middle = x(column) + cellWidth / 2
      result +=
        isSlanted
        ? SVG.slanted(name, middle + 4, bottom + 12) : SVG.text(name, middle, bottom + 15, .middle)
    }
    return result
      + SVG.text(
        acrossTitle + " →", x(columns.count - 1) + cellWidth, bottom + labelRoom + 14, .end, style: "head")
  }
}
