/// Why histories were refused or a model could not be fitted to them.
public struct RepeatModelError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Hashable {
    /// The history at this place, counted from 0, is impossible.
    case history(index: Int, RepeatHistoryFault)
    /// There are more different histories than can be numbered.
    case tooManyDistinct
    /// The sum of the logarithms of the intervals between visits is not a finite number.
    case intervals
    /// Fewer histories than a model has parameters that they could tell apart.
    case tooFew(count: Int)
    /// Nobody came again.
    case noRepeats
    /// Without the intervals between visits their regularity k cannot be chosen.
    case regularityUnknown(RepeatModelKind)
    /// k is not between 1 and the greatest that is computed.
    case regularity(Int)
    /// The steps to the maximum did not come to rest.
    case notAtRest(RepeatModelKind)
    /// A horizon that is negative, not finite, or endless without a discount.
    case horizon
    /// A covariate holds a value that is not a finite number, is the same everywhere, or depends on those before it.
    case covariate(name: String, CovariateFault)
    /// Covariates have another number of rows than there are histories.
    case covariateRows(Int, histories: Int)
  }

  /// What is wrong with a covariate.
  public enum CovariateFault: String, Sendable, Hashable {
    case notFinite = "holds a value that is missing or not a finite number"
    case constant = "is the same for everybody, so that it tells nobody apart: leave it out"
    case dependent = "says what other covariates say together: leave one of them out"
  }

  public let code: Code

  public init(_ code: Code) {
    self.code = code
  }

  public var description: String {
    switch code {
    case .history(let index, let fault):
      "history \(index + 1) is impossible: \(fault.words); correct it or leave it out"
    case .tooManyDistinct:
      "there are too many different times and numbers of repeats; count in whole days or weeks"
    case .intervals:
      "the logarithms of the intervals between visits do not add up to a finite number: no interval may be 0"
    case .tooFew(let count):
      "\(count == 1 ? "one customer is" : "\(count) customers are") too few to estimate how customers differ"
    case .noRepeats:
      "nobody came again in the observed time, so nothing tells how often people come or when they leave; observe longer"
    case .regularityUnknown(let kind):
      "the regularity k of \(kind.paperName) can be chosen only from the intervals between visits, which a summary of "
        + "frequency, recency and T does not hold; give the transactions, or give k"
    case .regularity(let k):
      "k = \(k) is no regularity: it must be a whole number from 1 to \(BetaGeometric.greatestRegularity)"
    case .notAtRest(let kind):
      "the likelihood of \(kind.paperName) has no maximum that the steps could reach; try another model"
    case .horizon:
      "a horizon needs a length that is a number of at least 0 and a discount of at least 0; an endless one needs a "
        + "discount of at least \(RepeatHorizon.leastEndlessRate) a month"
    case .covariate(let name, let fault): "covariate '\(name)' \(fault.rawValue)"
    case .covariateRows(let rows, let histories):
      "there are \(rows) rows of covariates for \(histories) customers; every customer needs one row"
    }
  }
}
