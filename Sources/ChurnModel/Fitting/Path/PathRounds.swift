/// Rounds of passes that bring points of several problems to their goal, all problems with the same passes.
struct PathRounds {
  let pass: PathPass
  let goal: PathProblem.Goal
  /// Most evaluations of a point.
  let most: Int

  /// Evaluates points once.
  func once(
    _ problems: inout [PathProblem], _ points: [Int], within reach: KeptRows.Reach = .near
  ) {
    go(&problems, problems.map { _ in points }, reach)
  }

  /// Evaluates points until all of them are done.
  ///
  /// - Throws: `ChurnModelError` (`notConverged`) when a point was evaluated too often or has left the finite numbers.
  func converge(_ problems: inout [PathProblem], _ points: [Int]) throws(ChurnModelError) {
    while true {
      let open = problems.map { problem in points.filter { !problem.states[$0].isDone } }
      guard open.contains(where: { !$0.isEmpty }) else { return }
      for (problem, points) in zip(problems, open) {
        for point in points where !isWorthwhile(problem.states[point]) {
          throw notConverged(problem, point)
        }
      }
      go(&problems, open)
    }
  }

  private func go(
    _ problems: inout [PathProblem], _ points: [[Int]], _ reach: KeptRows.Reach = .near
  ) {
    let found = pass.evaluate(zip(problems, points).flatMap { $0.requests($1) }, within: reach)
    var first = 0
    for (index, points) in points.enumerated() {
      problems[index].absorb(points, found[first..<first + points.count], goal, pass.parallel)
      first += points.count
    }
  }

  private func isWorthwhile(_ state: PathState) -> Bool {
    state.evaluations < most && state.coefficients.allSatisfy(\.isFinite)
  }

  private func notConverged(_ problem: PathProblem, _ point: Int) -> ChurnModelError {
    let state = problem.states[point]
    let violation = state.accepted.map { "\($0.violation)" } ?? "unknown"
    return ChurnModelError(
      .notConverged,
      "the fit at the penalty \(problem.penalties[point]) stopped after \(state.evaluations) passes with optimality "
        + "conditions violated by \(violation); raise the tolerance or the least penalty, or give every feature a "
        + "penalty factor above 0")
  }
}
