/// The λ that was chosen for a fit, and the path that it was chosen from.
public struct PenaltySelection: Sendable {
  /// By which rule λ is chosen from a cross-validated path.
  public enum Rule: String, Codable, Sendable, CaseIterable {
    /// The lowest mean log loss of held-out rows.
    case minimum
    /// The greatest λ whose mean log loss is within one standard error of the lowest: a sparser, more careful model.
    case oneStandardError = "one-se"

    /// Position of the chosen λ.
    func choice(_ validated: CrossValidatedPath) -> Int {
      switch self {
      case .minimum: validated.best
      case .oneStandardError: validated.oneStandardError
      }
    }
  }

  /// The fits of all rows at every λ.
  public let path: RegularisationPath
  /// How every λ did on held-out rows; nil when λ was given.
  public let validation: CrossValidatedPath?
  /// nil when λ was given.
  public let rule: Rule?
  /// Position of the chosen λ in the path.
  public let chosen: Int

  /// The solution at the chosen λ.
  public var point: RegularisationPath.Point { path.points[chosen] }

  /// Names of the design columns whose coefficient is 0 at the chosen λ: the model does without them.
  public var excluded: [String] {
    zip(path.columns, point.coefficients).filter { $1 == 0 }.map { $0.0 }
  }
}
