public import ChurnModel
public import Features

/// The active relations of a date with their probability of lapse and the few features that valuing needs.
///
/// Features are computed, scored and dropped block by block.
public final class ScoredRelations: @unchecked Sendable {
  public let relations: [Int32]
  public var count: Int { relations.count }
  /// Probability of lapse.
  public let probability: UnsafeMutablePointer<Double>
  /// Customer-paid amount of 730 days; NaN where unknown.
  public let paid730: UnsafeMutablePointer<Double>
  /// Qualified visits of 730 days.
  public let visits730: UnsafeMutablePointer<Double>
  /// Days since the last qualified visit.
  public let recencyDays: UnsafeMutablePointer<Double>

  /// - Complexity: O(orders of the relations).
  public init(view: AsOfView, model: LogisticModel, relations: [Int32]) {
    self.relations = relations
    probability = .allocate(capacity: relations.count)
    paid730 = .allocate(capacity: relations.count)
    visits730 = .allocate(capacity: relations.count)
    recencyDays = .allocate(capacity: relations.count)
    view.forEachBlock(of: relations) { [self] range, values in
      model.score(
        features: values, rows: range.count,
        into: UnsafeMutableBufferPointer(start: probability + range.lowerBound, count: range.count))
      for (row, index) in range.enumerated() {
        let base = row * Feature.count
        paid730[index] = values[base + Feature.cp730.rawValue]
        visits730[index] = values[base + Feature.nQ730.rawValue]
        recencyDays[index] = values[base + Feature.recQDays.rawValue]
      }
    }
  }

  deinit {
    probability.deallocate()
    paid730.deallocate()
    visits730.deallocate()
    recencyDays.deallocate()
  }
}
