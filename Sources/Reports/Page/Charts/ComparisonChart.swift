import Foundation

/// What the drawings that compare actual with expected numbers have in common.
struct ComparisonFrame {
  /// Names of the drawing, of both axes and of the two series.
  struct Names {
    let title: String
    let across: String
    let up: String
    let actual: String
    let expected: String
  }

  let names: Names
  let up: ChartScale

  static let (left, right, top, bottom) = (52.0, 14.0, 44.0, 44.0)
  static let plotHeight = 200.0
  static let plotWidth = ChartText.drawingWidth - left - right
  private static let marksUp = 30.0
  private static let swatch = 10.0

  /// - Parameter greatest: what must have room; the axis begins at 0.
  init(_ names: Names, greatest: Double) {
    self.names = names
    let room = 1.05
    up = ChartScale(lower: 0, upper: max(greatest * room, .leastNormalMagnitude), length: Self.plotHeight)
  }

  static var floor: Double { top + plotHeight }

  func y(_ value: Double) -> Double { Self.floor - up.position(min(max(value, up.lower), up.upper)) }

  /// The drawing with its axes, and the content on them.
  func svg(_ content: String) -> String {
    SVG.drawing(
      width: ChartText.drawingWidth, height: Self.floor + Self.bottom, name: names.title,
      grid + content + legend)
  }

  private var grid: String {
    let marks = up.marks(apart: Self.marksUp)
    let text = KnotText(marks)
    var result = SVG.text(names.up, 2, Self.top - 10, .start, style: "head")
    for mark in marks {
      result += SVG.line(
        Self.left, y(mark), ChartText.drawingWidth - Self.right, y(mark), mark == 0 ? "zero" : "grid")
      result += SVG.text(text(mark), Self.left - 6, y(mark) + ChartText.baseline, .end)
    }
    return result
      + SVG.text(
        names.across, ChartText.drawingWidth - Self.right, Self.floor + Self.bottom - 6, .end, style: "head")
  }

  private var legend: String {
    var place = ChartText.drawingWidth - Self.right
    var result = ""
    for (name, style) in [(names.expected, "expected"), (names.actual, "actual")] {
      place -= ChartText.width(of: name)
      result += SVG.text(name, place, 14, .start)
      place -= Self.swatch + 4
      result += SVG.rectangle(place, 5, Self.swatch, Self.swatch, style: style)
      place -= 16
    }
    return result
  }
}

/// Pairs of bars, the actual and the expected number of each category.
struct ComparisonBars {
  let frame: ComparisonFrame
  /// What stands below each pair.
  let labels: [String]
  /// Numbers that are not finite have no bar.
  let actual: [Double]
  let expected: [Double]

  private static let barShare = 0.36

  init(_ names: ComparisonFrame.Names, labels: [String], actual: [Double], expected: [Double]) {
    self.labels = labels
    self.actual = actual
    self.expected = expected
    frame = ComparisonFrame(names, greatest: (actual + expected).filter(\.isFinite).max() ?? 0)
  }

  var svg: String {
    let step = ComparisonFrame.plotWidth / Double(max(labels.count, 1))
    let width = step * Self.barShare
    var content = ""
    for (index, label) in labels.enumerated() {
      let middle = ComparisonFrame.left + (Double(index) + 0.5) * step
      for (value, start, style, name) in [
        (actual[index], middle - width, "actual", frame.names.actual),
        (expected[index], middle, "expected", frame.names.expected),
      ] where value.isFinite {
        let top = frame.y(value)
        content += SVG.rectangle(
          start, top, width, ComparisonFrame.floor - top, style: style,
          note: "\(label) · \(name): \(NumberText.short(value))")
      }
      content += SVG.text(label, middle, ComparisonFrame.floor + 17, .middle)
    }
    return frame.svg(content)
  }
}

/// Two lines over time, the actual and the expected number, with an upright line where the hold-out begins.
struct ComparisonLines {
  let frame: ComparisonFrame
  /// Where each number stands, ascending.
  let times: [Double]
  let actual: [Double]
  let expected: [Double]
  /// Where what was fitted to ends, with its name; `nil` for no line.
  let border: (time: Double, name: String)?
  private let across: ChartScale

  private static let marksAcross = 52.0
  /// Share of the width beyond which no name fits to the right of the line.
  private static let latestName = 0.85

  init(
    _ names: ComparisonFrame.Names, times: [Double], actual: [Double], expected: [Double],
    border: (time: Double, name: String)?
  ) {
    self.times = times
    self.actual = actual
    self.expected = expected
    self.border = border
    frame = ComparisonFrame(names, greatest: (actual + expected).max() ?? 0)
    across = ChartScale(lower: 0, upper: times.last ?? 1, length: ComparisonFrame.plotWidth)
  }

  private func x(_ time: Double) -> Double { ComparisonFrame.left + across.position(time) }

  var svg: String {
    let marks = across.marks(apart: Self.marksAcross)
    let text = KnotText(marks)
    var content = ""
    for mark in marks {
      content += SVG.line(x(mark), ComparisonFrame.floor, x(mark), ComparisonFrame.floor + 4, "tick")
      content += SVG.text(text(mark), x(mark), ComparisonFrame.floor + 17, .middle)
    }
    if let border {
      content += SVG.line(
        x(border.time), ComparisonFrame.top, x(border.time), ComparisonFrame.floor, "border")
      // A name that would leave the drawing stands before the line.
      let isLate = across.position(border.time) > Self.latestName * ComparisonFrame.plotWidth
      content += SVG.text(
        border.name, x(border.time) + (isLate ? -5 : 5), ComparisonFrame.top + 10, isLate ? .end : .start)
    }
    for (values, style) in [(actual, "actual-line"), (expected, "expected-line")] {
      content += SVG.path(zip(times, values).map { (x($0), frame.y($1)) }, closed: false, style: style)
    }
    return frame.svg(content)
  }
}
