/// A model of repeat events with its parameters: one door to all families.
public enum RepeatModel: Sendable, Hashable {
  case betaGeometric(BetaGeometric)

  /// Which family it is; of the regular ones, also with k = 1.
  public var kind: RepeatModelKind {
    switch self {
    case .betaGeometric(let model): model.kind
    }
  }

  /// The estimated parameters, in the order of `kind.parameterNames`: r, α, a, b or r, α, s, β.
  public var parameters: [Double] {
    switch self {
    case .betaGeometric(let model): [model.r, model.alpha, model.a, model.b]
    }
  }

  /// The regularity of visits, 1 for visits at random.
  public var k: Int {
    switch self {
    case .betaGeometric(let model): model.k
    }
  }

  /// The probability that somebody with this history has not left.
  public func probabilityAlive(_ history: RepeatHistory) -> Double {
    switch self {
    case .betaGeometric(let model): model.probabilityAlive(history)
    }
  }

  /// The repeats to expect within a horizon after T, of somebody with this history who may have left.
  ///
  /// For many histories `RepeatForecast` is faster.
  public func expectedRepeats(of history: RepeatHistory, within horizon: RepeatHorizon) -> Double {
    switch self {
    case .betaGeometric(let model): model.expectedRepeats(of: history, within: horizon)
    }
  }

  /// The repeats to expect within a horizon after the origin, of somebody of whom nothing is known yet.
  public func expectedRepeats(within horizon: RepeatHorizon) -> Double {
    expectedRepeats(of: RepeatHistory(repeats: 0, last: 0, age: 0), within: horizon)
  }
}
