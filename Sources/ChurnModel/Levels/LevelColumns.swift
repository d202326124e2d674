internal import Foundation
import LinearAlgebra

/// Categories with many levels: numbers that stand for them while terms are fitted, and what becomes of these afterwards.
///
/// A node a level would make the algebra of a fit grow with the third power of their number. So the effects of such
/// levels are estimated first (`LevelEffects`), given what the other features say, one category after the other. A row
/// then has its level's effect as a number, estimated without that row (all rows of its customer, where there are
/// customers), so that no label stands among the features that explain it. One coefficient a category is fitted
/// together with all other terms: 1 where the effects are right as they are. In the model the term is a table of
/// levels again, with the effects by all rows times that coefficient.
struct LevelColumns: Sendable {
  /// Of the features besides, without pairs.
  private let baseline: TermModel
  private let effects: [LevelEffects]
  /// Categories whose levels tell nothing.
  private let dropped: [DroppedFeature]

  /// - Returns: with the data in which numbers stand for levels; nil when no category has so many levels.
  /// - Throws: `ChurnModelError`.
  /// - Complexity: that of a fit without pairs, and O(penalties × rows) a category
  static func find(
    _ data: TrainingData, groups: [Int32]?, options: TermOptions, progress: (String) -> Void
  ) throws(ChurnModelError) -> (columns: LevelColumns, data: TrainingData)? {
    let scales = scales(data, options)
    guard !scales.isEmpty else { return nil }
    progress("many levels of \(scales.map { data.features[$0.feature].name }.joined(separator: ", "))")
    let baseline = try baseline(data, without: scales.map(\.feature), groups, options)
    let units = groups ?? (0..<data.rows).map(Int32.init)
    let found = estimate(scales, data, data.weights, baseline, units: units, options.parallel) {
      position, rows in
      let (feature, scale) = scales[position]
      return LevelEffects.choose(rows, feature: feature, scale: scale, leastGain: options.leastGain)
    }
    let dropped = zip(scales, found).compactMap { own, found -> DroppedFeature? in
      guard found == nil else { return nil }
      let name = data.features[own.feature].name
      return DroppedFeature(
        feature: name, column: name,
        reason:
          "its \(own.scale.valueNodes) levels tell no more about rows they have not seen than chance does")
    }
    let estimates = found.compactMap(\.self)
    let columns = LevelColumns(baseline: baseline, effects: estimates.map(\.effects), dropped: dropped)
    return (columns, try columns.replaced(data, estimates.map(\.leftOut)))
  }

  /// The effects of one category, and for each row that of its level without its unit.
  typealias Estimate = (effects: LevelEffects, leftOut: [Double])

  /// Looks at each category when there are several: the first ones are looked at again when the others are known.
  private static let sweeps = 2

  /// Estimates one category after the other, each given the baseline and all others.
  private static func estimate(
    _ scales: [(feature: Int, scale: TermScale)], _ data: TrainingData, _ weights: [Double],
    _ baseline: TermModel, units: [Int32], _ parallel: Parallel,
    _ fit: (_ position: Int, LevelRows) -> Estimate?
  ) -> [Estimate?] {
    var margins = AnyModel.terms(baseline).margins(data.values)
    var found = [Estimate?](repeating: nil, count: scales.count)
    for _ in 0..<(scales.count > 1 ? sweeps : 1) {
      for (position, own) in scales.enumerated() {
        if let last = found[position]?.leftOut { for row in margins.indices { margins[row] -= last[row] } }
        let rows = LevelRows(
          nodes: LevelEffects.nodes(own.scale, data, feature: own.feature), count: own.scale.valueNodes,
          outcomes: data.outcomes, weights: weights, margins: margins, units: units, parallel: parallel)
        found[position] = fit(position, rows)
        if let new = found[position]?.leftOut { for row in margins.indices { margins[row] += new[row] } }
      }
    }
    return found
  }

  /// The categories with more levels than can have a direction each.
  private static func scales(
    _ data: TrainingData, _ options: TermOptions
  ) -> [(feature: Int, scale: TermScale)] {
    let used = (0..<data.rows).filter { data.weights[$0] > 0 }.map(Int32.init)
    return data.features.indices.compactMap { feature in
      guard data.features[feature].kind.levelCount > options.levels,
        let scale = TermScale.category(
          ValueDistribution(data, feature: feature, rows: used), mostNodes: .max,
          leastWeight: options.leastLevelWeight),
        case .levels(let groups, let pool) = scale.nodes,
        groups.count - (pool == nil ? 0 : 1) > options.levels
      else { return nil }
      return (feature, scale)
    }
  }

