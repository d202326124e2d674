internal import Foundation
import Features
import Statistics

extension FeatureProfile {
  /// How sure the direction must be.
  private static let confidence = 0.99

  init(_ definition: FeatureDefinition, _ sample: FeatureSample, rows: Int, label: LapseLabel) {
    let index = definition.feature.rawValue
    let totals = sample.totals
    let values = sample.column(index)
    feature = definition.feature
    self.rows = rows
    missing = totals.missing[index]
    let isThere = totals.missing[index] < rows
    let labelled = sample.outcomes.indices.filter { ChurnTraining.isLabelled(sample.outcomes[$0]) }
    let labels = labelled.map { sample.outcomes[$0] == .lapsed }
    let labelledValues = labelled.map { values[$0] }
    if case .category(let levels) = definition.kind {
      minimum = .nan
      maximum = .nan
      quantiles = Self.probabilities.map { _ in .nan }
      self.levels = levels.enumerated().map { code, level in
        let own = labelled.filter { values[$0] == Double(code) }
        let positives = own.count { sample.outcomes[$0] == .lapsed }
        return Level(
          name: level.name, rows: values.count { $0 == Double(code) },
          positiveShare: Double(positives) / Double(own.count))
      }
      informationValue = InformationValue.ofCategory(labelledValues, labels, levels: levels.count)
      auc = .nan
      aucInterval = 0...1
      found = .none
      isContrary = false
      return
    }
    minimum = isThere ? totals.least[index] : .nan
    maximum = isThere ? totals.greatest[index] : .nan
    let sorted = values.filter { !$0.isNaN }.sorted()
    quantiles = Self.probabilities.map { Quantiles.quantile(ofSorted: sorted, at: $0) }
    levels = []
    informationValue = InformationValue.ofNumber(labelledValues, labels)
    let known = labelledValues.indices.filter { !labelledValues[$0].isNaN }
    let estimate = ROC.estimate(scores: known.map { labelledValues[$0] }, labels: known.map { labels[$0] })
    auc = estimate.area
    aucInterval = estimate.area.isNaN ? 0...1 : estimate.interval(confidence: Self.confidence)
    found =
      auc.isNaN
      ? .none : aucInterval.lowerBound > 0.5 ? .raises : aucInterval.upperBound < 0.5 ? .lowers : .neither
    // The catalogue's directions are about lapse, not about what users declare.
    let isOpposite =
      (definition.direction == .raises && found == .lowers)
      || (definition.direction == .lowers && found == .raises)
    isContrary = !label.isTarget && isOpposite
  }
}

/// How well bins of a value tell positives from negatives.
///
/// Source: N. Siddiqi (2006), Credit Risk Scorecards: Σ (pᵢ − nᵢ)·ln(pᵢ/nᵢ), with half a row added to every cell so that
/// empty ones do no harm. Missing values are a bin of their own.
enum InformationValue {
  /// Bins of about equal size that numbers are put into.
  private static let bins = 10

  /// NaN when there is one class only.
  static func ofNumber(_ values: [Double], _ labels: [Bool]) -> Double {
    let sorted = values.filter { !$0.isNaN }.sorted()
    var limits: [Double] = []
    for bin in 1..<bins where !sorted.isEmpty {
      let limit = sorted[sorted.count * bin / bins]
      if limit != limits.last, limit > sorted[0] { limits.append(limit) }
    }
    return of(values, labels, bins: limits.count + 1) { value in limits.count { $0 <= value } }
  }

  static func ofCategory(_ values: [Double], _ labels: [Bool], levels: Int) -> Double {
    of(values, labels, bins: levels) { Int($0) }
  }

  private static func of(
    _ values: [Double], _ labels: [Bool], bins: Int, _ bin: (Double) -> Int
  ) -> Double {
    let smoothing = 0.5
    var positives = [Double](repeating: 0, count: bins + 1)
    var negatives = positives
    for (value, label) in zip(values, labels) {
      let place = value.isNaN ? bins : bin(value)
      if label { positives[place] += 1 } else { negatives[place] += 1 }
    }
    let (allPositives, allNegatives) = (positives.reduce(0, +), negatives.reduce(0, +))
    guard allPositives > 0, allNegatives > 0 else { return .nan }
    let used = (0...bins).filter { positives[$0] + negatives[$0] > 0 }
    let added = smoothing * Double(used.count)
    return used.reduce(0) { sum, place in
      let positive = (positives[place] + smoothing) / (allPositives + added)
      let negative = (negatives[place] + smoothing) / (allNegatives + added)
      return sum + (positive - negative) * log(positive / negative)
    }
  }
}
