internal import Foundation
import LinearAlgebra

/// Solves a path: first roughly at its anchors, then exactly everywhere.
///
/// 1. The intercept (with the unpenalised columns) gives λ_max, and with it the λ of the path.
/// 2. The anchors, a fixed distance in log λ apart, are solved nearly, which gives Gram matrices all along the path
///    (`AnchorSolver`).
/// 3. The λ between are predicted from the quadratic models of the anchors on both sides.
/// 4. Gradient-only passes over the nodes together (see `PathProblem`) go on until every solution there meets the tolerance.
///    With an L1 penalty all λ are nodes; else those between are interpolated (`PathNodes`).
/// 5. The same passes go on with all λ that do not meet the tolerance.
struct PathSolver {
  let expansion: Expansion
  let rows: GroupedRows
  let options: LogisticOptions
  let path: RegularisationPath.Options
  /// Penalty factors, the intercept's 0 first.
  let factors: [Double]
  /// Greatest magnitude of each column, the intercept's 1 first.
  let magnitudes: [Double]
  /// Of the anchors' Gram matrices, which tell where to go and not where to stop.
  let steering: GramPrecision
  let pass: PathPass

  /// Distance in log λ between anchors.
  private static let anchorDistance = 0.85
  /// Share of the tolerance that a node may use up where λ between nodes follow from it.
  private static let nodeShare = 0.2
  /// The greatest λ of a ridge is that of an elastic net with this α, as in glmnet.
  static let leastMixing = 0.001
  /// Tolerance below which rounding of changes in single precision would be seen.
  private static let finestSingle = 1e-8
  private static let wideRatio = 1e-4
  private static let narrowRatio = 1e-2

  init(
    expansion: Expansion, rows: GroupedRows, options: LogisticOptions, path: RegularisationPath.Options,
    factors: [Double], magnitudes: [Double], steering: GramPrecision
  ) {
    self.expansion = expansion
    self.rows = rows
    self.options = options
    self.path = path
    self.factors = factors
    self.magnitudes = magnitudes
    self.steering = steering
    pass = PathPass(
      expansion: expansion, rows: rows, parallel: options.parallel,
      precision: path.tolerance >= Self.finestSingle ? rows.data.steeringPrecision : .double)
  }

  /// Solutions at all λ, with the anchors and the Gram matrices of each group there.
  struct Solved {
    var problem: PathProblem
    let nodes: PathNodes
    /// Some of the nodes.
    let anchors: [Int]
    /// Anchor, group: XᵀWX.
    let grams: [[[Double]]]
  }

  func solve() throws(ChurnModelError) -> Solved {
    let start = try nullFit()
    let penalties = self.penalties(start)
    let terms = penalties.map { PenaltyTerms(penalty: $0, mixing: path.mixing, factors: factors) }
    let nodes = PathNodes(penalties, isSmooth: terms.allSatisfy(\.isSmooth))
    let anchors = Self.anchors(penalties, among: nodes.positions)
    let groups = Array(rows.ranges.indices)
    var problems = [
      PathProblem(
        groups: groups, weight: rows.weight(groups), penalties: penalties, terms: terms,
        magnitudes: magnitudes,
        states: penalties.map { _ in PathState(coefficients: start.coefficients) })
    ]
    let rounds = rounds(path.tolerance)
    let nodeRounds = nodes.areAll ? rounds : self.rounds(Self.nodeShare * path.tolerance)
    let grams = try AnchorSolver(solver: self, anchors: anchors, rounds: nodeRounds)
      .solve(&problems, from: start)
    problems[0].fill(between: anchors, options.parallel)
    try nodeRounds.converge(&problems, nodes.positions)
    if !nodes.areAll { predict(&problems[0], between: nodes) }
    try rounds.converge(&problems, Array(penalties.indices))
    return Solved(problem: problems[0], nodes: nodes, anchors: anchors, grams: grams)
  }

