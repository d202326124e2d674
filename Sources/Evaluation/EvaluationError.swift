/// Why a model could not be trained or judged, and what to do.
public struct EvaluationError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// The data do not reach far enough, or hold too little.
    case notEnoughData
    /// The dates asked for cannot be used.
    case badDates
    /// The model was made with other features.
    case otherFeatures
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
