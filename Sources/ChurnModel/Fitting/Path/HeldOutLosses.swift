/// Judges the fits of folds by the rows that they have not seen.
///
/// The solution of a fold lies near that of all rows, where loss, gradient and Hessian of the held-out rows are known: they
/// are sums by group. Up to the third power of the way between the two, the loss at a fold's solution follows from them
/// without another pass. That is measured at a few nodes; where it is not good enough, as with few rows, all nodes are.
struct HeldOutLosses: Sendable {
  let pass: PathPass
  let solved: PathSolver.Solved
  let folds: [CrossValidationFolds.Fold]
  /// One a fold.
  let fits: [PathProblem]

  /// Nodes at which the expansion is measured, the last among them.
  private static let probes = 4
  /// Error of a mean log loss that is far below its standard error with any number of rows, and below what the fits of
  /// folds are exact to.
  private static let tolerance = 1e-7

  /// Mean log losses of each fold at every λ; between nodes they are interpolated as the solutions are.
  func judge() -> [CrossValidatedPath.Fold] {
    let nodes = solved.nodes.positions
    var losses = pass.parallel.map(Array(folds.indices)) { expanded($0, nodes) }
    let places = (1...Self.probes).map { $0 * nodes.count / Self.probes - 1 }.filter { $0 >= 0 }
    let measured = measured(places.map { nodes[$0] })
    let isExact = zip(losses, measured).allSatisfy { expanded, measured in
      zip(places, measured).allSatisfy { (expanded[$0] - $1).magnitude <= Self.tolerance }
    }
    if !isExact { losses = self.measured(nodes) }
    return zip(folds, losses).map { fold, losses in
      CrossValidatedPath.Fold(
        name: fold.name, weight: pass.rows.weights[fold.heldOut],
        logLoss: solved.nodes.interpolate(losses.map { [$0] }).map { $0[0] })
    }
  }

  /// By one pass over the rows, for all folds: fold, point.
  private func measured(_ points: [Int]) -> [[Double]] {
    let found = pass.evaluate(
      zip(fits, folds).flatMap { fit, fold in
        points.map { PathRequest(coefficients: fit.states[$0].coefficients, groups: [fold.heldOut]) }
      }, gradients: false)
    return folds.enumerated().map { index, fold in
      found[index * points.count..<(index + 1) * points.count].map {
        $0.losses[0] / pass.rows.weights[fold.heldOut]
      }
    }
  }

  /// By the expansion around the solutions of all rows.
  private func expanded(_ fold: Int, _ points: [Int]) -> [Double] {
    let group = folds[fold].heldOut
    let weight = pass.rows.weights[group]
    let track = solved.problem.track.map { track in
      GramTrack(places: track.places, hessians: solved.grams.map { $0[group] })
    }
    return points.map { point in
      guard let around = solved.problem.states[point].accepted,
        let hessian = track?.hessian(solved.problem.penalties[point])
      else { return .nan }
      let step = zip(fits[fold].states[point].coefficients, around.coefficients).map { $0 - $1 }
      let curved = QuadraticModel.product(hessian, step)
      let change = step.indices.reduce(0) {
        $0 + step[$1] * (around.sums.gradients[group][$1] + curved[$1] / 2)
      }
      return (around.sums.losses[group] + change) / weight
    }
  }
}