  /// Whether there are so many rows that a look at some of them is worth while.
  var isSampled: Bool { rows.data.rows > options.warmStartRows }

  private func rounds(_ tolerance: Double) -> PathRounds {
    PathRounds(pass: pass, goal: .violation(tolerance), most: path.maximumEvaluations)
  }

  /// Interpolates the solutions between nodes.
  ///
  /// Coefficients fall as 1/λ: times λ and a curvature of the loss, their mean one, they are of the size of the gradient all
  /// along the path.
  private func predict(_ problem: inout PathProblem, between nodes: PathNodes) {
    let order = factors.count
    let hessian = problem.track?.hessians.last ?? []
    let curvature =
      stride(from: 0, to: hessian.count, by: order + 1).reduce(0) { $0 + hessian[$1] } / Double(order)
    let scales = problem.terms.map { $0.squared.map { $0 > 0 ? $0 + curvature : 1 } }
    let scaled = nodes.interpolate(
      nodes.positions.map { point in
        zip(problem.states[point].coefficients, scales[point]).map { $0 * $1 }
      })
    let isNode = Set(nodes.positions)
    for (point, values) in scaled.enumerated() where !isNode.contains(point) {
      problem.states[point] = PathState(coefficients: zip(values, scales[point]).map { $0 / $1 })
    }
  }

  // MARK: λ_max

  /// The optimum with every penalised coefficient at 0.
  private func nullFit() throws(ChurnModelError) -> PathState.Evaluation {
    var start = factors.map { _ in 0.0 }
    start[0] = log(rows.data.positiveShare / (1 - rows.data.positiveShare))
    let groups = Array(rows.ranges.indices)
    var problems = [
      PathProblem(
        groups: groups, weight: rows.weight(groups), penalties: [.infinity],
        terms: [PenaltyTerms(holding: factors)], magnitudes: magnitudes,
        states: [PathState(coefficients: start)])
    ]
    // The share of positives is the optimum already, unless offsets or unpenalised columns have a say. What a sample lacks
    // is seen first by the Gram matrix here.
    let isMoved = rows.data.offsets != nil || factors.dropFirst().contains { $0 == 0 }
    problems[0].states[0].gram = isMoved ? .double : isSampled ? steering : nil
    try rounds(path.tolerance).converge(&problems, [0])
    guard let evaluation = problems[0].states[0].accepted else {
      preconditionFailure("a point that is done was evaluated")
    }
    return evaluation
  }

  private func penalties(_ start: PathState.Evaluation) -> [Double] {
    if let given = path.penalties { return given.sorted(by: >) }
    var greatest = 0.0
    for (slope, factor) in zip(start.gradient, factors) where factor > 0 {
      greatest = max(greatest, slope.magnitude / (factor * max(path.mixing, Self.leastMixing)))
    }
    // Nothing to be shrunk, or nothing that pulls: any λ gives the same fit.
    if greatest == 0 { greatest = 1 }
    let ratio =
      path.leastRatio ?? (rows.data.rowsUsed > factors.count - 1 ? Self.wideRatio : Self.narrowRatio)
    let steps = Double(max(path.count - 1, 1))
    return (0..<path.count).map { greatest * exp(log(ratio) * Double($0) / steps) }
  }

  // MARK: Anchors

  /// The first node, the last one, and between them those whose distance in log λ from the one before is nearest to the one
  /// that is wanted.
  private static func anchors(_ penalties: [Double], among nodes: [Int]) -> [Int] {
    let places = nodes.map { -log(penalties[$0]) }
    var result = [0]
    while let last = result.last, last < nodes.count - 1 {
      let wanted = places[last] + anchorDistance
      let beyond = places.firstIndex { $0 > wanted } ?? nodes.count - 1
      let isBelowNearer = beyond - 1 > last && wanted - places[beyond - 1] < places[beyond] - wanted
      result.append(isBelowNearer ? beyond - 1 : max(beyond, last + 1))
    }
    return result.map { nodes[$0] }
  }
}
