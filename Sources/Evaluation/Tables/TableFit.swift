public import ChurnModel

/// What is learned from a table.
public enum TableLearner: Sendable {
  /// A curve for every column and maps for the pairs that need one: the default, with nothing to tune.
  case terms(TermOptions)
  /// A coefficient for every column; the ridge penalty is chosen by cross-validation inside the rows of the fit, or is the
  /// one in the options. Columns may be held to a direction; the penalty is chosen without regard to it.
  case coefficients(
    LogisticOptions, choosesPenalty: Bool, directions: [String: MonotoneDirection] = [:])
  /// A coefficient for every column by Firth's penalised likelihood, which has no penalty to choose and takes no offsets.
  case firth(LogisticOptions)
  /// A coefficient for the columns that an elastic net chooses; its penalty is chosen inside the rows of the fit, too.
  case elasticNet(ElasticNetChoice, LogisticOptions)
}

/// What was learned from a table.
public enum TableFit: Sendable {
  case terms(TermFit)
  case coefficients(LogisticFit)

  public var model: AnyModel {
    switch self {
    case .terms(let fit): .terms(fit.model)
    case .coefficients(let fit): .coefficients(fit.model)
    }
  }

  /// How the model's margins become probabilities.
  var link: ProbabilityLink {
    get { model.link }
    set {
      switch self {
      case .terms(var fit):
        fit.model.link = newValue
        self = .terms(fit)
      case .coefficients(var fit):
        fit.model.link = newValue
        self = .coefficients(fit)
      }
    }
  }

  /// What intervals are made of; nil for terms unless the training kept it.
  public var covariance: MarginCovariance? {
    switch self {
    case .terms(let fit): MarginCovariance(fit)
    case .coefficients(let fit): MarginCovariance(fit)
    }
  }

  /// Drops what only held-out rows and intervals need.
  mutating func dropSolution() {
    guard case .terms(var fit) = self else { return }
    fit.dropSolution()
    self = .terms(fit)
  }

  public var certificate: Certificate {
    switch self {
    case .terms(let fit): fit.certificate
    case .coefficients(let fit): fit.certificate
    }
  }

  /// How many parameters the penalties leave.
  public var effectiveParameters: Double {
    switch self {
    case .terms(let fit): fit.effectiveParameters
    case .coefficients(let fit): fit.effectiveParameters
    }
  }

  /// The penalty λ, where every column has a coefficient.
  public var penalty: Double? {
    if case .coefficients(let fit) = self { fit.model.penalty } else { nil }
  }

  /// Names of the pairs that have a term; none where every column has a coefficient.
  public var pairs: [String] {
    if case .terms(let fit) = self { fit.pairs.map(\.name) } else { [] }
  }
}
