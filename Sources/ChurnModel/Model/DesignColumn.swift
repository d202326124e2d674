/// One column of the standardised design matrix and its coefficient.
public struct DesignColumn: Sendable, Equatable {
  /// How the column is made from its feature.
  public enum Term: Sendable, Equatable {
    /// The value, transformed as the feature's kind says; the raw value is kept within lower...upper before (nil:
    /// unbounded) and a missing one is replaced by `fill` (in transformed units).
    case value(lower: Double?, upper: Double?, fill: Double)
    /// 1 where the feature is missing, else 0.
    case missing
    /// 1 where the feature has this level (index), else 0.
    case level(Int)
    /// 1 where the feature has one of these rare levels (indices), else 0.
    case otherLevels([Int])
  }

  /// Name of the column, for example `age`, `age_na` or `region=north`.
  public let name: String
  /// Index of the feature it is made from.
  public let feature: Int
  /// How it is made.
  public let term: Term
  /// Weighted mean over the training rows.
  public let mean: Double
  /// Weighted standard deviation over the training rows, greater than 0.
  public let scale: Double
  /// Coefficient of (value − mean) / scale: log-odds per standard deviation.
  public var coefficient: Double

  public init(
    name: String, feature: Int, term: Term, mean: Double, scale: Double, coefficient: Double = 0
  ) {
    self.name = name
    self.feature = feature
    self.term = term
    self.mean = mean
    self.scale = scale
    self.coefficient = coefficient
  }
}

/// A column that the model does without, and why.
public struct DroppedFeature: Codable, Sendable, Equatable {
  /// Name of the feature.
  public let feature: String
  /// Name of the design column; that of the feature when the whole feature is dropped.
  public let column: String
  /// Why, in words.
  public let reason: String
}
