/// What is wrong with training data, options or a stored model, and what to do about it.
public struct ChurnModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Equatable {
    /// No row has a positive weight.
    case noRows
    /// All labels are equal.
    case oneClass
    /// Arrays that must be equally long are not.
    case lengthMismatch
    /// A feature holds an infinite value.
    case infiniteValue
    /// A category holds a value that is not the index of a level, or a flag one that is neither 0 nor 1.
    case invalidValue
    /// A row weight is negative or not finite.
    case invalidWeight
    /// Feature names or levels are not unique.
    case invalidFeatures
    /// An option lies outside of its range.
    case invalidOption
    /// Without a penalty the coefficients are not determined: columns depend on each other.
    case dependentColumns
    /// Without a penalty the coefficients are infinite: the features separate the classes.
    case separated
    /// The solver did not reach its tolerance.
    case notConverged
    /// A stored model cannot be read or contradicts itself.
    case damagedModel
    /// A feature that the model needs is not there, or means something else.
    case otherFeatures
    /// A stored model has another format version.
    case otherFormat
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
