public import BuyTillYouDie
public import CustomerValue
public import LinearAlgebra

/// The models of visits that were tried on customers' histories, and the one that was chosen.
public struct VisitModels: Sendable {
  /// One family and what came of it.
  public struct Candidate: Sendable {
    public let kind: RepeatModelKind
    /// The fit to all customers, or why there is none.
    public let fit: Result<RepeatModelFit, RepeatModelError>
  }

  /// Which family is fitted.
  public enum Choice: Sendable, Equatable {
    case kind(RepeatModelKind)
    /// The family with the least AIC of those whose likelihoods can be compared.
    case automatic
  }

  /// A part of the customers with a fit of its own.
  public struct GroupFit: Sendable {
    public let name: String
    /// Their rows.
    public let customers: [Int32]
    public let fit: RepeatModelFit
  }

  public let candidates: [Candidate]
  /// The fit to all customers of the family that was chosen.
  public let main: RepeatModelFit
  /// The parts that have fits of their own; all others are judged by `main`.
  public let parts: [GroupFit]
  /// Who is judged by which model.
  public let groups: [LifetimeValuation.Group]
  /// How many customers each group has.
  public let groupSizes: [Int]
  /// The chosen family with covariates, by which all are judged then; `nil` without.
  public let covariates: CovariateEffects?

  /// Fits the family that is asked for, or all and takes the best.
  ///
  /// - Parameter covariates: of these customers, in their order; the family is chosen without them.
  /// - Throws: `RepeatModelError` when the family asked for, or all of them, cannot be fitted.
  /// - Complexity: that of the fits.
  public init(
    _ histories: PurchaseHistories, choice: Choice, options: RepeatFitOptions,
    covariates: CustomerCovariates? = nil, parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    let counted = try RepeatGroups(histories.fittedVisits(), logIntervals: histories.logIntervals)
    switch choice {
    case .kind(let kind):
      main = try RepeatModelFit(counted, kind: kind, options: options, parallel: parallel)
      candidates = [Candidate(kind: kind, fit: .success(main))]
    case .automatic:
      let found = try RepeatModelChoice(counted, options: options, parallel: parallel)
      main = found.best
      candidates = RepeatModelKind.allCases.compactMap { kind in
        if let fit = found.fits.first(where: { $0.kind == kind }) {
          return Candidate(kind: kind, fit: .success(fit))
        }
        return found.refusals[kind].map { Candidate(kind: kind, fit: .failure($0)) }
      }
    }
    parts = []
    let main = main
    self.covariates = try covariates.map { covariates throws(RepeatModelError) in
      try CovariateEffects(histories, covariates, base: main, options: options, parallel: parallel)
    }
    groups = [
      self.covariates.map { LifetimeValuation.Group(fit: $0.fit) } ?? LifetimeValuation.Group(fit: main)
    ]
    groupSizes = [histories.count]
  }

  /// The same with parts of their own; `others` are the rows of no part.
  init(_ whole: VisitModels, parts: [GroupFit], others: [Int32]) {
    candidates = whole.candidates
    main = whole.main
    covariates = nil
    self.parts = parts
    groups =
      parts.map { LifetimeValuation.Group(customers: $0.customers, fit: $0.fit) }
      + (others.isEmpty ? [] : [LifetimeValuation.Group(customers: others, fit: whole.main)])
    groupSizes = parts.map(\.customers.count) + (others.isEmpty ? [] : [others.count])
  }

  /// Repeats to expect of an average customer within a time after the origin, the groups weighted by their customers.
  func expectedRepeats(ofNewWithin time: Double) throws(RepeatModelError) -> Double {
    let horizon = try RepeatHorizon(time: time)
    let total = Double(groupSizes.reduce(0, +))
    return zip(groups, groupSizes).reduce(0) {
      $0 + Double($1.1) / total * $1.0.models.base.expectedRepeats(within: horizon)
    }
  }
}
