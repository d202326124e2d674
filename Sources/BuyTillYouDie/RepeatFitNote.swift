/// A maximum at the border of a family, where it becomes a simpler model.
public enum RepeatFitNote: String, Sendable, Hashable, CaseIterable {
  case sameRate, ratesWide, nobodyLeaves, sameLeaving, leavingWide

  /// In words.
  public var words: String {
    switch self {
    case .sameRate:
      "r and alpha run to infinity together: everybody seems to come at the same rate; only their ratio is estimated"
    case .ratesWide:
      "r runs to 0: nearly all come never and a few very often; the model does not fit such data well"
    case .nobodyLeaves:
      "the chance to leave runs to 0: nothing in these data says that anybody left, and everybody counts as alive"
    case .sameLeaving:
      "the two parameters of leaving run to infinity together: everybody seems to leave with the same chance; only their "
        + "ratio is estimated"
    case .leavingWide:
      "the parameters of leaving run to 0: some leave at once and the others never; P(alive) is near 0 or 1"
    }
  }

  /// Shapes beyond these can hardly be told from the border.
  private static let large = 1e4
  private static let small = 1e-4

  static func all(_ model: RepeatModel) -> [RepeatFitNote] {
    let parameters = model.parameters
    let (r, third, fourth) = (parameters[0], parameters[2], parameters[3])
    var notes: [RepeatFitNote] = []
    if r > large { notes.append(.sameRate) }
    if r < small { notes.append(.ratesWide) }
    switch model {
    case .betaGeometric:
      if third / (third + fourth) < small {
        notes.append(.nobodyLeaves)
      } else if third > large || fourth > large {
        notes.append(.sameLeaving)
      } else if third + fourth < small {
        notes.append(.leavingWide)
      }
    case .pareto:
      if third < small {
        notes.append(.nobodyLeaves)
      } else if third > large {
        notes.append(.sameLeaving)
      }
    }
    return notes
  }
}
