internal import Statistics

/// The discounted time within a horizon that somebody who is alive will be there, by a Pareto/NBD and age.
struct LifetimeByAge: Sendable {
  private let model: ParetoNBD
  private let horizon: RepeatHorizon
  /// By (β + T)/β.
  private let table: ChebyshevTable?

  /// A table costs as much as a few hundred relations.
  private static let worthwhile = 300

  init(_ histories: [RepeatHistory], _ model: ParetoNBD, _ horizon: RepeatHorizon) {
    self.model = model
    self.horizon = horizon
    guard histories.count >= Self.worthwhile, horizon.times.count > 1 else {
      table = nil
      return
    }
    var (least, greatest) = (Double.infinity, 0.0)
    for history in histories { (least, greatest) = (min(least, history.age), max(greatest, history.age)) }
    table = ChebyshevTable(1 + least / model.beta...1 + greatest / model.beta) { scale in
      model.lifetime(age: (scale - 1) * model.beta, within: horizon)
    }
  }

  func callAsFunction(_ age: Double) -> Double {
    table?(1 + age / model.beta) ?? model.lifetime(age: age, within: horizon)
  }
}
