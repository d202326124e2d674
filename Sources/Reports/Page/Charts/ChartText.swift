/// Sizes that all drawings have in common, in units of the drawing.
enum ChartText {
  /// Width of a drawing.
  static let drawingWidth = 480.0
  /// What a cell of text takes.
  private static let cellWidth = 6.2
  /// Half the height of small letters: from the middle of a text to its base line.
  static let baseline = 4.0

  static func width(of text: String) -> Double { Double(DisplayWidth.of(text)) * cellWidth }
}
