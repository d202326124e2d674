internal import Foundation
internal import Statistics

extension RepeatModel {
  /// P(X = n), n = 0 … `most`, for the repeats X within some time after T of somebody with this history, who may have left.
  ///
  /// - Parameter time: in the unit of the data, at least 0.
  /// - Complexity: O(most · k²), with Pareto/NBD O(most · nodes of an integral)
  public func probabilities(upTo most: Int, of history: RepeatHistory, within time: Double) -> [Double] {
    precondition(most >= 0 && time >= 0, "numbers of repeats and times are not negative")
    let alive = probabilityAlive(history)
    guard time > 0 else { return [1] + [Double](repeating: 0, count: most) }
    var ifAlive: [Double]
    switch self {
    case .betaGeometric(let model): ifAlive = model.probabilitiesIfAlive(upTo: most, history, within: time)
    case .pareto(let model): ifAlive = model.probabilitiesIfAlive(upTo: most, history, within: time)
    }
    for index in ifAlive.indices { ifAlive[index] *= alive }
    ifAlive[0] += 1 - alive
    return ifAlive
  }

  /// P(X = n), n = 0 … `most`, for the repeats X within some time after the origin of somebody of whom nothing is known.
  public func probabilities(upTo most: Int, within time: Double) -> [Double] {
    probabilities(upTo: most, of: RepeatHistory(repeats: 0, last: 0, age: 0), within: time)
  }
}

extension RepeatModel {
  /// The means of the repeats within some time and of their square, of somebody with this history who is alive.
  func momentsIfAlive(_ history: RepeatHistory, within time: Double) -> (mean: Double, square: Double) {
    switch self {
    case .betaGeometric(let model): model.momentsIfAlive(history, within: time)
    case .pareto(let model): model.momentsIfAlive(history, within: time)
    }
  }
}

extension BetaGeometric {
  func momentsIfAlive(_ history: RepeatHistory, within time: Double) -> (mean: Double, square: Double) {
    var sums = (mean: 0.0, square: 0.0)
    for (phase, share) in phaseShares(history).enumerated() where share > 0 {
      let own = PhaseRepeats(self, repeats: history.repeats, phases: phase).moments(
        time / (alpha + history.age))
      sums = (sums.mean + share * own.mean, sums.square + share * own.square)
    }
    return sums
  }

  func probabilitiesIfAlive(upTo most: Int, _ history: RepeatHistory, within time: Double) -> [Double] {
    var sums = [Double](repeating: 0, count: most + 1)
    for (phase, share) in phaseShares(history).enumerated() where share > 0 {
      let repeats = PhaseRepeats(self, repeats: history.repeats, phases: phase)
      let own = repeats.probabilities(upTo: most, time / (alpha + history.age))
      for index in own.indices { sums[index] += share * own[index] }
    }
    return sums
  }
}

extension ParetoNBD {
  /// E[λ]·E[L] and E[λ]·E[L] + E[λ²]·E[L²] with the time L that somebody will be there, at most the time ahead.
  func momentsIfAlive(_ history: RepeatHistory, within time: Double) -> (mean: Double, square: Double) {
    let shape = r + Double(history.repeats)
    let scale = alpha + history.age
    let mean = shape / scale * lifetime(scale: beta + history.age, within: time)
    // E[L²] = 2·∫ τ·(β/(β + τ))ˢ dτ, by u = ln(1 + τ/β).
    let origin = beta + history.age
    let width = log1p(time / origin)
    let panels = max((width / 2).rounded(.up), 1)
    let half = width / (2 * panels)
    var square = 0.0
    for panel in 0..<Int(panels) {
      for (place, weight) in GaussLegendre.nodes {
        let u = half * (Double(2 * panel) + 1 + place)
        square += weight * half * 2 * expm1(u) * exp((1 - s) * u)
      }
    }
    return (mean, mean + shape / scale * (shape + 1) / scale * origin * origin * square)
  }

  /// Who is alive is as somebody new with r + x, α + T, s and β + T. Over the time τ at which they leave,
  /// P(X = n) = (r)ₙ/n!·∫ (τ/(α + τ))ⁿ·(α/(α + τ))ʳ·f(τ) dτ, and for who stays the same at τ = t.
  func probabilitiesIfAlive(upTo most: Int, _ history: RepeatHistory, within time: Double) -> [Double] {
    let shape = r + Double(history.repeats)
    let fresh = ParetoNBD(r: shape, alpha: alpha + history.age, s: s, beta: beta + history.age)
    let leaving = DeathTime(fresh, throughout: time, upTo: most)
    let logRising = (0...most).map { count in
      count == 0 ? 0 : -GammaFunctions.logBeta(shape, Double(count)) - log(Double(count))
    }
    var sums = [Double](repeating: 0, count: most + 1)
    func add(_ logWeight: Double, at time: Double) {
      let logShare = -log1p(fresh.alpha / time)
      for count in 0...most { sums[count] += exp(logWeight + logRising[count] + Double(count) * logShare) }
    }
    leaving.forEachNode { node in
      if node.weight > 0 { add(log(node.weight), at: node.time) }
    }
    add(
      -shape * log1p(time / fresh.alpha) - s * log1p(time / fresh.beta), at: time)
    return sums
  }
}
