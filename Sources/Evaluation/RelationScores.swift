public import ChurnModel
public import Features

/// Scores relations block by block, without a matrix of all of them.
public enum RelationScores {
  /// The model's probability of each relation.
  ///
  /// - Parameters:
  ///   - model: bound to the running catalogue, see `FeatureColumns.bind`.
  ///   - relations: ascending.
  /// - Complexity: O(orders + relations × features)
  public static func probabilities(
    _ model: AnyModel, view: AsOfView, relations: [Int32]
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: relations.count) { buffer, count in
      // Workers write to disjoint rows.
      nonisolated(unsafe) let target = buffer
      view.forEachBlock(of: relations) { range, values in
        model.score(
          features: values, rows: range.count, into: UnsafeMutableBufferPointer(rebasing: target[range]))
      }
      count = relations.count
    }
  }

  /// The probability of each relation with its interval.
  ///
  /// - Parameters:
  ///   - scorer: of a model bound to the running catalogue.
  ///   - relations: ascending.
  /// - Complexity: O(orders + relations × coefficients²)
  public static func intervals(
    _ scorer: IntervalScorer, view: AsOfView, relations: [Int32]
  ) -> ProbabilityIntervals {
    ProbabilityIntervals(rows: relations.count) { probabilities, lower, upper in
      // Workers write to disjoint rows.
      nonisolated(unsafe) let (probabilities, lower, upper) = (probabilities, lower, upper)
      view.forEachBlock(of: relations) { range, values in
        scorer.score(
          features: values, rows: range.count,
          into: UnsafeMutableBufferPointer(rebasing: probabilities[range]),
          lower: UnsafeMutableBufferPointer(rebasing: lower[range]),
          upper: UnsafeMutableBufferPointer(rebasing: upper[range]))
      }
    }
  }
}
