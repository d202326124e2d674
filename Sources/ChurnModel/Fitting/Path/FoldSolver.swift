/// Solves the paths of all folds from that of all rows.
///
/// Sums over groups of rows make the fits of a fold cheap: gradient and Hessian of its objective at the solutions of all
/// rows are sums of what the passes over all rows kept by group, so the first Newton step needs no further pass. It is
/// then measured on a few nodes halfway between the anchors, where the interpolated Hessians are worst. With many rows that
/// is the end; else every fourth node is solved, those between are predicted and measured again, and if that is not enough,
/// all of them are solved.
struct FoldSolver: Sendable {
  let pass: PathPass
  let solved: PathSolver.Solved
  let folds: [CrossValidationFolds.Fold]
  /// Most that the quadratic model may still promise to lower a fit's objective.
  let tolerance: Double
  let mostEvaluations: Int

  private static let probes = 2
  private static let knotDistance = 4

  /// Solutions of each fold at the nodes.
  struct Result {
    let problems: [PathProblem]
    /// Greatest promise of the last step, which was then made, among all fits that were evaluated.
    let greatestDecrease: Double
    /// Fits that were evaluated on their rows after their first step.
    let measured: Int
  }

  func solve() throws(ChurnModelError) -> Result {
    let points = solved.nodes.positions
    let parallel = pass.parallel
    var problems = parallel.map(folds) { problem($0) }
    for index in problems.indices { problems[index].step(points, parallel) }
    let rounds = PathRounds(pass: pass, goal: .decrease(tolerance), most: mostEvaluations)

    let probes = spread(halfway(solved.anchors, among: points), Self.probes)
    rounds.once(&problems, probes)
    if areDone(problems, probes) { return result(problems) }

    var knots = stride(from: 0, to: points.count, by: Self.knotDistance).map { points[$0] }
    if let last = points.last, knots.last != last { knots.append(last) }
    try rounds.converge(&problems, knots)
    for index in problems.indices { problems[index].fill(between: knots, parallel) }
    let between = halfway(knots, among: points)
    rounds.once(&problems, between)
    if !areDone(problems, between) { try rounds.converge(&problems, points) }
    return result(problems)
  }

  /// The fits of a fold, evaluated at the solutions of all rows.
  private func problem(_ fold: CrossValidationFolds.Fold) -> PathProblem {
    let whole = solved.problem
    let weight = pass.rows.weight(fold.fitted)
    let hessians = solved.grams.map { grams in
      QuadraticModel.sum(fold.fitted.map { grams[$0] }).map { $0 / weight }
    }
    let track = solved.problem.track.map {
      GramTrack(places: $0.places, hessians: hessians)
    }
    var states = whole.states.map { PathState(coefficients: $0.coefficients) }
    for point in solved.nodes.positions {
      states[point].accepted = whole.states[point].accepted.map {
        PathState.Evaluation(
          coefficients: $0.coefficients,
          sums: PathSums(
            groups: fold.fitted, losses: Self.choose(fold.fitted, from: $0.sums.losses),
            gradients: Self.choose(fold.fitted, from: $0.sums.gradients), grams: []),
          weight: weight, penalty: whole.terms[point])
      }
    }
    return PathProblem(
      groups: fold.fitted, weight: weight, penalties: whole.penalties, terms: whole.terms,
      magnitudes: whole.magnitudes, track: track,
      states: states)
  }

  private static func choose<Part>(_ groups: [Int], from parts: [Part]) -> [Part] { groups.map { parts[$0] } }

  /// Between some of the points the one in the middle.
  private func halfway(_ chosen: [Int], among points: [Int]) -> [Int] {
    guard chosen.count > 1 else { return chosen }
    let places = chosen.compactMap(points.firstIndex(of:))
    return zip(places, places.dropFirst()).map { points[($0 + $1) / 2] }
  }

  /// At most `count` of some points, evenly spread, the last among them.
  private func spread(_ points: [Int], _ count: Int) -> [Int] {
    guard points.count > count else { return points }
    return (1...count).map { points[$0 * points.count / count - 1] }
  }

  private func areDone(_ problems: [PathProblem], _ points: [Int]) -> Bool {
    problems.allSatisfy { problem in points.allSatisfy { problem.states[$0].isDone } }
  }

  private func result(_ problems: [PathProblem]) -> Result {
    let measured = problems.flatMap(\.states).filter { $0.evaluations > 0 }
    return Result(
      problems: problems, greatestDecrease: measured.reduce(0) { max($0, $1.predictedDecrease) },
      measured: measured.count)
  }
}
