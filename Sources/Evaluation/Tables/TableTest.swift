public import ChurnModel
public import Tables

extension ScoringTable {
  /// The model's probability of every row.
  ///
  /// - Complexity: O(rows × features)
  public func probabilities(_ model: AnyModel) -> [Double] {
    model.probabilities(values, offsets: offsets)
  }

  /// How well a model does on the rows that have a label.
  ///
  /// - Throws: `TableError` when one class only is there.
  public func metrics(_ model: AnyModel, path: String) throws(TableError) -> RankingMetrics {
    let all = probabilities(model)
    let rows = labels.indices.filter { labels[$0] != nil }
    let known = rows.map { labels[$0] == true }
    guard known.contains(true), known.contains(false) else {
      throw TableError(
        .badData,
        "All labelled rows of \(path) have the same label: nothing can be judged. Add rows of the other class."
      )
    }
    return RankingMetrics(scores: rows.map { all[$0] }, labels: known, areProbabilities: true)
  }
}
