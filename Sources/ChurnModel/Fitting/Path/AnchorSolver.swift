import LinearAlgebra

/// Solves a path at its anchors, λ a fixed distance apart, and finds the Gram matrices of the whole path there.
///
/// 1. The anchors are solved roughly, from the greatest λ downwards; with many rows on a sample, and then moved by a
///    gradient-only pass over all rows.
/// 2. Every third anchor is a landmark: it is evaluated in double precision with a Gram matrix. From there the other anchors
///    are evaluated. Without a sample all anchors are landmarks.
/// 3. Hessians elsewhere are those of the sample, and what it lacks. The latter is known at the null model and at the
///    landmarks and interpolated between them: it is small, and follows λ smoothly, nearly.
struct AnchorSolver {
  let solver: PathSolver
  /// Positions among the λ.
  let anchors: [Int]
  let rounds: PathRounds

  private static let sampleStep = 16
  /// Share of the gradient at λ_max that rough solutions may keep.
  private static let roughShare = 0.01
  /// Length of coefficients up to which a model is hardly another one than the null model.
  private static let nearNull = 0.05
  /// Greatest distance between landmarks, in anchors.
  private static let landmarkDistance = 3

  /// - Parameter start: the null model.
  /// - Returns: anchor, group: XᵀWX.
  func solve(
    _ problems: inout [PathProblem], from start: PathState.Evaluation
  ) throws(ChurnModelError) -> [[[Double]]] {
    guard solver.isSampled else {
      let rough = try roughly(problems[0], from: start, on: solver.pass)
      take(rough, into: &problems[0])
      let sums = evaluateLandmarks(&problems[0], anchors)
      problems[0].track = track(problems[0], sums.map { whole($0.grams) })
      problems[0].absorb(anchors, sums[...], rounds.goal, solver.options.parallel)
      return sums.map(\.grams)
    }
    let sample = PathPass(
      expansion: solver.expansion,
      rows: GroupedRows(data: TrainingData(solver.rows.data, every: Self.sampleStep)),
      parallel: solver.options.parallel)
    let rough = try roughly(problems[0], from: start, on: sample)
    let null = null(problems[0], start, sample)
    take(rough, into: &problems[0])
    let lacking = QuadraticModel.sum(whole(null.grams), null.sampled, times: -1)
    let sampled = rough.states.map { $0.hessian ?? null.sampled }
    problems[0].track = track(problems[0], sampled.map { QuadraticModel.sum($0, lacking, times: 1) })
    rounds.once(&problems, anchors, within: .far)
    return refine(&problems, sampled, null)
  }

  /// The null model, with Gram matrices of each group and the Hessian of a sample.
  private struct Null {
    let coefficients: [Double]
    let grams: [[Double]]
    let sampled: [Double]
  }

  private func null(_ problem: PathProblem, _ start: PathState.Evaluation, _ sample: PathPass) -> Null {
    let coefficients = start.coefficients
    func request(_ groups: [Int]) -> PathRequest {
      PathRequest(coefficients: coefficients, groups: groups, gram: solver.steering)
    }
    let groups = Array(sample.rows.ranges.indices)
    let sampled = sample.evaluate([request(groups)], gradients: false)[0]
    let grams =
      start.sums.grams.isEmpty ? solver.pass.landmarks([request(problem.groups)])[0].grams : start.sums.grams
    let weight = sample.rows.weight(groups)
    return Null(
      coefficients: coefficients, grams: grams,
      sampled: QuadraticModel.sum(sampled.grams).map { $0 / weight })
  }

  // MARK: Roughly

