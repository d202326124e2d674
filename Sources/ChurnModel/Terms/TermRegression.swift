internal import Foundation
public import LinearAlgebra

/// Fits a logistic regression on terms: a curve for every feature, and maps for the few pairs of features that need one.
///
/// First every feature has a term of its own (`TermBasis`), as smooth as the marginal likelihood wants it (`TermSolver`).
/// Then pairs are taken in turn: those whose interaction gains most on held-out rows (`PairSearch`) get a term, all terms
/// are fitted again, and what the new ones tell is no longer found in the residuals, so that of two features that
/// say the same only one is paired. It ends when no pair gains enough. Knots, pairs and penalties come from
/// `TermOptions.structureRows` rows at most; the coefficients are the exact optimum on all rows.
///
/// Where directions are asked for and the optimum does not keep them by itself, all of it is done again with them held
/// (`DirectedTermSolver`): penalties, pairs and coefficients are those that are best under the directions.
public enum TermRegression {
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, missing values NaN, categories as indices of levels.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 everywhere. A weight of 2 counts as the row twice.
  ///   - groups: rows of one group (a customer, say) stay together wherever rows are held out, and count for what they
  ///     say together (`GroupDependence`); nil for none.
  ///   - progress: is told what is being done.
  /// - Throws: `ChurnModelError`.
  /// - Complexity: O(steps × rows × terms² + steps × coefficients³)
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    groups: [Int32]? = nil, options: TermOptions = TermOptions(), metadata: [String: String] = [:],
    progress: (String) -> Void = { _ in }
  ) throws(ChurnModelError) -> TermFit {
    try options.check()
    try options.check(features)
    let data = try TrainingData(features: features, values: values, labels: labels, weights: weights)
    if let groups, groups.count != data.rows {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(data.rows) rows, but there are \(groups.count) groups; give one for every row")
    }
    _ = try FeatureSurvey.run(data, parallel: options.parallel)
    var search = try StructureSearch(data: data, groups: groups, options: options)
    if let fit = try search.fit(metadata: metadata, progress) { return fit }
    var directed = search.holdingDirections()
    guard let fit = try directed.fit(metadata: metadata, progress) else {
      preconditionFailure("held directions are kept")
    }
    return fit
  }
}

/// Grows the terms of a fit.
private struct StructureSearch {
  let data: TrainingData
  let options: TermOptions
  let candidates: TermCandidates
  let groups: [Int32]?
  let foldOfRow: [UInt8]
  /// The rows that penalties and pairs are chosen from.
  let sample: [Int32]
  private var layout = TermLayout()
  private var rows: PlacedRows
  private var state: TermState
  private var pairs: [PairSearch.Candidate] = []
  /// Whether terms are held to their directions, not only judged by them.
  private var holdsDirections = false
  private var passes = 0
  private var clock = PhaseClock()

  /// Penalty with which a term of one feature starts, and one of a pair.
  private static let startPenalty = 1.0
  private static let pairStartPenalty = 5.0
  /// Steps for penalties between two searches for pairs: enough to know what the residuals are.
  private static let roundSteps = 4
  /// A pair that gains less than this share of the round's best one waits for the next round.
  private static let leastShare = 0.25

  init(data: TrainingData, groups: [Int32]?, options: TermOptions) throws(ChurnModelError) {
    self.data = data
    self.options = options
    self.groups = groups
    let used = (0..<data.rows).filter { data.weights[$0] > 0 }.map(Int32.init)
    let step = (used.count + options.structureRows - 1) / options.structureRows
    sample = step == 1 ? used : stride(from: 0, to: used.count, by: step).map { used[$0] }
    candidates = try TermCandidates(data, rows: sample, options: options)
    foldOfRow = RowFolds.folds(PairSearch.folds, data, rows: sample, groups: groups)
    rows = PlacedRows(data, rows: sample)
    state = Self.start(data)
  }

  private static func start(_ data: TrainingData) -> TermState {
    let share = min(max(data.positiveShare, 1e-12), 1 - 1e-12)
    return TermState(
      intercept: Foundation.log(share / (1 - share)), coefficients: [], penalties: [], isActive: [])
  }

  /// The same search from its beginning, with terms held to their directions.
  func holdingDirections() -> StructureSearch {
    var other = self
    other.holdsDirections = true
    other.layout = TermLayout()
    other.rows = PlacedRows(data, rows: sample)
    other.state = Self.start(data)
    other.pairs = []
    return other
  }

