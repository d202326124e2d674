/// The families of buy-till-you-die models, named as in their papers.
public enum RepeatModelKind: String, CaseIterable, Sendable, Codable {
  /// Fader, Hardie and Lee (2005): visits at random, leaving after a repeat.
  case bgNBD = "bg-nbd"
  /// Batislam, Denizel and Filiztekin (2007); Hoppe and Wagner (2007): leaving at the origin, too.
  case mbgNBD = "mbg-nbd"
  /// Platzer and Reutterer (2016): regular visits, leaving after a repeat.
  case bgCNBDk = "bg-cnbd-k"
  /// Platzer and Reutterer (2016): regular visits, leaving at the origin, too.
  case mbgCNBDk = "mbg-cnbd-k"
  /// Schmittlein, Morrison and Colombo (1987): visits at random, leaving at any moment.
  case paretoNBD = "pareto-nbd"

  /// As papers print it.
  public var paperName: String {
    switch self {
    case .bgNBD: "BG/NBD"
    case .mbgNBD: "MBG/NBD"
    case .bgCNBDk: "BG/CNBD-k"
    case .mbgCNBDk: "MBG/CNBD-k"
    case .paretoNBD: "Pareto/NBD"
    }
  }

  /// Whether the regularity k of visits is a parameter.
  public var isRegular: Bool { self == .bgCNBDk || self == .mbgCNBDk }

  /// Whether somebody may leave before the first repeat.
  public var leavesAtOrigin: Bool { self == .mbgNBD || self == .mbgCNBDk || self == .paretoNBD }

  /// Names of the parameters that are estimated, in the order of every array about them.
  public var parameterNames: [String] {
    self == .paretoNBD ? ["r", "alpha", "s", "beta"] : ["r", "alpha", "a", "b"]
  }
}
