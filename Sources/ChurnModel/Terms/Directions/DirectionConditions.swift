/// The conditions of Karush, Kuhn and Tucker for the optimum of a sum of terms that are held to directions, at the
/// returned coefficients.
///
/// With the objective f (mean log loss plus penalty), steps θ of the held terms from node to node, and multipliers κ ≥ 0,
/// the point is the minimum of a convex f among all that keep their directions if and only if ∇f vanishes but for κ on the
/// side of the bound, θ lies within its bounds, and κ is 0 where θ is not 0. The figures are in units of the objective per
/// log-odds.
public struct DirectionConditions: Codable, Sendable, Equatable {
  /// The terms that are held, by the order of the features.
  public let terms: [Term]
  /// Greatest element of ∇f less the multipliers, over all coefficients and steps.
  public let stationarity: Double
  /// By how much a step goes against its direction at most: 0, for directions are kept exactly.
  public let maximumViolation: Double
  /// Greatest product of a multiplier and its step.
  public let complementarity: Double

  /// Terms that are held back somewhere.
  public var binding: Int { terms.count { $0.heldSteps > 0 } }

  /// One term with a direction.
  public struct Term: Codable, Sendable, Equatable {
    /// The feature's name.
    public let name: String
    /// `rising`, `falling`, `peak`, `valley`, or `constant`.
    public let direction: String
    /// Steps from node to node.
    public let steps: Int
    /// How many of them a bound holds at 0.
    public let heldSteps: Int
    /// κ: by how much the objective would fall per log-odds by which the step might go the other way; one a step, or one
    /// in all for a straight line, whose slope is held.
    public let multipliers: [Double]
  }
}

extension DirectionConditions {
  /// - Parameters:
  ///   - gradient: of the sum over rows at the returned coefficients, by the coordinates.
  init(_ layout: TermLayout, _ directed: DirectedOptimum, name: (Int) -> String, totalWeight: Double) {
    let coordinates = directed.coordinates
    var (stationarity, violation, complementarity) = (0.0, 0.0, 0.0)
    let multipliers = directed.point.indices.map { index -> Double in
      let (value, slope) = (directed.point[index], directed.gradient[index] / totalWeight)
      let (lower, upper) = (coordinates.lower[index], coordinates.upper[index])
      violation = max(violation, lower - value, value - upper)
      let isHeld = (value <= lower && slope > 0) || (value >= upper && slope < 0)
      guard isHeld else {
        stationarity = max(stationarity, slope.magnitude)
        return 0
      }
      complementarity = max(complementarity, slope.magnitude * value.magnitude)
      return slope.magnitude
    }
    terms = coordinates.blocks.map { block in
      let shape = layout.shapes[block.term]
      let own = Array(multipliers[block.places])
      let steps = shape.steps?.lower.count ?? 0
      let held = own.count { $0 > 0 }
      return Term(
        name: name(shape.axes[0].feature), direction: shape.steps?.name ?? "", steps: steps,
        heldSteps: block.isSlope ? held * steps : held, multipliers: own)
    }
    self.stationarity = stationarity
    maximumViolation = violation
    self.complementarity = complementarity
  }

  /// The conditions of an optimum without bounds that keeps all directions by itself.
  ///
  /// - Parameter gradient: of the mean over rows, at the returned coefficients.
  init(kept layout: TermLayout, gradient: [Double], name: (Int) -> String) {
    terms = layout.shapes.compactMap { shape in
      shape.steps.map { steps in
        Term(
          name: name(shape.axes[0].feature), direction: steps.name, steps: steps.lower.count, heldSteps: 0,
          multipliers: Array(repeating: 0, count: shape.valueColumns))
      }
    }
    stationarity = gradient.reduce(0) { max($0, $1.magnitude) }
    (maximumViolation, complementarity) = (0, 0)
  }
}

extension StepBounds {
  /// What the steps do where they may.
  var name: String {
    let mayRise = upper.map { $0 > 0 }
    let mayFall = lower.map { $0 < 0 }
    switch (mayRise.contains(true), mayFall.contains(true)) {
    case (false, false): return "constant"
    case (true, false): return MonotoneDirection.rising.rawValue
    case (false, true): return MonotoneDirection.falling.rawValue
    case (true, true): return mayRise[0] ? "peak" : "valley"
    }
  }
}
