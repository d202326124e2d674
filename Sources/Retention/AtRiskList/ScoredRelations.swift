public import ChurnModel
import CustomerValue
public import Features

/// The active relations of a date with their probability of lapse and the few features that valuing needs.
///
/// Features are computed, scored and dropped block by block.
public struct ScoredRelations: Sendable {
  /// The active relations, ascending.
  public let relations: [Int32]
  public var count: Int { relations.count }
  /// Probability of lapse.
  public let probability: [Double]
  /// Customer-paid amount of 730 days; NaN where unknown.
  public let paid730: [Double]
  /// Qualified visits of 730 days.
  public let visits730: [Double]
  /// Place of the RFM segment in `SegmentRules.ten`, by the catalogue's scores.
  public let segments: [UInt8]
  /// What is lost if the relation lapses × the probability; 0 where nothing is known.
  public let valueAtRisk: [Double]

  private struct Block {
    var probability: [Double]
    var paid730: [Double]
    var visits730: [Double]
    var segments: [UInt8]
    var valueAtRisk: [Double]
  }

  /// - Parameter view: for every feature; without those of value all scores count as 1 and no worth is known.
  /// - Complexity: O(orders).
  public init(view: AsOfView, model: AnyModel) {
    let (relations, blocks) = view.forEachActiveBlock { relations, features in
      func column(_ feature: Feature) -> [Double] {
        relations.indices.map { features[$0 * Feature.count + feature.rawValue] }
      }
      let probability = [Double](unsafeUninitializedCapacity: relations.count) { buffer, count in
        model.score(features: features, rows: relations.count, into: buffer)
        count = relations.count
      }
      func score(_ row: Int, _ feature: Feature) -> UInt8 {
        let score = features[row * Feature.count + feature.rawValue]
        return score.isNaN ? 1 : UInt8(score)
      }
      return Block(
        probability: probability, paid730: column(.cp730), visits730: column(.nQ730),
        segments: relations.indices.map {
          SegmentRules.ten.place(
            recency: score($0, .rScore), frequency: score($0, .fScore), monetary: score($0, .mScore))
        },
        valueAtRisk: relations.indices.map { row in
          guard let base = features.baseAddress else { return 0 }
          let worth = RelationWorth(
            features: base + row * Feature.count, unitMargin: view.unitMargin(of: Int(relations[row])))
          return worth.atRisk(probability[row]) ?? 0
        })
    }
    self.relations = relations
    probability = blocks.flatMap(\.probability)
    paid730 = blocks.flatMap(\.paid730)
    visits730 = blocks.flatMap(\.visits730)
    segments = blocks.flatMap(\.segments)
    valueAtRisk = blocks.flatMap(\.valueAtRisk)
  }
}
