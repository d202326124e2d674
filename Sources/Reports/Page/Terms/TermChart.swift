import ChurnModel
import Histories

/// What the drawings of terms have in common.
struct TermChart {
  let term: TermModel.Term
  let axes: [TermAxis]
  let language: Language

  init(_ term: TermModel.Term, of model: TermModel, language: Language) {
    self.term = term
    axes = model.axes(of: term)
    self.language = language
  }

  /// The drawing as an `svg` element.
  var svg: String {
    if axes.count == 2 { return HeatMap(self).svg }
    return axes[0].isNumber ? CurveChart(self).svg : LevelChart(self).svg
  }

  /// An addition in words, for those who point at it: `40: +0.52 ± 0.31, odds × 1.68`.
  func note(_ label: String, node: Int) -> String {
    let value = term.values[node]
    return
      "\(label): \(TermWords.signed(value)) ± \(TermWords.halfWidth(term.errors[node])), \(TermWords.odds[language]) \(TermWords.factor(value))"
  }

  /// The additions that the drawing has room for: all values and 0 as well as their intervals, these no further than
  /// the values reach once more.
  var range: ClosedRange<Double> {
    let nodes = axes[0].nodes
    let least = min(nodes.map { term.values[$0] }.min() ?? 0, 0)
    let greatest = max(nodes.map { term.values[$0] }.max() ?? 0, 0)
    let reach = max(greatest - least, Self.leastRange)
    let lower = nodes.map { term.values[$0] - TermWords.interval * term.errors[$0] }.min() ?? 0
    let upper = nodes.map { term.values[$0] + TermWords.interval * term.errors[$0] }.max() ?? 0
    return max(min(lower, least), least - reach)...max(min(upper, greatest + reach), greatest)
  }

  /// A term that does nothing is drawn as a flat line, not as one that swings.
  private static let leastRange = 0.1
}
