import Statistics

/// Where the five bins of each RFM score begin: fitted on one population, applied to the same or another.
///
/// The rule is that of the R package rfm: a bin begins at the quantile .2, .4, .6 or .8 (linear interpolation between
/// order statistics) *plus one* unit, and a value belongs to the highest bin whose beginning it reaches. Recency is
/// reversed, so that 5 is always the best score.
public struct RFMScheme: Sendable, Hashable, Codable {
  /// Bins a score, and so the highest score.
  public static let binCount = 5
  /// What the published rule adds to a quantile to get the beginning of a bin.
  static let boundaryOffset = 1.0

  /// Beginnings of the bins 2 to 5, rising: days since the last purchase.
  public let recencyBoundaries: [Double]
  /// Beginnings of the bins 2 to 5, rising: number of purchases.
  public let frequencyBoundaries: [Double]
  /// Beginnings of the bins 2 to 5, rising: amount, in the currency of the data.
  public let monetaryBoundaries: [Double]

  /// A scheme with known boundaries: four to a score, rising.
  public init(recencyBoundaries: [Double], frequencyBoundaries: [Double], monetaryBoundaries: [Double]) {
    for boundaries in [recencyBoundaries, frequencyBoundaries, monetaryBoundaries] {
      precondition(boundaries.count == Self.binCount - 1, "a score has four boundaries")
      precondition(zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 <= $1 }, "boundaries rise")
    }
    self.recencyBoundaries = recencyBoundaries
    self.frequencyBoundaries = frequencyBoundaries
    self.monetaryBoundaries = monetaryBoundaries
  }

  /// The scheme of a population; `nil` when a column holds no finite value, for then there are no quantiles.
  ///
  /// - Parameters:
  ///   - recencyDays: days from the last purchase to the as-of date, one a customer; NaN where there is none.
  ///   - frequency: purchases, one a customer.
  ///   - monetary: amounts, one a customer.
  /// - Complexity: O(n) on average.
  public init?(fitting recencyDays: [Double], frequency: [Double], monetary: [Double]) {
    precondition(
      recencyDays.count == frequency.count && frequency.count == monetary.count, "one value a customer")
    guard let recency = Self.boundaries(recencyDays), let visits = Self.boundaries(frequency),
      let amounts = Self.boundaries(monetary)
    else { return nil }
    self.init(recencyBoundaries: recency, frequencyBoundaries: visits, monetaryBoundaries: amounts)
  }

  private static func boundaries(_ values: [Double]) -> [Double]? {
    var known = values.filter(\.isFinite)
    guard !known.isEmpty else { return nil }
    return known.withUnsafeMutableBufferPointer { known in
      (1..<binCount).map { Selection.quantile(Double($0) / Double(binCount), of: known) + boundaryOffset }
    }
  }
}
