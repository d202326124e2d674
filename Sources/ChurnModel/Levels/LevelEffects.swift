internal import Foundation
import LinearAlgebra

/// The effects of the many levels of one category, drawn to the pooled level by as much as held-out rows say.
struct LevelEffects: Sendable {
  /// Index of the category.
  let feature: Int
  /// A node for each level that has rows enough, one for all the others, one for missing values.
  let scale: TermScale
  /// λ; its inverse is the variance that levels have.
  let penalty: Double
  /// Additions to the log-odds, one a node of values.
  let values: [Double]
  /// How much the rows of each node say about it; see `LevelRows`.
  let information: [Double]

  /// Penalties among which is chosen: standard deviations of levels from 3.2 to .06, a step of √2 apart.
  static let penalties = (0...12).map { 0.1 * pow(2, Double($0)) }

  /// Effects with the penalty that rows which they were not fitted to are best predicted with.
  ///
  /// - Returns: with the effect of each row's level without its own unit; nil when none gains more than `leastGain` of
  ///   log-likelihood on such rows.
  /// - Complexity: O(penalties × rows)
  static func choose(
    _ rows: LevelRows, feature: Int, scale: TermScale, leastGain: Double
  ) -> (effects: LevelEffects, leftOut: [Double])? {
    var best: (penalty: Double, effects: LevelRows.Effects)?
    var start = [Double](repeating: 0, count: scale.valueNodes)
    for penalty in penalties.reversed() {
      let effects = rows.effects(penalty: penalty, start: start)
      start = effects.values
      if effects.loss < best?.effects.loss ?? .infinity { best = (penalty, effects) }
    }
    guard let best, rows.lossWithoutEffects - best.effects.loss > leastGain else { return nil }
    return (
      LevelEffects(
        feature: feature, scale: scale, penalty: best.penalty, values: best.effects.values,
        information: best.effects.information), best.effects.leftOut
    )
  }

  /// Parameters that the penalty leaves of the levels.
  var effectiveParameters: Double { information.reduce(0) { $0 + $1 / ($1 + penalty) } }

  /// The node of each row's value; -1 for missing ones.
  static func nodes(_ scale: TermScale, _ data: TrainingData, feature: Int) -> [Int32] {
    let columns = data.features.count
    return data.values.withUnsafeElements { elements in
      (0..<data.rows).map { row in
        let place = scale.place(elements[row * columns + feature])
        // What no training row showed has a share of the node that is worth nothing.
        return place.node < scale.valueNodes && place.share == 0 ? Int32(place.node) : -1
      }
    }
  }
}
