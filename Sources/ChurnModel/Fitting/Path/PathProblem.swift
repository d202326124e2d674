import LinearAlgebra

/// The elastic-net fits of one set of rows at all λ of a path.
///
/// **Method.** Proximal Newton steps with Hessians that are used again: the quadratic model at a point has its exact
/// gradient, from a pass over the rows, and a Hessian interpolated between anchors of the path, so that most passes need
/// no Gram matrix. A point whose violation does not shrink to a fifth gets a Hessian of its own with the next pass, and a
/// step that raises the objective is halved; so each fit descends to the optimum, as Newton's method with a line search
/// does, whatever the first Hessian was.
struct PathProblem: Sendable {
  /// Groups of rows that are fitted.
  let groups: [Int]
  /// Their Σw.
  let weight: Double
  /// λ, falling.
  let penalties: [Double]
  let terms: [PenaltyTerms]
  /// Greatest magnitude of each column, which says by how much a step may change the margin of a row.
  let magnitudes: [Double]
  /// Hessians along the path.
  var track: GramTrack?
  var states: [PathState]

  /// When a point is finished.
  enum Goal: Sendable {
    /// The conditions of Karush, Kuhn and Tucker hold up to this at the point evaluated, which is the solution.
    case violation(Double)
    /// The quadratic model promises at most this much from the last step, which is still made.
    case decrease(Double)
  }

  /// Part of a violation that the solution of a quadratic model may keep.
  private static let innerShare = 0.01
  private static let leastInnerTolerance = 1e-13
  /// Most that one coefficient's step may change any row's log-odds by: beyond, the quadratic model knows nothing, as where
  /// a column separates some rows and its curvature is almost 0.
  private static let longestStep = 4.0

  /// What to ask of a pass for some points.
  func requests(_ points: [Int]) -> [PathRequest] {
    points.map {
      PathRequest(
        coefficients: states[$0].coefficients, groups: groups, gram: states[$0].gram)
    }
  }

  /// Takes what a pass found for some points, and steps from where it was accepted.
  mutating func absorb(_ points: [Int], _ found: ArraySlice<PathSums>, _ goal: Goal, _ parallel: Parallel) {
    var moving: [Int] = []
    for (point, sums) in zip(points, found) {
      let evaluation = PathState.Evaluation(
        coefficients: states[point].coefficients, sums: sums, weight: weight, penalty: terms[point])
      let hessian = sums.grams.isEmpty ? nil : QuadraticModel.sum(sums.grams).map { $0 / weight }
      guard states[point].absorb(evaluation, hessian: hessian) else { continue }
      if case .violation(let tolerance) = goal, evaluation.violation <= tolerance {
        states[point].isDone = true
      } else {
        moving.append(point)
      }
    }
    step(moving, parallel)
    if case .decrease(let tolerance) = goal {
      for point in moving where states[point].predictedDecrease <= tolerance { states[point].isDone = true }
    }
  }

  /// Moves points to the optimum of their quadratic models.
  mutating func step(_ points: [Int], _ parallel: Parallel) {
    let moved = parallel.map(points) { [self] point in stepped(point) }
    for (point, result) in zip(points, moved) {
      guard let result else {
        // The Hessian was no such thing: one is made where the point stands.
        states[point].coefficients = states[point].accepted?.coefficients ?? states[point].coefficients
        states[point].hessian = nil
        states[point].gram = .double
        continue
      }
      states[point].coefficients = result.coefficients
      states[point].predictedDecrease = result.decrease
    }
  }

  private func stepped(_ point: Int) -> (coefficients: [Double], decrease: Double)? {
    let state = states[point]
    guard let accepted = state.accepted else { return (state.coefficients, .infinity) }
    guard let hessian = state.hessian ?? track?.hessian(penalties[point]) else {
      return (state.coefficients, .infinity)
    }
    let model = QuadraticModel(
      hessian: hessian, gradient: accepted.gradient, at: accepted.coefficients)
    let optimum = CoordinateDescent.minimise(
      model, terms[point], from: accepted.coefficients, after: terms[point],
      tolerance: Self.innerTolerance(accepted.violation))
    guard let coefficients = bounded(optimum, from: accepted.coefficients) else { return nil }
    let decrease = model.decrease(
      from: accepted.coefficients, gradient: accepted.gradient, to: coefficients, terms[point])
    return (coefficients, decrease)
  }

  /// The way from some coefficients to others, as far as the quadratic model may be trusted; nil when it leads nowhere.
  private func bounded(_ coefficients: [Double], from start: [Double]) -> [Double]? {
    guard coefficients.allSatisfy(\.isFinite) else { return nil }
    let longest = coefficients.indices.reduce(0) {
      max($0, (coefficients[$1] - start[$1]).magnitude * magnitudes[$1])
    }
    guard longest > Self.longestStep else { return coefficients }
    return QuadraticModel.mean(start, coefficients, share: Self.longestStep / longest)
  }

  static func innerTolerance(_ violation: Double) -> Double {
    max(innerShare * innerShare * violation, leastInnerTolerance)
  }

  // MARK: Between nodes

  /// Predicts the points between nodes that have been evaluated, from the quadratic models of both their neighbours.
  ///
  /// - Parameter nodes: ascending; the first and last point are among them.
  mutating func fill(between nodes: [Int], _ parallel: Parallel) {
    let intervals = Array(zip(nodes, nodes.dropFirst()))
    let predictions = parallel.map(intervals) { [self] interval in filled(interval) }
    for (interval, coefficients) in zip(intervals, predictions) {
      for (point, predicted) in zip(interval.0 + 1..<interval.1, coefficients) {
        // No solution may be worse than that of the neighbour.
        let near = point - interval.0 < interval.1 - point ? interval.0 : interval.1
        guard let known = states[near].accepted else { continue }
        let reached = bounded(predicted, from: known.coefficients)
        states[point] = PathState(
          coefficients: reached ?? known.coefficients,
          accepted: PathState.Evaluation(
            coefficients: known.coefficients, sums: known.sums, weight: weight, penalty: terms[point]))
        if reached == nil { states[point].gram = .double }
      }
    }
  }

  private func filled(_ interval: (Int, Int)) -> [[Double]] {
    let (first, last) = interval
    guard last > first + 1, let start = states[first].accepted, let end = states[last].accepted else {
      return []
    }
    var result: [[Double]] = []
    let length = penalties[first] - penalties[last]
    for point in first + 1..<last {
      let hessian = hessian(point, between: first, last)
      // The mean of the Hessians at both ends of the way: an error of the third order.
      let forward = QuadraticModel(
        hessian: QuadraticModel.mean(self.hessian(first), hessian, share: 0.5), gradient: start.gradient,
        at: start.coefficients)
      let backward = QuadraticModel(
        hessian: QuadraticModel.mean(self.hessian(last), hessian, share: 0.5), gradient: end.gradient,
        at: end.coefficients)
      let share = length > 0 ? (penalties[first] - penalties[point]) / length : 0
      result.append(
        CoordinateDescent.minimise(
          QuadraticModel(forward, backward, share: share), terms[point],
          from: result.last { $0.allSatisfy(\.isFinite) } ?? start.coefficients, after: terms[point - 1],
          tolerance: Self.leastInnerTolerance))
    }
    return result
  }

  private func hessian(_ point: Int) -> [Double] {
    states[point].hessian ?? track?.hessian(penalties[point]) ?? []
  }

  private func hessian(_ point: Int, between first: Int, _ last: Int) -> [Double] {
    guard let track else { return QuadraticModel.mean(hessian(first), hessian(last), share: 0.5) }
    return track.hessian(penalties[point])
  }
}
