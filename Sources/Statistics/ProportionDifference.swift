/// The difference of two independent shares with an interval.
public struct ProportionDifference: Sendable, Equatable {
  /// First share less second share.
  public let difference: Double
  public let lower: Double
  public let upper: Double

  /// The hybrid score interval: Wilson's intervals of the two shares, joined.
  ///
  /// Source: method 10 of R. G. Newcombe, "Interval estimation for the difference between independent proportions:
  /// comparison of eleven methods", Statistics in Medicine 17 (1998), 873-890. It stays within −1 and 1, and is defined
  /// where nobody or everybody answered.
  ///
  /// - Parameters:
  ///   - first: how many of how many.
  ///   - level: of the two-sided interval, within 0 and 1.
  /// - Returns: `nil` when one of the groups is empty.
  public init?(first: (count: Int, of: Int), second: (count: Int, of: Int), level: Double = 0.95) {
    guard first.of > 0, second.of > 0, (0..<1).contains(level), (0...first.of).contains(first.count),
      (0...second.of).contains(second.count)
    else { return nil }
    let z = NormalDistribution.quantile((1 + level) / 2)
    let (a, b) = (Double(first.count) / Double(first.of), Double(second.count) / Double(second.of))
    let (wilsonA, wilsonB) = (Self.wilson(a, first.of, z), Self.wilson(b, second.of, z))
    difference = a - b
    func root(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    lower = difference - root(a - wilsonA.lower, wilsonB.upper - b)
    upper = difference + root(wilsonA.upper - a, b - wilsonB.lower)
  }

  /// Wilson's score interval of one share.
  private static func wilson(_ share: Double, _ count: Int, _ z: Double) -> (lower: Double, upper: Double) {
    let n = Double(count)
    let centre = 2 * n * share + z * z
    let spread = z * (z * z + 4 * n * share * (1 - share)).squareRoot()
    let scale = 2 * (n + z * z)
    return (max(0, (centre - spread) / scale), min(1, (centre + spread) / scale))
  }
}
