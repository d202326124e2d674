/// Bounds of one coefficient, in log-odds per unit of its transformed but unstandardised column.
public struct CoefficientBounds: Codable, Sendable, Equatable {
  /// nil for none.
  public let lower: Double?
  /// nil for none; not below `lower`.
  public let upper: Double?

  public init(lower: Double? = nil, upper: Double? = nil) {
    self.lower = lower
    self.upper = upper
  }

  /// The margin never falls with the column.
  public static let nonNegative = CoefficientBounds(lower: 0)
  /// The margin never rises with the column.
  public static let nonPositive = CoefficientBounds(upper: 0)
}

/// The bounds of all coefficients of a design, standardised, intercept first.
struct StandardisedBounds {
  /// −∞ where there is none.
  var lower: [Double]
  /// ∞ where there is none.
  var upper: [Double]
  /// Positions of the design columns that have bounds, ascending.
  let columns: [Int]

  /// - Parameters:
  ///   - bounds: by the names of design columns; those of numbers and flags are the features' names.
  ///   - dropped: columns that the design does without: their bounds hold idly, and so do those of numbers without a column
  ///     of their values.
  /// - Throws: `ChurnModelError` (`invalidOption`, `invalidFeatures`).
  init(
    _ bounds: [String: CoefficientBounds], _ design: Design, dropped: [DroppedFeature],
    features: [FeatureColumn]
  ) throws(ChurnModelError) {
    lower = Array(repeating: -.infinity, count: design.columns.count + 1)
    upper = Array(repeating: .infinity, count: design.columns.count + 1)
    var columns: [Int] = []
    let positions = Dictionary(
      design.columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let absent = Set(dropped.map(\.column))
    for (name, bound) in bounds.sorted(by: { $0.key < $1.key }) {
      guard !(bound.lower?.isNaN ?? false), !(bound.upper?.isNaN ?? false),
        bound.lower ?? -.infinity <= bound.upper ?? .infinity, bound.lower != .infinity,
        bound.upper != -.infinity
      else {
        throw ChurnModelError(
          .invalidOption,
          "the bounds of \"\(name)\" leave no value for its coefficient; give a lower one that is not above the upper"
        )
      }
      guard let position = positions[name] else {
        guard absent.contains(name) || features.contains(where: { $0.name == name && !$0.kind.isCategory })
        else {
          throw ChurnModelError(
            .invalidFeatures,
            "there are bounds for \"\(name)\", which is no column of the model; name one of its columns, such as "
              + (design.columns.first?.name ?? "a feature"))
        }
        continue
      }
      lower[position + 1] = (bound.lower ?? -.infinity) * design.columns[position].scale
      upper[position + 1] = (bound.upper ?? .infinity) * design.columns[position].scale
      columns.append(position)
    }
    self.columns = columns.sorted()
  }
}
