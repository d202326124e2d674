import Foundation

/// Pieces of drawings; all text is escaped, all looks come from classes of the page's style sheet.
enum SVG {
  /// A whole drawing with a name for those who cannot see it.
  static func drawing(width: Double, height: Double, name: String, _ content: String) -> String {
    let escaped = HTMLText.escaped(name)
    return """
      <svg viewBox="0 0 \(number(width)) \(number(height))" role="img" aria-label="\(escaped)">
      <title>\(escaped)</title>
      \(content)</svg>
      """
  }

  /// A coordinate with one decimal at most.
  static func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? String(Int(tenths)) : String(format: "%.1f", tenths)
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
    "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(style)\"/>\n"
  }

  enum Anchor: String { case start, middle, end }

  static func text(_ text: String, _ x: Double, _ y: Double, _ anchor: Anchor, style: String? = nil) -> String
  {
    let look = style.map { " class=\"\($0)\"" } ?? ""
    return
      "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor.rawValue)\"\(look)>\(HTMLText.escaped(text))</text>\n"
  }

  /// A text that runs upwards to the right and ends at the point.
  static func slanted(_ text: String, _ x: Double, _ y: Double) -> String {
    "<text transform=\"translate(\(number(x)) \(number(y))) rotate(-40)\" text-anchor=\"end\">\(HTMLText.escaped(text))</text>\n"
  }

  /// A dot that says what it is when pointed at.
  static func dot(_ x: Double, _ y: Double, radius: Double, style: String, note: String) -> String {
    "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\" class=\"\(style)\"><title>\(HTMLText.escaped(note))</title></circle>\n"
  }

  /// A rectangle, which may say what it is when pointed at.
  static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String, note: String? = nil
  ) -> String {
    let shape =
      "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" class=\"\(style)\""
    return note.map { "\(shape)><title>\(HTMLText.escaped($0))</title></rect>\n" } ?? "\(shape)/>\n"
  }

  static func path(_ points: [(x: Double, y: Double)], closed: Bool, style: String) -> String {
    let steps = points.enumerated().map { index, point in
      "\(index == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
    }
    return "<path d=\"\(steps.joined())\(closed ? "Z" : "")\" class=\"\(style)\"/>\n"
  }
}
