internal import Statistics

/// The discounted time within a horizon that somebody who is alive will be there, by a Pareto/NBD and β + T.
struct LifetimeByAge: Sendable {
  private let model: ParetoNBD
  private let horizon: RepeatHorizon
  /// By (β + T)/β.
  private let table: ChebyshevTable?

  /// A table costs as much as a few hundred relations.
  private static let worthwhile = 300

  /// - Parameter models: of these histories; s is the same for all.
  init(_ histories: [RepeatHistory], _ models: RepeatModels, _ horizon: RepeatHorizon) {
    guard case .pareto(let model) = models.base else {
      preconditionFailure("lifetimes are of a Pareto/NBD")
    }
    self.model = model
    self.horizon = horizon
    guard histories.count >= Self.worthwhile, horizon.times.count > 1 else {
      table = nil
      return
    }
    var (least, greatest) = (Double.infinity, 0.0)
    for (index, history) in histories.enumerated() {
      let scale = models[index].parameters[3] + history.age
      (least, greatest) = (min(least, scale), max(greatest, scale))
    }
    table = ChebyshevTable(least / model.beta...greatest / model.beta) { scale in
      model.lifetime(scale: scale * model.beta, within: horizon)
    }
  }

  /// - Parameter scale: β + T, with the customer's own β.
  func callAsFunction(_ scale: Double) -> Double {
    table?(scale / model.beta) ?? model.lifetime(scale: scale, within: horizon)
  }
}
