public import Features

/// What one feature looks like in the data, and how it goes with a label.
public struct FeatureProfile: Sendable {
  /// What higher values do to the chance of the label, as far as the data can tell.
  public enum Found: String, Sendable {
    case raises = "+"
    case lowers = "-"
    /// Not to be told from chance.
    case neither = "0"
    /// Of categories, and where nothing is known.
    case none = ""
  }

  /// One level of a category.
  public struct Level: Sendable {
    public let name: String
    /// Rows among the sample that have it.
    public let rows: Int
    /// Share of positives among its labelled rows; NaN without any.
    public let positiveShare: Double
  }

  /// The probabilities of `quantiles`.
  public static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]

  public let feature: Feature
  /// All rows, and those without a value; exact.
  public let rows: Int
  public let missing: Int
  /// Least and greatest value; exact, NaN for categories and where all are missing.
  public let minimum: Double
  public let maximum: Double
  /// Quantiles at `probabilities` of the values that are there; NaN likewise.
  public let quantiles: [Double]
  /// Of categories, in the catalogue's order.
  public let levels: [Level]
  /// Σ over bins of (share of positives − share of negatives)·ln of their ratio; NaN without both classes.
  public let informationValue: Double
  /// Area under the ROC curve of the value as a score, over labelled rows that have it, with its 99 % interval; NaN for
  /// categories and without both classes.
  public let auc: Double
  public let aucInterval: ClosedRange<Double>
  public let found: Found
  /// Whether the data say the contrary of the catalogue's direction, beyond chance.
  public let isContrary: Bool
  /// Number of the group of features that say much the same, counted from 1; `nil` for those on their own.
  public internal(set) var correlationGroup: Int?

  public var missingShare: Double { rows > 0 ? Double(missing) / Double(rows) : .nan }
}
