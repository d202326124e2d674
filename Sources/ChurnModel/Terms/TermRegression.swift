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
  /// The pairs that looked best in the first search, as first × features + second; later searches look at them only.
  private var shortlist: Set<Int>?
  /// Mean squares over the rows, for a pair as if its features were independent, and kinds of groups.
  private var directions = TermSolver.Directions()
  private var passes = 0
  private var clock = PhaseClock()

  /// Penalty with which a term of one feature starts, and one of a pair.
  private static let startPenalty = 1.0
  private static let pairStartPenalty = 5.0
  /// How many directions of a curve move at the start; fewer where there are many curves for few rows.
  private static let mostStart = 10.0
  private static let leastStart = 2.0
  /// Looks at the rows for penalties between two searches for pairs: enough to know what the residuals are.
  private static let roundSteps = 2
  /// A pair that gains less than this share of the round's best one waits for the next round.
  private static let leastShare = 0.25
  /// Pairs that later searches look at; of wide tables most pairs gain nothing in any of them.
  private static let mostSearched = 500

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
    other.shortlist = nil
    other.directions = TermSolver.Directions()
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
    let held = holdsDirections ? ", directions held" : ""
    progress("terms of \(candidates.scales.count { $0 != nil }) features\(held)")
    let own = candidates.scales.enumerated().compactMap { feature, scales in scales.map { (feature, $0.own) }
    }
    for (axis, column) in zip(own, place(own, rows.rows)) {
      append([axis], [column], penalty: Self.startPenalty)
    }
    clock.finish("terms")
    startPenalties(0..<layout.groupCount)
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
      let groupsBefore = layout.groupCount
      for pair in found {
        let axes = [pair.first, pair.second].map { ($0, candidates.pairScale($0)) }
        append(axes, place(axes, rows.rows), penalty: Self.pairStartPenalty)
      }
      pairs += found
      startPenalties(groupsBefore..<layout.groupCount)
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

  /// Lets groups begin so smooth that rows can move few of their directions: what is missing comes with smaller penalties.
  private mutating func startPenalties(_ groups: Range<Int>) {
    let information = objective.look(state).curvatures.reduce(0, +)
    passes += 1
    // The power of a curve's k-th direction falls about as 1/k².
    let features = max(candidates.scales.count { $0 != nil }, 1)
    let moving = min(max(Double(rows.count) / Double(2 * features), Self.leastStart), Self.mostStart)
    let share = 1 / (TermSolver.negligible * moving * moving)
    for group in groups { state.penalties[group] = max(state.penalties[group], share * information) }
  }

  private func name(_ pair: PairSearch.Candidate) -> String {
    "\(data.features[pair.first].name) × \(data.features[pair.second].name)"
  }

  /// The places of rows on some scales.
  private func place(_ axes: [(feature: Int, scale: TermScale)], _ rows: [Int32]) -> [PlacedColumn] {
    var columns = [PlacedColumn?](repeating: nil, count: axes.count)
    columns.withUnsafeMutableBufferPointer { columns in
      nonisolated(unsafe) let columns = columns
      options.parallel.forEachBlock(count: axes.count, blockSize: 1) { block in
        let (feature, scale) = axes[block.index]
        columns[block.index] = PlacedColumn(scale, values: data.values, feature: feature, rows: rows)
      }
    }
    return columns.compactMap { $0 }
  }

  private mutating func append(
    _ axes: [(feature: Int, scale: TermScale)], _ columns: [PlacedColumn], penalty: Double
  ) {
    let weights = zip(axes, columns).map { nodeWeights($0.scale, $1) }
    var shape = TermShape(
      axes: zip(axes, weights).map { axis, weights in
        TermShape.Axis(
          feature: axis.feature, scale: axis.scale,
          basis: TermBasis(
            scale: axis.scale, nodeWeights: weights,
            isLogarithm: candidates.scales[axis.feature]?.isLogarithm ?? false,
            isStraight: candidates.scales[axis.feature]?.isStraight ?? false))
      })
    if !shape.isPair { shape.steps = candidates.scales[axes[0].feature]?.steps }
    directions.powers += zip(shape.axes, weights).map { $0.basis.powers($1) }.reduce([1]) { product, own in
      product.flatMap { first in own.map { first * $0 } }
    }
    directions.kinds += GroupKind.kinds(shape)
    layout.append(shape)
    rows.append(first: columns[0], second: columns.count == 2 ? columns[1] : nil)
    state.coefficients += Array(repeating: 0, count: shape.columns)
    state.isNegligible += Array(repeating: false, count: shape.columns)
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
    var solver = TermSolver(objective, state: state, directions: directions, pooling: options.penaltyPooling)
    try solver.choosePenalties(steps: steps)
    state = solver.state
    passes += solver.passes
  }

  // MARK: Pairs

  /// A pair could turn a term that has a direction: such a feature takes part in none.
  private func pairBins() -> [PairSearch.Bins?] {
    let axes = candidates.scales.enumerated().compactMap { feature, scales in
      scales.flatMap { $0.steps == nil ? (feature, $0.pair) : nil }
    }
    var bins = [PairSearch.Bins?](repeating: nil, count: candidates.scales.count)
    for (axis, column) in zip(axes, place(axes, rows.rows)) {
      bins[axis.0] = PairSearch.Bins(axis.1, column, weights: rows.weights)
    }
    return bins
  }

  /// The best pairs that share no feature.
  private mutating func nextPairs(_ bins: [PairSearch.Bins?]) -> [PairSearch.Candidate] {
    let look = objective.look(state)
    passes += 1
    let search = PairSearch(bins: bins, foldOfRow: foldOfRow, parallel: options.parallel)
    let found = search.candidates(
      gradients: look.residuals.map { -$0 }, curvatures: look.curvatures,
      isTaken: { first, second in
        pairs.contains { $0.first == first && $0.second == second }
          || shortlist.map { !$0.contains(first * bins.count + second) } ?? false
      })
    if shortlist == nil {
      shortlist = Set(found.prefix(Self.mostSearched).map { $0.first * bins.count + $0.second })
    }
    let best = found.first?.gain ?? 0
    let featureCount = bins.count { $0 != nil }
    let pairCount = featureCount * (featureCount - 1) / 2
    var result: [PairSearch.Candidate] = []
    let most = min(max(options.pairsPerRound, pairs.count / 2), options.mostPairs - pairs.count)
    for pair in found {
      // Of so many pairs that are nothing the k-th best gains about log(pairs/k) (as in Benjamini and Hochberg 1995, JRSS B
      // 57: the more pairs have proved themselves, the less is asked of the next).
      let taken = pairs.count + result.count + 1
      guard pair.gain > options.leastGain + log(Double(pairCount) / Double(taken)),
        pair.gain >= Self.leastShare * best, result.count < most
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
    // Of some pairs nothing is left with the last penalties.
    let left = Set(terms.map(\.name))
    return TermFit(
      model: model, certificate: certificate,
      pairs: pairs.map { (name($0), $0.gain) }.filter { left.contains($0.0) }, phases: clock.phases,
      directions: report.conditions ?? keptConditions(objective, optimum),
      solution: TermSolution(
        layout: layout, state: optimum.state, active: optimum.active, power: rows.power,
        factor: optimum.directed == nil ? optimum.factor : nil))
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
    var columns = place(shapes.flatMap(\.axes).map { ($0.feature, $0.scale) }, used)[...]
    for shape in shapes {
      let own = columns.prefix(shape.axes.count)
      columns = columns.dropFirst(shape.axes.count)
      all.append(first: own[own.startIndex], second: shape.isPair ? own[own.startIndex + 1] : nil)
    }
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
