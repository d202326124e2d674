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
}
