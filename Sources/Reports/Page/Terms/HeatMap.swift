import Histories

/// A term of two features as a map: colours for what it adds, both features in their own units.
struct HeatMap {
  private let chart: TermChart
  /// Index of the axis that runs across, and of the one that runs up.
  private let (acrossIndex, upIndex): (Int, Int)
  private let across: MapAxis
  private let up: MapAxis
  private let left: Double
  private let greatest: Double

  private static let top = 24.0
  private static let height = 210.0
  private static let gap = 7.0
  /// Room for the legend at the right.
  private static let legend = 74.0
  private static let (legendWidth, legendHeight) = (12.0, 150.0)
  private static let (marksAcross, marksUp) = (52.0, 26.0)

  init(_ chart: TermChart) {
    self.chart = chart
    let axes = chart.axes
    // Levels have long names: they stand best one below the other.
    let isTurned = axes[0].isNumber && !axes[1].isNumber
    (acrossIndex, upIndex) = isTurned ? (0, 1) : (1, 0)
    up = MapAxis(axes[upIndex], room: Self.height, apart: Self.marksUp, language: chart.language)
    left = (up.marks.map { ChartText.width(of: $0.text) }.max() ?? 0) + 2 * Self.gap
    across = MapAxis(
      axes[acrossIndex], room: ChartText.drawingWidth - left - Self.legend, apart: Self.marksAcross,
      language: chart.language)
    greatest =
      axes[0].nodes.flatMap { row in
        axes[1].nodes.map { chart.term.values[row * axes[1].stride + $0].magnitude }
      }
      .max() ?? 0
  }

  var svg: String {
    SVG.drawing(
      width: left + across.length + Self.legend, height: bottom + labelRoom + 22, name: chart.term.name,
      cells + marks + legend)
  }

  private var bottom: Double { Self.top + up.length }

  /// Whether the names of levels need more room than their columns have.
  private var isSlanted: Bool {
    !across.isNumber
      && zip(across.marks, across.pieces).contains { ChartText.width(of: $0.text) > $1.length - 4 }
  }

  private var labelRoom: Double {
    guard isSlanted else { return 17 }
    let (sine, letter) = (0.643, 10.0)
    return (across.marks.map { ChartText.width(of: $0.text) }.max() ?? 0) * sine + letter
  }

  /// The top of a piece of the upright axis; numbers ascend from the bottom.
  private func y(_ start: Double, _ length: Double) -> Double {
    up.isNumber ? bottom - start - length : Self.top + start
  }

  private func value(_ right: MapAxis.Piece, _ upward: MapAxis.Piece) -> Double {
    let (row, column) = acrossIndex == 1 ? (upward, right) : (right, upward)
    let stride = chart.axes[1].stride
    func along(_ node: Int) -> Double {
      let values = chart.term.values
      let first = values[node * stride + column.node]
      return column.share == 0
        ? first : (1 - column.share) * first + column.share * values[node * stride + column.node + 1]
    }
    return row.share == 0
      ? along(row.node) : (1 - row.share) * along(row.node) + row.share * along(row.node + 1)
  }

  /// One path a colour; neighbours of one colour in a row are one rectangle.
  private var cells: String {
    var paths = [String](repeating: "", count: 2 * DivergingPalette.half + 1)
    for upward in up.pieces {
      var run: (style: Int, start: Double, end: Double)?
      func finish() {
        guard let run else { return }
        // Both edges are rounded alike by neighbours, so that no seam shows between them.
        let top = y(upward.start, upward.length)
        paths[run.style] +=
          "M\(SVG.number(left + run.start)) \(SVG.number(top))H\(SVG.number(left + run.end))V\(SVG.number(top + upward.length))H\(SVG.number(left + run.start))Z"
      }
      for right in across.pieces {
        let style = DivergingPalette.style(value(right, upward), greatest: greatest)
        let isNext = run.map { $0.style == style && abs($0.end - right.start) < 1e-9 } ?? false
        if !isNext { finish() }
        run = (style, isNext ? run?.start ?? right.start : right.start, right.start + right.length)
      }
      finish()
    }
    return paths.enumerated().filter { !$1.isEmpty }
      .map { "<path d=\"\($1)\" class=\"m\($0)\"/>\n" }.joined()
  }

  private var marks: String {
    var result = ""
    for mark in up.marks {
      result += SVG.text(mark.text, left - Self.gap, y(mark.position, 0) + ChartText.baseline, .end)
      if up.isNumber { result += SVG.line(left - 4, y(mark.position, 0), left, y(mark.position, 0), "tick") }
    }
    for mark in across.marks {
      let place = left + mark.position
      result +=
        isSlanted
        ? SVG.slanted(mark.text, place + 4, bottom + 12) : SVG.text(mark.text, place, bottom + 17, .middle)
      if across.isNumber { result += SVG.line(place, bottom, place, bottom + 4, "tick") }
    }
    let names = chart.axes.map { DisplayWidth.cut($0.feature, to: Self.mostCells) }
    return result + SVG.text("↑ " + names[upIndex], 2, Self.top - 9, .start, style: "head")
      + SVG.text(
        names[acrossIndex] + " →", left + across.length, bottom + labelRoom + 14, .end, style: "head")
  }

  private static let mostCells = 44

  private var legend: String {
    let start = left + across.length + 16
    let steps = 2 * DivergingPalette.half + 1
    let step = Self.legendHeight / Double(steps)
    var result = SVG.text(
      TermWords.logOdds[chart.language], start + Self.legend - 18, Self.top - 9, .end, style: "head")
    for index in 0..<steps {
      let top = Self.top + Double(steps - 1 - index) * step
      result +=
        "<path d=\"M\(SVG.number(start)) \(SVG.number(top))h\(SVG.number(Self.legendWidth))v\(SVG.number(step))h-\(SVG.number(Self.legendWidth))Z\" class=\"m\(index)\"/>\n"
    }
    for (share, value) in [(0.0, greatest), (0.5, 0.0), (1.0, -greatest)] {
      result += SVG.text(
        TermWords.signed(value), start + Self.legendWidth + 5,
        Self.top + share * Self.legendHeight + ChartText.baseline, .start)
    }
    return result
  }
}
