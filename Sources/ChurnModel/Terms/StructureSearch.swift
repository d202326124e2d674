internal import Foundation
import LinearAlgebra

/// Grows the terms of a fit.
struct StructureSearch {
  let data: TrainingData
  let options: TermOptions
  let candidates: TermCandidates
  let groups: [Int32]?
  let foldOfRow: [UInt8]
  /// The rows that penalties and pairs are chosen from.
  let sample: [Int32]
  var layout = TermLayout()
  var rows: PlacedRows
  var state: TermState
  var pairs: [PairSearch.Candidate] = []
  /// Whether terms are held to their directions, not only judged by them.
  var holdsDirections = false
  /// The pairs that looked best in the first search, as first × features + second; later searches look at them only.
  var shortlist: Set<Int>?
  /// Mean squares over the rows, for a pair as if its features were independent, and kinds of groups.
  var directions = TermSolver.Directions()
  /// What all penalties are multiplied by in the end.
  var overallFactor = 1.0
  var passes = 0
  var clock = PhaseClock()

  /// Penalty with which a term of one feature starts, and one of a pair.
  private static let (ownStartPenalty, pairStartPenalty) = (1.0, 5.0)
  /// How many directions of a curve move at the start; fewer where there are many curves for few rows.
  private static let mostStart = 10.0
  private static let leastStart = 2.0
  /// Looks at the rows for penalties between two searches for pairs: enough to know what the residuals are.
  private static let roundSteps = 2
  /// A pair that gains less than this share of the round's best one waits for the next round.
  static let leastShare = 0.25
  /// Pairs that later searches look at; of wide tables most pairs gain nothing in any of them.
  static let mostSearched = 500

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

  static func start(_ data: TrainingData) -> TermState {
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

  mutating func run(_ progress: (String) -> Void) throws(ChurnModelError) {
    let held = holdsDirections ? ", directions held" : ""
    progress("terms of \(candidates.scales.count { $0 != nil }) features\(held)")
    let own = candidates.scales.enumerated().compactMap { feature, scales in scales.map { (feature, $0.own) }
    }
    for (axis, column) in zip(own, place(own, rows.rows)) {
      append([axis], [column])
    }
    clock.finish("terms")
    startPenalties(0..<layout.groupCount)
    try choosePenalties(steps: options.penaltySteps)
    if weighGroups() { try choosePenalties(steps: options.penaltySteps) }
    clock.finish("penalties")
    if options.mostPairs > 0 { try addPairs(progress) }
    try chooseOverallPenalty(progress)
  }

  private mutating func addPairs(_ progress: (String) -> Void) throws(ChurnModelError) {
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
        append(axes, place(axes, rows.rows))
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
  mutating func weighGroups() -> Bool {
    guard groups != nil else { return false }
    let power = GroupDependence.power(
      residuals: objective.look(state).residuals, rows: rows.rows, groups: groups)
    passes += 1
    if power < 1 { rows.scaleWeights(by: power) }
    return power < 1
  }

  /// Lets groups begin so smooth that rows can move few of their directions: what is missing comes with smaller penalties.
  mutating func startPenalties(_ groups: Range<Int>) {
    let information = objective.look(state).curvatures.reduce(0, +)
    passes += 1
    // The power of a curve's k-th direction falls about as 1/k².
    let features = max(candidates.scales.count { $0 != nil }, 1)
    let moving = min(max(Double(rows.count) / Double(2 * features), Self.leastStart), Self.mostStart)
    let share = 1 / (TermSolver.negligible * moving * moving)
    for group in groups { state.penalties[group] = max(state.penalties[group], share * information) }
  }

  func name(_ pair: PairSearch.Candidate) -> String {
    "\(data.features[pair.first].name) × \(data.features[pair.second].name)"
  }

  /// The places of rows on some scales.
  func place(_ axes: [(feature: Int, scale: TermScale)], _ rows: [Int32]) -> [PlacedColumn] {
    PlacedColumn.all(axes, values: data.values, rows: rows, parallel: options.parallel)
  }

  mutating func append(
    _ axes: [(feature: Int, scale: TermScale)], _ columns: [PlacedColumn]
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
    state.append(shape, penalty: Self.startPenalty(shape))
  }

  static func startPenalty(_ shape: TermShape) -> Double {
    shape.isPair ? pairStartPenalty : ownStartPenalty
  }

  func nodeWeights(_ scale: TermScale, _ column: PlacedColumn) -> [Double] {
    var weights = [Double](repeating: 0, count: scale.count)
    for row in 0..<rows.count {
      let node = Int(column.nodes[row])
      weights[node] += rows.weights[row] * (1 - column.shares[row])
      weights[node + 1] += rows.weights[row] * column.shares[row]
    }
    return weights
  }

  var objective: TermObjective {
    TermObjective(layout: layout, rows: rows, parallel: options.parallel)
  }

  mutating func choosePenalties(steps: Int) throws(ChurnModelError) {
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
}
