/// Why a matrix could not be factorised or inverted.
public struct LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Equatable {
    /// The leading minor of this order (counted from 1) is not positive.
    case notPositiveDefinite(order: Int)
    /// An element is NaN or infinite.
    case notFinite
  }

  public let code: Code

  public init(_ code: Code) {
    self.code = code
  }

  public var description: String {
    switch code {
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite: column \(order) depends on the columns before it"
    case .notFinite:
      "the matrix holds a value that is not a finite number"
    }
  }
}
