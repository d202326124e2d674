import LinearAlgebra

extension TrainingData {
  /// Rows above which a pass costs so much that no digit is computed which nobody can tell from rounding of the data.
  private static let manyRows = 50_000
  /// Mean weights beyond which single precision may overflow or vanish.
  private static let usualWeights = 1e-6...1e6

  /// Whether passes are worth sparing.
  var hasManyRows: Bool { rows > Self.manyRows }

  /// Of Hessians and of what tells what columns have in common: rounding cancels in many rows, and where the solver ends it
  /// does not change.
  var steeringPrecision: GramPrecision {
    let isUsual = Self.usualWeights.contains(totalWeight / Double(rowsUsed))
    return isUsual && (isSample || hasManyRows) ? .single : .double
  }
}
