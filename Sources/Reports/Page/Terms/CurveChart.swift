import Histories

/// A term of one number: its curve, or its steps, with a 95 % band, and the missing value as a dot apart.
struct CurveChart {
  private let chart: TermChart
  /// The values at the nodes, or the borders of bins.
  private let knots: [Double]
  private let across: ChartScale
  private let up: ChartScale

  private static let (left, right, top, bottom) = (48.0, 46.0, 26.0, 30.0)
  private static let plotHeight = 190.0
  /// Room for the missing value.
  private static let lane = 58.0
  private static let laneGap = 8.0
  private static let (marksAcross, marksUp) = (52.0, 30.0)
  private static let dot = 2.2
  private static let apart = 4.0
  /// Points between two knots when what is straight is drawn bent on a logarithmic axis.
  private static let bends = 8

  init(_ chart: TermChart) {
    self.chart = chart
    knots = chart.axes[0].knots ?? chart.axes[0].borders ?? []
    let lane = chart.axes[0].missingNode == nil ? 0 : Self.lane + Self.laneGap
    across = ChartScale(knots: knots, length: ChartText.drawingWidth - Self.left - Self.right - lane)
    up = ChartScale(lower: chart.range.lowerBound, upper: chart.range.upperBound, length: Self.plotHeight)
  }

  var svg: String {
    SVG.drawing(
      width: ChartText.drawingWidth, height: Self.top + Self.plotHeight + Self.bottom, name: chart.term.name,
      grid + band + curve + missing)
  }

  private func x(_ value: Double) -> Double { Self.left + across.position(value) }

  private func y(_ value: Double) -> Double {
    Self.top + Self.plotHeight - up.position(min(max(value, up.lower), up.upper))
  }

  private var grid: String {
    let end = ChartText.drawingWidth - Self.right
    let marks = up.marks(apart: Self.marksUp)
    let text = KnotText(marks)
    var result =
      SVG.text(TermWords.logOdds[chart.language], 2, Self.top - 12, .start, style: "head")
      + SVG.text(
        TermWords.odds[chart.language], ChartText.drawingWidth - 2, Self.top - 12, .end, style: "head")
    for mark in marks {
      result += SVG.line(Self.left, y(mark), end, y(mark), mark == 0 ? "zero" : "grid")
      result += SVG.text(text(mark), Self.left - 6, y(mark) + ChartText.baseline, .end)
      result += SVG.text(TermWords.factor(mark), end + 6, y(mark) + ChartText.baseline, .start)
    }
    let bottom = Self.top + Self.plotHeight
    let places = across.marks(apart: Self.marksAcross)
    let placeText = KnotText(places)
    for place in places {
      result += SVG.line(x(place), bottom, x(place), bottom + 4, "tick")
      result += SVG.text(placeText(place), x(place), bottom + 17, .middle)
    }
    return result + SVG.line(Self.left, bottom, Self.left + across.length, bottom, "tick")
  }

  /// Position on the axis, addition and error at the knots, and between them where straight lines look bent.
  private var points: [(x: Double, value: Double, error: Double)] {
    let (values, errors) = (chart.term.values, chart.term.errors)
    if chart.axes[0].borders != nil {
      return chart.axes[0].valueNodes.flatMap { bin in
        [knots[bin], knots[bin + 1]].map { (x($0), values[bin], errors[bin]) }
      }
    }
    let isLogarithmic = chart.axes[0].isLogarithmic
    let steps = across.unit == nil && !isLogarithmic ? 1 : Self.bends
    var points: [(x: Double, value: Double, error: Double)] = []
    for node in knots.indices.dropLast() {
      for step in 0..<steps {
        let share = Double(step) / Double(steps)
        func between(_ of: [Double]) -> Double { (1 - share) * of[node] + share * of[node + 1] }
        points.append((x(chart.axes[0].value(share, after: node)), between(values), between(errors)))
      }
    }
    let last = knots.count - 1
    return points + [(x(knots[last]), values[last], errors[last])]
  }

  private var band: String {
    let points = points
    let upper = points.map { ($0.x, y($0.value + TermWords.interval * $0.error)) }
    let lower = points.reversed().map { ($0.x, y($0.value - TermWords.interval * $0.error)) }
    return SVG.path((upper + lower).map { (x: $0.0, y: $0.1) }, closed: true, style: "band")
  }

  private var curve: String {
    var result = SVG.path(points.map { ($0.x, y($0.value)) }, closed: false, style: "curve")
    var last = -Double.infinity
    for (node, place) in dots.enumerated() where x(place) - last >= Self.apart {
      last = x(place)
      let note = chart.note(chart.axes[0].labels[node][chart.language], node: node)
      result += SVG.dot(last, y(chart.term.values[node]), radius: Self.dot, style: "dot", note: note)
    }
    return result
  }

  /// Where the nodes' dots stand: at knots, and in the middle of bins.
  private var dots: [Double] {
    guard chart.axes[0].borders != nil else { return knots }
    return zip(knots, knots.dropFirst()).map {
      across.value(at: (across.position($0) + across.position($1)) / 2)
    }
  }

  private var missing: String {
    guard let node = chart.axes[0].missingNode else { return "" }
    let place = ChartText.drawingWidth - Self.right - Self.lane / 2
    let bottom = Self.top + Self.plotHeight
    let (value, reach) = (chart.term.values[node], TermWords.interval * chart.term.errors[node])
    let label = TermWords.missing[chart.language]
    return SVG.line(place - Self.lane / 2, Self.top, place - Self.lane / 2, bottom, "apart")
      + SVG.line(place, y(value - reach), place, y(value + reach), "error")
      + SVG.dot(place, y(value), radius: 2 * Self.dot, style: "dot", note: chart.note(label, node: node))
      + SVG.text(label, place, bottom + 17, .middle)
  }
}