  /// - Returns: nil when terms do not keep the directions that they are not yet held to.
  mutating func fit(
    metadata: [String: String], _ progress: (String) -> Void
  ) throws(ChurnModelError) -> TermFit? {
    try run(progress)
    progress("coefficients")
    return try finish(metadata: metadata)
  }

  // MARK: Terms

  private mutating func run(_ progress: (String) -> Void) throws(ChurnModelError) {
    let directions = holdsDirections ? ", directions held" : ""
    progress("terms of \(candidates.scales.count { $0 != nil }) features\(directions)")
    for (feature, scales) in candidates.scales.enumerated() {
      guard let scales else { continue }
      append([(feature, scales.own)], penalty: Self.startPenalty)
    }
    clock.finish("terms")
    try choosePenalties(steps: options.penaltySteps)
    if weighGroups() { try choosePenalties(steps: options.penaltySteps) }
    clock.finish("penalties")
    guard options.mostPairs > 0 else { return }
    let bins = pairBins()
    while pairs.count < options.mostPairs,
      state.activeColumns(layout).count < options.mostCoefficients || pairs.isEmpty
    {
      let found = nextPairs(bins)
      clock.finish("search for pairs")
      if found.isEmpty { break }
      for pair in found {
        append(
          [(pair.first, candidates.pairScale(pair.first)), (pair.second, candidates.pairScale(pair.second))],
          penalty: Self.pairStartPenalty)
      }
      pairs += found
      progress("pair \(pairs.count): \(found.map(name).joined(separator: ", "))")
      try choosePenalties(steps: Self.roundSteps)
      clock.finish("penalties with pairs")
    }
    if !pairs.isEmpty { try choosePenalties(steps: options.penaltySteps) }
    clock.finish("penalties with pairs")
  }

  /// Takes what rows of one group say together for what it is worth; whether that changes anything.
  private mutating func weighGroups() -> Bool {
    guard groups != nil else { return false }
    let power = GroupDependence.power(
      residuals: objective.look(state).residuals, rows: rows.rows, groups: groups)
    passes += 1
    if power < 1 { rows.scaleWeights(by: power) }
    return power < 1
  }

  private func name(_ pair: PairSearch.Candidate) -> String {
    "\(data.features[pair.first].name) × \(data.features[pair.second].name)"
  }

  private mutating func append(_ axes: [(feature: Int, scale: TermScale)], penalty: Double) {
    let columns = axes.map {
      PlacedColumn($0.scale, values: data.values, feature: $0.feature, rows: rows.rows)
    }
    var shape = TermShape(
      axes: zip(axes, columns).map { axis, column in
        TermShape.Axis(
          feature: axis.feature, scale: axis.scale,
          basis: TermBasis(
            scale: axis.scale, nodeWeights: nodeWeights(axis.scale, column),
            isLogarithm: candidates.scales[axis.feature]?.isLogarithm ?? false,
            isStraight: candidates.scales[axis.feature]?.isStraight ?? false))
      })
    if !shape.isPair { shape.steps = candidates.scales[axes[0].feature]?.steps }
    layout.append(shape)
    rows.append(first: columns[0], second: columns.count == 2 ? columns[1] : nil)
    state.coefficients += Array(repeating: 0, count: shape.columns)
    state.penalties += Array(repeating: penalty, count: shape.groupCount)
    state.isActive += Array(repeating: true, count: shape.groupCount)
  }

  private func nodeWeights(_ scale: TermScale, _ column: PlacedColumn) -> [Double] {
    var weights = [Double](repeating: 0, count: scale.count)
    for row in 0..<rows.count {
      let node = Int(column.nodes[row])
      weights[node] += rows.weights[row] * (1 - column.shares[row])
      weights[node + 1] += rows.weights[row] * column.shares[row]
    }
    return weights
  }

  private var objective: TermObjective {
    TermObjective(layout: layout, rows: rows, parallel: options.parallel)
  }

  private mutating func choosePenalties(steps: Int) throws(ChurnModelError) {
    if holdsDirections {
      var solver = try DirectedTermSolver(objective, state: state)
      try solver.choosePenalties(steps: steps)
      state = solver.state
      passes += solver.passes
      return
    }
    var solver = TermSolver(objective, state: state)
    try solver.choosePenalties(steps: steps)
    state = solver.state
    passes += solver.passes
  }

  // MARK: Pairs

