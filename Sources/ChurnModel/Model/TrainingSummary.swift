/// What the training data were like and how the fit ended.
public struct TrainingSummary: Codable, Sendable, Equatable {
  /// Rows with a positive weight.
  public let rows: Int
  /// Those of them whose label is true.
  public let positives: Int
  /// Sum of the weights.
  public let totalWeight: Double
  /// Weighted mean log loss on the training rows.
  public let logLoss: Double
  /// The same of a model that knows the share of positives only.
  public let nullLogLoss: Double
  /// Log loss plus penalty.
  public let objective: Double
  /// Greatest absolute element of the objective's gradient, before the last Newton step.
  public let gradientNorm: Double
  /// Newton steps over all rows.
  public let iterations: Int

  /// −2 × log-likelihood of the fit.
  public var deviance: Double { 2 * totalWeight * logLoss }
  /// −2 × log-likelihood of the share of positives.
  public var nullDeviance: Double { 2 * totalWeight * nullLogLoss }

  /// Akaike's information criterion of a fit without penalty: deviance + 2·(columns + 1).
  public func akaikeCriterion(columns: Int) -> Double { deviance + 2 * Double(columns + 1) }
}
