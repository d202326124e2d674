public import ChurnModel
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
  /// Days since the last qualified visit.
  public let recencyDays: [Double]

  private struct Block {
    var probability: [Double]
    var paid730: [Double]
    var visits730: [Double]
    var recencyDays: [Double]
  }

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
      return Block(
        probability: probability, paid730: column(.cp730), visits730: column(.nQ730),
        recencyDays: column(.recQDays))
    }
    self.relations = relations
    probability = blocks.flatMap(\.probability)
    paid730 = blocks.flatMap(\.paid730)
    visits730 = blocks.flatMap(\.visits730)
    recencyDays = blocks.flatMap(\.recencyDays)
  }
}
