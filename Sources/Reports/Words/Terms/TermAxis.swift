import ChurnModel
import Foundation
import Histories

/// The nodes of one feature of a term as people read them. The node of what training never showed, which is worth
/// nothing, is left out.
struct TermAxis {
  let feature: String
  /// The values at the nodes; nil when they are bins, levels, or no and yes.
  let knots: [Double]?
  /// Whether values stand between two knots by sign(x)·log(1 + |x|).
  let isLogarithmic: Bool
  /// The borders of bins, the ends of the range of usual values among them; nil for what is no bins, and for a single
  /// one, which has no order: a value is known or missing.
  let borders: [Double]?
  /// What each node stands for: values or levels, then the missing value.
  let labels: [Bilingual]
  let missingNode: Int?
  /// Nodes of the scale, the left-out one counted.
  let stride: Int

  /// Levels named before the rest are only counted.
  private static let mostNamed = 4

  init(_ column: FeatureColumn, _ scale: TermScale) {
    feature = column.name
    missingNode = scale.missingNode
    stride = scale.count
    isLogarithmic = scale.isLogarithmic
    if case .steps(let edges, let range) = scale.nodes, edges.valueBins > 1 {
      borders = [range.lowerBound] + edges.edges + [range.upperBound]
    } else {
      borders = nil
    }
    var labels: [Bilingual]
    switch scale.nodes {
    case .knots(let knots):
      if column.kind == .flag, knots == [0, 1] {
        self.knots = nil
        labels = [TermWords.no, TermWords.yes]
      } else {
        self.knots = knots
        let text = KnotText(knots)
        labels = knots.map { Self.same(text($0)) }
      }
    case .steps(let edges, _):
      knots = nil
      labels = TermWords.bins(edges.edges)
    case .levels(let groups, let pool):
      knots = nil
      var names: [String] = []
      if case .category(let levels) = column.kind { names = levels }
      labels = groups.enumerated().map { node, levels in
        if node == pool { return TermWords.pooled(levels.count) }
        return Self.same(levels.map { names[$0] }.joined(separator: ", "))
      }
    }
    if scale.hasMissing { labels.append(TermWords.missing) }
    self.labels = labels
  }

  private static func same(_ text: String) -> Bilingual { Bilingual(text, text) }

  var nodes: Range<Int> { labels.indices }

  /// The value that lies a share of the way from a knot to the next one.
  func value(_ share: Double, after node: Int) -> Double {
    guard let knots else { preconditionFailure("only knots have values between them") }
    guard isLogarithmic else { return (1 - share) * knots[node] + share * knots[node + 1] }
    let place = (1 - share) * Self.logarithm(knots[node]) + share * Self.logarithm(knots[node + 1])
    return min(max(place < 0 ? -expm1(-place) : expm1(place), knots[node]), knots[node + 1])
  }

  /// The share of the way from a knot to the next one at which a value between them lies.
  func share(of value: Double, after node: Int) -> Double {
    guard let knots else { preconditionFailure("only knots have values between them") }
    let place = isLogarithmic ? Self.logarithm : { $0 }
    let (start, end) = (place(knots[node]), place(knots[node + 1]))
    return end > start ? min(max((place(value) - start) / (end - start), 0), 1) : 0
  }

  private static func logarithm(_ value: Double) -> Double { value < 0 ? -log1p(-value) : log1p(value) }

  /// Whether the nodes are numbers, which have an order.
  var isNumber: Bool { knots != nil || borders != nil }

  /// Nodes of values that are there.
  var valueNodes: Range<Int> { 0..<(missingNode ?? labels.count) }

  /// The feature with some of its nodes; nil when these are all.
  ///
  /// - Parameter chosen: ascending; of numbers neighbours only, or the missing value alone.
  func phrase(_ chosen: [Int], _ language: Language) -> String? {
    guard chosen.count < nodes.count else { return nil }
    guard isNumber, let first = chosen.first, let last = chosen.last, first != missingNode else {
      let named = chosen.prefix(Self.mostNamed).map { labels[$0][language] }
      let rest = chosen.count - named.count
      let more = rest > 0 ? TermWords.more(rest)[language] : ""
      return "\(feature) = \(named.joined(separator: language == .chinese ? "、" : ", "))\(more)"
    }
    let ends = (first == valueNodes.lowerBound, last == valueNodes.upperBound - 1)
    if ends == (true, true) { return "\(feature) \(TermWords.known[language])" }
    if let borders {
      let bin = TermWords.bin(
        from: ends.0 ? nil : borders[first], to: ends.1 ? nil : borders[last + 1],
        KnotText(Array(borders.dropFirst().dropLast())))
      return "\(feature) \(bin[language])"
    }
    let (lower, upper) = (labels[first][language], labels[last][language])
    switch ends {
    case (true, true): return feature
    case (true, false): return "\(feature) ≤ \(upper)"
    case (false, true): return "\(feature) ≥ \(lower)"
    case (false, false): return first == last ? "\(feature) ≈ \(lower)" : "\(feature) \(lower)–\(upper)"
    }
  }

  /// Levels that tables and drawings show of one category.
  private static let mostLevels = 60

  /// Of many levels those that add or take off most, in the order in which they came.
  func strongest(_ levels: [Int], _ values: [Double]) -> [Int] {
    guard levels.count > Self.mostLevels else { return levels }
    return levels.sorted { (values[$1].magnitude, $0) < (values[$0].magnitude, $1) }
      .prefix(Self.mostLevels).sorted()
  }

  /// The knots from which the curve can be drawn again to within a tolerance, ascending (Douglas and Peucker 1973, with
  /// distances along the values' axis).
  ///
  /// - Complexity: O(knots²)
  func telling(_ values: [Double], tolerance: Double) -> [Int] {
    guard let knots else { return Array(valueNodes) }
    func inner(_ first: Int, _ last: Int) -> [Int] {
      var (worst, distance) = (first, tolerance)
      for node in first..<last where node > first {
        let share = (knots[node] - knots[first]) / (knots[last] - knots[first])
        let missed = (values[node] - (1 - share) * values[first] - share * values[last]).magnitude
        if missed > distance { (worst, distance) = (node, missed) }
      }
      return worst == first ? [] : inner(first, worst) + [worst] + inner(worst, last)
    }
    return [0] + inner(0, knots.count - 1) + [knots.count - 1]
  }
}
