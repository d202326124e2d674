/// Why scores cannot be used for calibration, and what to do about it.
public struct CalibrationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Equatable {
    /// A score is NaN or not between 0 and 1.
    case invalidProbability
    /// A weight is negative or not finite, or all are 0.
    case invalidWeight
    /// All rows are in one fold.
    case oneFold
    /// The rows do not determine the kind of calibrator that was asked for.
    case notDetermined
    /// A share of positives is not between 0 and 1.
    case invalidShare
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
