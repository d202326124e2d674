import Foundation

/// Probabilities by two numbers, each cell with its per cent and a shade of its size.
struct ProbabilityGrid {
  let title: String
  /// Names of the axes: of what runs across, and of what runs up.
  let across: String
  let up: String
  let columns: [String]
  /// From the bottom.
  let rows: [String]
  /// Row by row from the bottom, as many as rows × columns.
  let probabilities: [[Double]]

  private static let (top, bottom, right, gap) = (26.0, 44.0, 8.0, 7.0)
  private static let cellHeight = 22.0
  /// Shades of the palette, from none to full.
  static let steps = 10

  var svg: String {
    let left = (rows.map(ChartText.width(of:)).max() ?? 0) + 2 * Self.gap
    let width = (ChartText.drawingWidth - left - Self.right) / Double(max(columns.count, 1))
    let floor = Self.top + Double(rows.count) * Self.cellHeight
    var content = SVG.text("↑ " + up, 2, Self.top - 10, .start, style: "head")
    for (row, label) in rows.enumerated() {
      let top = floor - Double(row + 1) * Self.cellHeight
      let baseline = top + Self.cellHeight / 2 + ChartText.baseline
      content += SVG.text(label, left - Self.gap, baseline, .end)
      for (column, probability) in probabilities[row].enumerated() where probability.isFinite {
        let start = left + Double(column) * width
        let shade = Int((min(max(probability, 0), 1) * Double(Self.steps)).rounded())
        content += SVG.rectangle(
          start, top, width, Self.cellHeight, style: "p\(shade)",
          note: "\(across) \(columns[column]), \(up) \(label): \(NumberText.percent(probability))")
        content += SVG.text(
          "\(Int((probability * 100).rounded()))", start + width / 2, baseline, .middle,
          style: shade > Self.steps / 2 ? "on-dark" : "on-light")
      }
    }
    for (column, label) in columns.enumerated() {
      content += SVG.text(label, left + (Double(column) + 0.5) * width, floor + 17, .middle)
    }
    content += SVG.text(across + " →", ChartText.drawingWidth - Self.right, floor + 36, .end, style: "head")
    return SVG.drawing(width: ChartText.drawingWidth, height: floor + Self.bottom, name: title, content)
  }

  /// The rules of the shades: the page's accent, more of it the greater the probability.
  static var rules: String {
    (0...steps).map {
      ".p\($0) { fill: var(--accent); fill-opacity: \(Double($0) / Double(steps)); stroke: var(--line); }"
    }
    .joined(separator: "\n")
  }
}
