public import ChurnModel
public import Features
import Histories

/// Judges a model on the relations of one as-of date.
public enum ModelTest {
  /// - Parameter population: relations with known labels.
  /// - Throws: `EvaluationError` when the model knows other features or one class only is there.
  public static func run(
    _ model: AnyModel, view: AsOfView, population: Population
  ) throws(EvaluationError) -> ChurnTraining.Test {
    let model = try FeatureColumns.bind(model)
    let labels = population.outcomes.map { $0 == .lapsed }
    guard labels.contains(true), labels.contains(false) else {
      throw EvaluationError(
        .notEnoughData,
        "At \(view.asOf) \(labels.isEmpty ? "no relation has a known label" : "all relations have the same label"): "
          + "nothing can be judged. Choose another date with --as-of.")
    }
    let scores = ScoredColumns(count: population.count)
    view.forEachBlock(of: population.relations) { range, values in
      model.score(
        features: values, rows: range.count,
        into: UnsafeMutableBufferPointer(rebasing: scores.probabilities[range]))
      for (row, index) in range.enumerated() {
        scores.overdue[index] = values[row * Feature.count + Feature.daysOverDue.rawValue]
      }
    }
    let probabilities = Array(scores.probabilities)
    return ChurnTraining.Test(
      asOf: view.asOf, relations: population.relations, labels: labels, probabilities: probabilities,
      model: RankingMetrics(scores: probabilities, labels: labels, areProbabilities: true),
      plainRule: RankingMetrics(scores: Array(scores.overdue), labels: labels, areProbabilities: false))
  }

  /// The relations of a date whose label is known.
  public static func labelled(_ view: AsOfView, label: LapseLabel) -> Population {
    view.population(label: label).filtered { _, outcome in outcome.map(ChurnTraining.isLabelled) == true }
  }

  /// Two columns that workers fill on disjoint rows.
  private final class ScoredColumns: @unchecked Sendable {
    let probabilities: UnsafeMutableBufferPointer<Double>
    let overdue: UnsafeMutableBufferPointer<Double>

    init(count: Int) {
      probabilities = .allocate(capacity: count)
      overdue = .allocate(capacity: count)
    }

    deinit {
      probabilities.deallocate()
      overdue.deallocate()
    }
  }
}