  /// Solves the anchors one after the other.
  private func roughly(
    _ problem: PathProblem, from start: PathState.Evaluation, on pass: PathPass
  ) throws(ChurnModelError) -> PathProblem {
    let scale = start.gradient.reduce(0) { max($0, $1.magnitude) }
    let rough = PathRounds(
      pass: pass, goal: .violation(max(Self.roughShare * scale, solver.path.tolerance)), most: rounds.most)
    let groups = Array(pass.rows.ranges.indices)
    var found = [
      PathProblem(
        groups: groups, weight: pass.rows.weight(groups), penalties: anchors.map { problem.penalties[$0] },
        terms: anchors.map { problem.terms[$0] }, magnitudes: problem.magnitudes,
        states: anchors.map { _ in PathState(coefficients: start.coefficients) })
    ]
    for index in anchors.indices {
      if index > 0 { found[0].follow(index, after: index - 1, solver.options.parallel) }
      found[0].states[index].gram = solver.steering
      try rough.converge(&found, [index])
      found[0].step([index], solver.options.parallel)
    }
    return found[0]
  }

  private func take(_ rough: PathProblem, into problem: inout PathProblem) {
    for (anchor, state) in zip(anchors, rough.states) {
      problem.states[anchor].coefficients = state.coefficients
    }
  }

  // MARK: On all rows

  /// - Parameter sampled: the sample's Hessians, one an anchor.
  private func refine(
    _ problems: inout [PathProblem], _ sampled: [[Double]], _ null: Null
  ) -> [[[Double]]] {
    let penalties = problems[0].penalties
    // The null model stands for the first anchor where that is hardly anything else.
    let first = problems[0].states[anchors[0]].coefficients
    let isNull = QuadraticModel.distance(first, null.coefficients) < Self.nearNull
    let places = Self.landmarks(anchors.count).filter { !isNull || $0 > 0 }
    let landmarks = places.map { anchors[$0] }
    let sums = evaluateLandmarks(&problems[0], landmarks)
    let weights = solver.rows.weights
    let lacking = weights.indices.map { group in
      let known = zip(sums, places).map { (gram: $0.grams[group], sampled: sampled[$1]) }
      let pairs = (isNull ? [(gram: null.grams[group], sampled: null.sampled)] : []) + known
      return GramTrack(
        penalties: ((isNull ? [anchors[0]] : []) + landmarks).map { penalties[$0] },
        hessians: pairs.map { QuadraticModel.sum($0.gram, $0.sampled, times: -weights[group]) })
    }
    let grams = zip(anchors, sampled).map { anchor, own in
      zip(lacking, weights).map { track, weight in
        QuadraticModel.sum(track.hessian(penalties[anchor]), own, times: weight)
      }
    }
    problems[0].track = track(problems[0], grams.map(whole))
    problems[0].absorb(landmarks, sums[...], rounds.goal, solver.options.parallel)
    rounds.once(&problems, anchors.filter { !landmarks.contains($0) })
    return grams
  }

  private func evaluateLandmarks(_ problem: inout PathProblem, _ landmarks: [Int]) -> [PathSums] {
    for landmark in landmarks { problem.states[landmark].gram = solver.steering }
    return solver.pass.landmarks(problem.requests(landmarks))
  }

  /// The Hessian of the mean log loss over all rows.
  private func whole(_ grams: [[Double]]) -> [Double] {
    let weight = solver.rows.weights.reduce(0, +)
    return QuadraticModel.sum(grams).map { $0 / weight }
  }

  /// - Parameter hessians: one an anchor.
  private func track(_ problem: PathProblem, _ hessians: [[Double]]) -> GramTrack {
    GramTrack(penalties: anchors.map { problem.penalties[$0] }, hessians: hessians)
  }

  /// Positions of the landmarks among so many anchors, the first and the last among them.
  private static func landmarks(_ anchors: Int) -> [Int] {
    let steps = (anchors - 1 + landmarkDistance - 1) / landmarkDistance
    return steps == 0 ? [0] : (0...steps).map { $0 * (anchors - 1) / steps }
  }
}

extension PathProblem {
  /// Begins a point where the quadratic model of another, evaluated one has its optimum.
  fileprivate mutating func follow(_ point: Int, after other: Int, _ parallel: Parallel) {
    guard let evaluation = states[other].accepted, let hessian = states[other].hessian else { return }
    states[point].accepted = PathState.Evaluation(
      coefficients: evaluation.coefficients, sums: evaluation.sums, weight: weight, penalty: terms[point])
    states[point].hessian = hessian
    step([point], parallel)
  }
}