  /// What the other features say: each by a term of its own.
  private static func baseline(
    _ data: TrainingData, without features: [Int], _ groups: [Int32]?, _ options: TermOptions
  ) throws(ChurnModelError) -> TermModel {
    var others = data.features
    for feature in features { others[feature] = FeatureColumn(name: others[feature].name, kind: .unused) }
    var options = options
    options.mostPairs = 0
    options.directions = [:]
    var search = try StructureSearch(
      data: data.with(features: others, values: data.values), groups: groups, options: options)
    guard let fit = try search.fit(metadata: [:], { _ in }) else {
      preconditionFailure("terms without directions keep them")
    }
    return fit.model
  }

  // MARK: Training

  /// How the numbers that stand for levels are fitted: straight, and in no pair. Whatever bends could tell the labels of a
  /// level's rows apart by how their effects differ.
  func options(_ options: TermOptions, _ features: [FeatureColumn]) -> TermOptions {
    var options = options
    for effects in effects {
      options.shapes[features[effects.feature].name] = .line
      options.unpaired.insert(features[effects.feature].name)
    }
    return options
  }

  /// Other rows with penalties and nodes as they are: rows of a fold have effects that no row of their own fold and none of
  /// the fold held out had a say in.
  ///
  /// - Throws: `ChurnModelError`.
  func replaced(
    _ data: TrainingData, folds: [Int], heldOut: Int, parallel: Parallel
  ) throws(ChurnModelError) -> TrainingData {
    let weights = folds.indices.map { folds[$0] == heldOut ? 0 : data.weights[$0] }
    let scales = effects.map { ($0.feature, $0.scale) }
    let units = folds.map(Int32.init)
    let found = Self.estimate(scales, data, weights, baseline, units: units, parallel) { position, rows in
      let own = effects[position]
      return (own, rows.effects(penalty: own.penalty, start: own.values).leftOut)
    }
    return try replaced(data, found.compactMap { $0?.leftOut })
  }

  /// The data with numbers for levels; missing values stay missing.
  private func replaced(
    _ data: TrainingData, _ leftOut: [[Double]]
  ) throws(ChurnModelError) -> TrainingData {
    var features = data.features
    for name in dropped.map(\.feature) {
      if let index = features.firstIndex(where: { $0.name == name }) {
        features[index] = FeatureColumn(name: name, kind: .unused)
      }
    }
    for own in effects {
      features[own.feature] = FeatureColumn(name: features[own.feature].name, kind: .numeric)
    }
    var values = data.values
    let columns = features.count
    values.withUnsafeMutableElements { elements in
      for (own, numbers) in zip(effects, leftOut) {
        for (row, number) in numbers.enumerated() where !elements[row * columns + own.feature].isNaN {
          elements[row * columns + own.feature] = number
        }
      }
    }
    return try data.with(features: features, values: values)
  }

  // MARK: The model

  /// A model of numbers that stand for levels as one of levels.
  ///
  /// - Parameter features: those of the data as they came.
  /// - Throws: `ChurnModelError`.
  func restored(_ model: TermModel, features: [FeatureColumn]) throws(ChurnModelError) -> TermModel {
    var intercept = model.intercept
    var terms = model.terms
    for own in effects {
      guard let index = terms.firstIndex(where: { $0.features == [own.feature] }) else { continue }
      let line = LevelLine(terms[index].scales[0], values: terms[index].values)
      intercept += line.start
      terms[index] = line.term(own, from: terms[index])
    }
    return try TermModel(
      features: features, intercept: intercept, terms: terms, training: model.training,
      dropped: model.droppedFeatures + dropped, metadata: model.metadata)
  }

  /// What the term of a category may vary in, on the nodes of its levels; nil for terms of other features.
  ///
  /// - Parameters:
  ///   - shape: of the numbers that stood for its levels.
  ///   - coefficients: of that shape.
  func directions(_ name: String, _ shape: TermShape, _ coefficients: ArraySlice<Double>) -> TermDirections? {
    guard !shape.isPair, let own = effects.first(where: { $0.feature == shape.axes[0].feature }) else {
      return nil
    }
    return LevelLine(shape.axes[0].scale, values: shape.values(coefficients))
      .directions(name, own, shape.axes[0].basis)
  }
}

extension TrainingData {
  /// The same rows with other features.
  fileprivate func with(features: [FeatureColumn], values: Matrix) throws(ChurnModelError) -> TrainingData {
    try TrainingData(features: features, values: values, labels: outcomes.map { $0 > 0 }, weights: weights)
  }
}
