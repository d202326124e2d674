/// How exactly the products of a weighted Gram matrix are computed.
public enum GramPrecision: Sendable {
  /// In double precision throughout.
  case double
  /// Products and sums of 32 of them in single precision, twice as fast; sums of those in double.
  case single

  /// Greatest error of an element (i, j), relative to the root of the product of the elements (i, i) and (j, j): by the
  /// usual bound of rounding, whatever the number of rows. Errors of many rows cancel; they are much smaller then.
  public var relativeError: Double {
    switch self {
    case .double: 0x1p-47
    case .single: 0x1p-18
    }
  }
}
