/// A term of one category, or of a yes or no: a dot with its 95 % interval a level, the highest first, the missing value
/// apart. Of many levels those are drawn that add or take off most.
struct LevelChart {
  private let chart: TermChart
  private let across: ChartScale
  private let left: Double
  /// Nodes from top to bottom.
  private let order: [Int]

  private static let (right, top, bottom) = (26.0, 30.0, 34.0)
  private static let rowHeight = 19.0
  private static let gap = 10.0
  /// Between names and axis, so that a figure at its start runs into no name.
  private static let markRoom = 26.0
  private static let mostCells = 26
  private static let marks = 44.0
  private static let dot = 4.0

  init(_ chart: TermChart) {
    self.chart = chart
    let axis = chart.axes[0]
    let values = chart.term.values
    order =
      axis.strongest(Array(axis.valueNodes), values).sorted { (values[$1], $0) < (values[$0], $1) }
      + [axis.missingNode].compactMap { $0 }
    let longest = order.map { ChartText.width(of: Self.label(axis, $0, chart)) }.max() ?? 0
    let titles = [TermWords.logOdds, TermWords.odds].map { ChartText.width(of: $0[chart.language]) }
    left = max(longest, titles.max() ?? 0) + Self.gap + Self.markRoom
    across = ChartScale(
      lower: chart.range.lowerBound, upper: chart.range.upperBound,
      length: ChartText.drawingWidth - left - Self.right)
  }

  private static func label(_ axis: TermAxis, _ node: Int, _ chart: TermChart) -> String {
    DisplayWidth.cut(axis.labels[node][chart.language], to: mostCells)
  }

  private var height: Double { y(order.count - 1) + Self.rowHeight / 2 }

  private func x(_ value: Double) -> Double {
    left + across.position(min(max(value, across.lower), across.upper))
  }

  private func y(_ row: Int) -> Double {
    let isApart = chart.axes[0].missingNode != nil && row == order.count - 1
    return Self.top + (Double(row) + 0.5) * Self.rowHeight + (isApart ? Self.gap : 0)
  }

  var svg: String {
    SVG.drawing(
      width: ChartText.drawingWidth, height: height + Self.bottom, name: chart.term.name, grid + levels)
  }

  private var grid: String {
    let marks = across.marks(apart: Self.marks)
    let text = KnotText(marks)
    let language = chart.language
    var result =
      SVG.text(TermWords.logOdds[language], left - Self.markRoom, height + 15, .end, style: "head")
      + SVG.text(TermWords.odds[language], left - Self.markRoom, Self.top - 10, .end, style: "head")
    for mark in marks {
      result += SVG.line(x(mark), Self.top - 4, x(mark), height, mark == 0 ? "zero" : "grid")
      result += SVG.text(text(mark), x(mark), height + 15, .middle)
      result += SVG.text(TermWords.factor(mark), x(mark), Self.top - 10, .middle)
    }
    return result
  }

  private var levels: String {
    let axis = chart.axes[0]
    var result = ""
    for (row, node) in order.enumerated() {
      let (value, reach) = (chart.term.values[node], TermWords.interval * chart.term.errors[node])
      result += SVG.text(
        Self.label(axis, node, chart), left - Self.markRoom, y(row) + ChartText.baseline, .end, style: "level"
      )
      result += SVG.line(x(value - reach), y(row), x(value + reach), y(row), "error")
      result += SVG.dot(
        x(value), y(row), radius: Self.dot, style: "dot",
        note: chart.note(axis.labels[node][chart.language], node: node))
    }
    return result
  }
}
