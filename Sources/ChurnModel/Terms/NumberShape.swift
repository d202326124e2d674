/// What functions of a number a term may be.
public enum NumberShape: Sendable, Equatable {
  /// A straight line, kept at its ends beyond the outermost thousandths of the training rows.
  case line
  /// A straight line in sign(x)·log(1 + |x|), likewise.
  case logarithm
  /// Straight from knot to knot, as smooth as the data want it.
  case curve
  /// Steps at the borders of optimal bins (`OptimalBinning`). A trend that is named (all but `auto` and `free`) is held
  /// by the steps of the term, too, whatever the other terms tell.
  case bins(OptimalBinOptions.Trend)
}

extension NumberShape: CustomStringConvertible {
  private static let trends: [(name: String, trend: OptimalBinOptions.Trend)] = [
    ("rising", .increasing), ("falling", .decreasing), ("peak", .peak), ("valley", .valley), ("free", .free),
  ]

  /// The texts that stand for the shapes.
  public static let names =
    ["linear", "log", "curve", "bins"] + trends.map { "bins:\($0.name)" }

  /// The shape that one of `names` stands for.
  public init?(_ name: String) {
    switch name {
    case "linear": self = .line
    case "log": self = .logarithm
    case "curve": self = .curve
    case "bins": self = .bins(.auto)
    default:
      guard let found = Self.trends.first(where: { name == "bins:\($0.name)" }) else { return nil }
      self = .bins(found.trend)
    }
  }

  public var description: String {
    switch self {
    case .line: "linear"
    case .logarithm: "log"
    case .curve: "curve"
    case .bins(let trend): Self.trends.first { $0.trend == trend }.map { "bins:\($0.name)" } ?? "bins"
    }
  }
}

/// A direction that a function of a number is held to.
public enum MonotoneDirection: String, Codable, Sendable, CaseIterable {
  /// It does not fall anywhere.
  case rising
  /// It does not rise anywhere.
  case falling
}
