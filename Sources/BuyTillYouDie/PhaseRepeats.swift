internal import CVectorLoops
internal import Foundation
internal import Statistics

/// What follows of somebody who is alive and has some phases of the present interval behind.
///
/// Phases pass like the points of a Poisson process with a rate λ ~ Gamma(shape, scale), every k-th is a visit. Within a
/// time t = z·scale the number N of further phases is negative binomial, P(N = n) = (shape)ₙ/n!·yⁿ·(1 − y)^shape with
/// y = z/(1 + z), and ⌊(phases + N)/k⌋ visits would be made by somebody who never leaves. The m-th is made by who has not
/// left after the m − 1 before: with the probability gₘ = Π (b + i)/(a + b + i), i = 0 … m − 2.
struct PhaseRepeats: Sendable {
  /// r + kx + phases.
  let shape: Double
  /// Shapes of the chances to leave, given that it has not been done so far.
  let leaving: Double
  let staying: Double
  let k: Int
  /// Phases of the present interval that lie behind, 0 ..< k.
  let phases: Int

  init(_ model: BetaGeometric, repeats: Int, phases: Int) {
    shape = model.r + Double(model.k * repeats + phases)
    leaving = model.a
    staying = model.staying(repeats)
    k = model.k
    self.phases = phases
  }

  /// The expected visits within z·scale.
  ///
  /// - Complexity: O(shape·z + 40·(1 + z)) for all phases that may pass
  func expected(_ z: Double) -> Double {
    guard z > 0 else { return 0 }
    if BroadPhases.isNeeded(self, z) { return BroadPhases(repeats: self, z: z).moments().mean }
    var loop = loop(z).loop
    return phase_mean(&loop)
  }

  /// The means of the visits within z·scale and of their square.
  func moments(_ z: Double) -> (mean: Double, square: Double) {
    guard z > 0 else { return (0, 0) }
    if BroadPhases.isNeeded(self, z) { return BroadPhases(repeats: self, z: z).moments() }
    var (loop, squares) = loop(z)
    var moments = (mean: 0.0, square: 0.0)
    phase_moments(&loop, squares, &moments.mean, &moments.square)
    return moments
  }

  private func loop(_ z: Double) -> (loop: PhaseLoop, squares: Double) {
    let first = phases + firstPhase(z)
    let made = first / k
    // G(m) = Σ gᵢ, i = 1 … m, for the visits that these phases make, Σ (2i − 1)gᵢ, and gₘ₊₁.
    var (visits, squares, next) = (0.0, 0.0, 1.0)
    for visit in 0..<made {
      visits += next
      squares += Double(2 * visit + 1) * next
      next *= (staying + Double(visit)) / (leaving + staying + Double(visit))
    }
    let loop = PhaseLoop(
      shape: shape, y: z / (1 + z), regularity: k, to_visit: k - first % k, first: Double(first - phases),
      mode: (shape - 1) * z, visits: visits, next: next, made_by_first: Double(made), leaving: leaving,
      staying: staying + Double(made))
    return (loop, squares)
  }

  /// Before this number of phases next to nothing of their distribution lies.
  private func firstPhase(_ z: Double) -> Int {
    // e⁻⁸⁰ is next to nothing, and from e⁻⁵⁰⁰ on terms may start at 0.
    let (farEnough, farthest) = (80.0, 500.0)
    guard shape * log1p(z) > farthest else { return 0 }
    let logY = -log1p(1 / z)
    let logProbability = { (n: Double) in
      GammaFunctions.logGamma(shape + n) - GammaFunctions.logGamma(n + 1) + n * logY
    }
    let mode = max(((shape - 1) * z).rounded(.down), 0)
    let greatest = logProbability(mode)
    guard greatest - logProbability(0) > farEnough else { return 0 }
    var (lower, upper) = (0.0, mode)
    while upper - lower > 1 + mode / 1000 {
      let middle = ((lower + upper) / 2).rounded(.down)
      if greatest - logProbability(middle) > farEnough { lower = middle } else { upper = middle }
    }
    return Int(lower)
  }

  /// P(n visits within z·scale), n = 0 … `most`.
  func probabilities(upTo most: Int, _ z: Double) -> [Double] {
    let (logY, start) = (log(z) - log1p(z), -shape * log1p(z))
    var logTerm = start
    var n = 0
    // The chance that visits are made by so many phases at least, and that n visits are not left out.
    var (reached, stayed, stayedBefore) = (1.0, 1.0, 1.0)
    return (0...most).map { visits in
      var own = 0.0
      while (phases + n) / k == visits {
        own += exp(logTerm)
        logTerm += log((shape + Double(n)) / Double(n + 1)) + logY
        n += 1
      }
      defer {
        reached = max(reached - own, 0)
        stayedBefore = stayed
        stayed *= (staying + Double(visits)) / (leaving + staying + Double(visits))
      }
      return stayed * own + (visits == 0 ? 0 : (stayedBefore - stayed) * reached)
    }
  }
}

extension BetaGeometric {
  /// P(phase j | alive), j < k, of somebody with this history.
  func phaseShares(_ history: RepeatHistory) -> [Double] {
    let shape = r + Double(k * history.repeats)
    let q = (history.age - history.last) / (alpha + history.age)
    var shares = [1.0]
    for phase in 1..<k { shares.append(shares[phase - 1] * (shape + Double(phase - 1)) / Double(phase) * q) }
    let sum = shares.reduce(0, +)
    return shares.map { $0 / sum }
  }

  /// The repeats to expect within a horizon after T, of somebody with this history who may have left.
  ///
  /// - Complexity: O(k · times of the horizon · phases that may pass)
  public func expectedRepeats(of history: RepeatHistory, within horizon: RepeatHorizon) -> Double {
    probabilityAlive(history) * expectedIfAlive(history, within: horizon)
  }

  func expectedIfAlive(_ history: RepeatHistory, within horizon: RepeatHorizon) -> Double {
    var sum = 0.0
    for (phase, share) in phaseShares(history).enumerated() where share > 0 {
      let repeats = PhaseRepeats(self, repeats: history.repeats, phases: phase)
      for (time, weight) in zip(horizon.times, horizon.weights) {
        sum += share * weight * repeats.expected(time / (alpha + history.age))
      }
    }
    return sum
  }
}
