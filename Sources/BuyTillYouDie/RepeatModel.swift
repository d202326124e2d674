/// A model of repeat events with its parameters: one door to all families.
public enum RepeatModel: Sendable, Hashable {
  case betaGeometric(BetaGeometric)
  case pareto(ParetoNBD)

  /// - Parameters:
  ///   - parameters: positive, in the order of `kind.parameterNames`.
  ///   - k: regularity of visits; 1 for families without one.
  public init(_ kind: RepeatModelKind, parameters: [Double], k: Int = 1) {
    precondition(parameters.count == kind.parameterNames.count, "a model needs all of its parameters")
    let (first, second, third, fourth) = (parameters[0], parameters[1], parameters[2], parameters[3])
    self =
      kind == .paretoNBD
      ? .pareto(ParetoNBD(r: first, alpha: second, s: third, beta: fourth))
      : .betaGeometric(
        BetaGeometric(
          r: first, alpha: second, a: third, b: fourth, k: k, leavesAtOrigin: kind.leavesAtOrigin))
  }

  /// Which family it is; of the regular ones, also with k = 1.
  public var kind: RepeatModelKind {
    switch self {
    case .betaGeometric(let model): model.kind
    case .pareto: .paretoNBD
    }
  }

  /// The estimated parameters, in the order of `kind.parameterNames`: r, α, a, b or r, α, s, β.
  public var parameters: [Double] {
    switch self {
    case .betaGeometric(let model): [model.r, model.alpha, model.a, model.b]
    case .pareto(let model): [model.r, model.alpha, model.s, model.beta]
    }
  }

  /// The regularity of visits, 1 for visits at random.
  public var k: Int {
    switch self {
    case .betaGeometric(let model): model.k
    case .pareto: 1
    }
  }

  /// The probability that somebody with this history has not left.
  public func probabilityAlive(_ history: RepeatHistory) -> Double {
    switch self {
    case .betaGeometric(let model): model.probabilityAlive(history)
    case .pareto(let model): model.probabilityAlive(history)
    }
  }

  /// The repeats to expect within a horizon after T, of somebody with this history who may have left.
  ///
  /// For many histories `RepeatForecast` is faster.
  public func expectedRepeats(of history: RepeatHistory, within horizon: RepeatHorizon) -> Double {
    switch self {
    case .betaGeometric(let model): model.expectedRepeats(of: history, within: horizon)
    case .pareto(let model): model.expectedRepeats(of: history, within: horizon)
    }
  }

  /// The repeats to expect within a horizon after the origin, of somebody of whom nothing is known yet.
  public func expectedRepeats(within horizon: RepeatHorizon) -> Double {
    expectedRepeats(of: RepeatHistory(repeats: 0, last: 0, age: 0), within: horizon)
  }
}
