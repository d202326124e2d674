internal import Foundation
public import LinearAlgebra

/// Fits a logistic regression on terms: a curve for every feature, and maps for the few pairs of features that need one.
///
/// First every feature has a term of its own (`TermBasis`), as smooth as the marginal likelihood wants it (`TermSolver`).
/// Then pairs are taken in turn: those whose interaction gains most on held-out rows (`PairSearch`) get a term, all terms
/// are fitted again, and what the new ones tell is no longer found in the residuals, so that of two features that
/// say the same only one is paired. It ends when no pair gains enough. Knots, pairs and penalties come from
/// `TermOptions.structureRows` rows at most; the coefficients are the exact optimum on all rows.
public enum TermRegression {
  /// - Parameters:
  ///   - features: what each column of `values` means.
  ///   - values: rows × features, missing values NaN, categories as indices of levels.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0; nil for 1 everywhere. A weight of 2 counts as the row twice.
  ///   - groups: rows of one group (a customer, say) stay together wherever rows are held out; nil for none.
  ///   - progress: is told what is being done.
  /// - Throws: `ChurnModelError`.
  /// - Complexity: O(steps × rows × terms² + steps × coefficients³)
  public static func fit(
    features: [FeatureColumn], values: Matrix, labels: [Bool], weights: [Double]? = nil,
    groups: [Int32]? = nil, options: TermOptions = TermOptions(), metadata: [String: String] = [:],
    progress: (String) -> Void = { _ in }
  ) throws(ChurnModelError) -> TermFit {
    try options.check()
    let data = try TrainingData(features: features, values: values, labels: labels, weights: weights)
    if let groups, groups.count != data.rows {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(data.rows) rows, but there are \(groups.count) groups; give one for every row")
    }
    _ = try FeatureSurvey.run(data, parallel: options.parallel)
    var search = StructureSearch(data: data, groups: groups, options: options)
    try search.run(progress)
    progress("coefficients")
    return try search.finish(metadata: metadata)
  }
}

/// Grows the terms of a fit.
private struct StructureSearch {
  let data: TrainingData
  let options: TermOptions
  let candidates: TermCandidates
  let foldOfRow: [UInt8]
  private var layout = TermLayout()
  private var rows: PlacedRows
  private var state: TermState
  private var pairs: [PairSearch.Candidate] = []
  private var passes = 0
  private var clock = PhaseClock()

  /// Penalty with which a term of one feature starts, and one of a pair.
  private static let startPenalty = 1.0
  private static let pairStartPenalty = 5.0
  /// Steps for penalties between two searches for pairs: enough to know what the residuals are.
  private static let roundSteps = 4
  /// A pair that gains less than this share of the round's best one waits for the next round.
  private static let leastShare = 0.25

  init(data: TrainingData, groups: [Int32]?, options: TermOptions) {
    self.data = data
    self.options = options
    let used = (0..<data.rows).filter { data.weights[$0] > 0 }.map(Int32.init)
    let step = (used.count + options.structureRows - 1) / options.structureRows
    let sample = step == 1 ? used : stride(from: 0, to: used.count, by: step).map { used[$0] }
    candidates = TermCandidates(data, rows: sample, options: options)
    foldOfRow = RowFolds.folds(PairSearch.folds, data, rows: sample, groups: groups)
    rows = PlacedRows(data, rows: sample)
    let share = min(max(data.positiveShare, 1e-12), 1 - 1e-12)
    state = TermState(
      intercept: Foundation.log(share / (1 - share)), coefficients: [], penalties: [], isActive: [])
  }

  // MARK: Terms

  mutating func run(_ progress: (String) -> Void) throws(ChurnModelError) {
    progress("terms of \(candidates.scales.count { $0 != nil }) features")
    for (feature, scales) in candidates.scales.enumerated() {
      guard let scales else { continue }
      append([(feature, scales.own)], penalty: Self.startPenalty)
    }
    clock.finish("terms")
    try choosePenalties(steps: options.penaltySteps)
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

  private func name(_ pair: PairSearch.Candidate) -> String {
    "\(data.features[pair.first].name) × \(data.features[pair.second].name)"
  }

  private mutating func append(_ axes: [(feature: Int, scale: TermScale)], penalty: Double) {
    let columns = axes.map {
      PlacedColumn($0.scale, values: data.values, feature: $0.feature, rows: rows.rows)
    }
    let shape = TermShape(
      axes: zip(axes, columns).map { axis, column in
        TermShape.Axis(
          feature: axis.feature, scale: axis.scale,
          basis: TermBasis(
            scale: axis.scale, nodeWeights: nodeWeights(axis.scale, column),
            isLogarithm: candidates.scales[axis.feature]?.isLogarithm ?? false))
      })
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
    var solver = TermSolver(objective, state: state)
    try solver.choosePenalties(steps: steps)
    state = solver.state
    passes += solver.passes
  }

  // MARK: Pairs

  private func pairBins() -> [PairSearch.Bins?] {
    candidates.scales.enumerated().map { feature, scales in
      scales.map { scales in
        PairSearch.Bins(
          scales.pair,
          PlacedColumn(scales.pair, values: data.values, feature: feature, rows: rows.rows))
      }
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

  /// The exact optimum on all rows.
  mutating func finish(metadata: [String: String]) throws(ChurnModelError) -> TermFit {
    let used = (0..<data.rows).filter { data.weights[$0] > 0 }.map(Int32.init)
    if used.count != rows.count { placeAll(used) }
    let objective = objective
    var solver = TermSolver(objective, state: state)
    let optimum = try solver.converge(
      tolerance: options.tolerance, maximumIterations: options.maximumIterations)
    clock.finish("coefficients")
    let report = TermReport(
      data: data, objective: objective, optimum: optimum, samplePasses: passes,
      isSampled: used.count != foldOfRow.count)
    let model = try TermModel(
      features: data.features, intercept: optimum.state.intercept, terms: report.terms(),
      training: report.training, dropped: candidates.dropped, metadata: metadata)
    let certificate = report.certificate
    clock.finish("errors")
    return TermFit(
      model: model, certificate: certificate, pairs: pairs.map { (name($0), $0.gain) }, phases: clock.phases,
      solution: TermSolution(
        layout: layout, state: optimum.state, active: optimum.active, factor: optimum.factor))
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