  /// A pair could turn a term that has a direction: such a feature takes part in none.
  private func pairBins() -> [PairSearch.Bins?] {
    candidates.scales.enumerated().map { feature, scales in
      guard let scales, scales.steps == nil else { return nil }
      return PairSearch.Bins(
        scales.pair,
        PlacedColumn(scales.pair, values: data.values, feature: feature, rows: rows.rows))
    }
  }

  /// The best pairs that share no feature.
  private mutating func nextPairs(_ bins: [PairSearch.Bins?]) -> [PairSearch.Candidate] {
    let look = objective.look(state)
    passes += 1
    let search = PairSearch(bins: bins, foldOfRow: foldOfRow, parallel: options.parallel)
    let found = search.candidates(
      gradients: look.residuals.map { -$0 }, curvatures: look.curvatures,
      isTaken: { first, second in pairs.contains { $0.first == first && $0.second == second } })
    let best = found.first?.gain ?? 0
    var result: [PairSearch.Candidate] = []
    for pair in found {
      guard pair.gain > options.leastGain, pair.gain >= Self.leastShare * best,
        result.count < min(options.pairsPerRound, options.mostPairs - pairs.count)
      else { break }
      let isFree = result.allSatisfy { other in
        Set([other.first, other.second]).isDisjoint(with: [pair.first, pair.second])
      }
      if isFree { result.append(pair) }
    }
    return result
  }

  // MARK: The fit

  /// The exact optimum on all rows; nil when it does not keep the directions that it is not held to.
  private mutating func finish(metadata: [String: String]) throws(ChurnModelError) -> TermFit? {
    let used = (0..<data.rows).filter { data.weights[$0] > 0 }.map(Int32.init)
    if used.count != rows.count {
      placeAll(used)
      _ = weighGroups()
    }
    let objective = objective
    let optimum = try optimum(objective)
    clock.finish("coefficients")
    guard holdsDirections || keepsDirections(optimum.state) else { return nil }
    let report = TermReport(
      data: data, objective: objective, optimum: optimum, samplePasses: passes,
      isSampled: used.count != foldOfRow.count)
    let terms = report.terms()
    let model = try TermModel(
      features: data.features, intercept: optimum.state.intercept, terms: terms, training: report.training,
      dropped: candidates.dropped + report.constants(terms), metadata: metadata)
    let certificate = report.certificate
    clock.finish("errors")
    return TermFit(
      model: model, certificate: certificate, pairs: pairs.map { (name($0), $0.gain) }, phases: clock.phases,
      directions: report.conditions ?? keptConditions(objective, optimum))
  }

  private func optimum(_ objective: TermObjective) throws(ChurnModelError) -> TermSolver.Optimum {
    if holdsDirections {
      var solver = try DirectedTermSolver(objective, state: state)
      return try solver.converge(
        tolerance: options.tolerance, maximumIterations: options.maximumIterations)
    }
    var solver = TermSolver(objective, state: state)
    return try solver.converge(tolerance: options.tolerance, maximumIterations: options.maximumIterations)
  }

  private func keepsDirections(_ state: TermState) -> Bool {
    layout.shapes.indices.allSatisfy { term in
      let shape = layout.shapes[term]
      guard let steps = shape.steps else { return true }
      return steps.admits(
        shape.values(state.coefficients[layout.columns[term]]).prefix(shape.axes[0].scale.valueNodes))
    }
  }

  /// The conditions of an optimum that keeps all directions by itself; nil when there are none.
  private func keptConditions(
    _ objective: TermObjective, _ optimum: TermSolver.Optimum
  ) -> DirectionConditions? {
    guard layout.shapes.contains(where: { $0.steps != nil }) else { return nil }
    let gradient = objective.gradient(
      objective.look(optimum.state), optimum.state, active: optimum.active)
    return DirectionConditions(
      kept: layout, gradient: gradient.map { $0 / objective.rows.totalWeight },
      name: { data.features[$0].name })
  }

  private mutating func placeAll(_ used: [Int32]) {
    var all = PlacedRows(data, rows: used)
    let shapes = layout.shapes
    let columns = shapes.map { shape in
      shape.axes.map { PlacedColumn($0.scale, values: data.values, feature: $0.feature, rows: used) }
    }
    for own in columns { all.append(first: own[0], second: own.count == 2 ? own[1] : nil) }
    rows = all
  }
}

extension TermCandidates {
  /// The scale on the grid of a pair.
  fileprivate func pairScale(_ feature: Int) -> TermScale {
    guard let scales = scales[feature] else { preconditionFailure("only features with terms are paired") }
    return scales.pair
  }
}
