public import LinearAlgebra

/// The conditions of Karush, Kuhn and Tucker for a minimum within bounds, at the returned coefficients.
///
/// With the objective f, standardised coefficients β, and multipliers κ ≥ 0 of the bounds, the point is the minimum of a
/// convex f if and only if ∇f = κ_lower − κ_upper, lower ≤ β ≤ upper, and κ is 0 where β lies off its bound. All figures
/// are in standardised units: objective (mean log loss plus penalty) per log-odds per standard deviation.
public struct KKTConditions: Codable, Sendable, Equatable {
  /// The coefficients that have bounds, in the order of the model's columns.
  public let constraints: [Constraint]
  /// Greatest element of ∇f − (κ_lower − κ_upper) over all coefficients.
  public let stationarity: Double
  /// By how much a coefficient lies outside of its bounds at most: 0, for bounds are met exactly.
  public let maximumViolation: Double
  /// Greatest product of a multiplier and the distance of its coefficient from the bound.
  public let complementarity: Double

  /// How many bounds hold a coefficient.
  public var binding: Int { constraints.filter { $0.binding != nil }.count }

  /// One coefficient with bounds.
  public struct Constraint: Codable, Sendable, Equatable {
    /// Name of the design column.
    public let name: String
    /// In log-odds per unit of the unstandardised column.
    public let bounds: CoefficientBounds
    /// Likewise.
    public let estimate: Double
    /// The bound that holds the coefficient; nil for none.
    public let binding: BoundedNewton.Side?
    /// κ of that bound: by how much the objective would fall per standardised unit of its loosening; 0 for none.
    public let multiplier: Double
  }
}

extension KKTConditions {
  /// - Parameters:
  ///   - coefficients: standardised, intercept first, as are the others.
  ///   - gradient: of the objective at the coefficients.
  init(
    design: Design, bounds: StandardisedBounds, coefficients: [Double], gradient: [Double]
  ) {
    var (stationarity, violation, complementarity) = (0.0, 0.0, 0.0)
    var constraints: [Constraint] = []
    for index in coefficients.indices {
      let (value, slope) = (coefficients[index], gradient[index])
      let isLow = value <= bounds.lower[index] && slope > 0
      let isHigh = value >= bounds.upper[index] && slope < 0
      let multiplier = isLow || isHigh ? slope.magnitude : 0
      stationarity = max(stationarity, isLow || isHigh ? 0 : slope.magnitude)
      violation = max(violation, bounds.lower[index] - value, value - bounds.upper[index])
      // A multiplier off its bound counts as the rest of the gradient, so that this is about rounding only.
      let slack = isLow ? value - bounds.lower[index] : bounds.upper[index] - value
      complementarity = max(complementarity, multiplier > 0 ? multiplier * slack.magnitude : 0)
      guard index > 0, bounds.columns.contains(index - 1) else { continue }
      let column = design.columns[index - 1]
      let scaled = { (bound: Double) in bound.isFinite ? bound / column.scale : nil }
      constraints.append(
        Constraint(
          name: column.name,
          bounds: CoefficientBounds(lower: scaled(bounds.lower[index]), upper: scaled(bounds.upper[index])),
          estimate: value / column.scale, binding: isLow ? .lower : isHigh ? .upper : nil,
          multiplier: multiplier))
    }
    self.constraints = constraints
    self.stationarity = stationarity
    maximumViolation = violation
    self.complementarity = complementarity
  }
}
