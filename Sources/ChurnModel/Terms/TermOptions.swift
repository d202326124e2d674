public import LinearAlgebra

/// How a sum of terms is fitted. The defaults are meant for every table; nothing has to be tuned.
public struct TermOptions: Sendable {
  /// Most knots of a number's term, at least 2. Default 32: quantiles; the penalty decides how much they move.
  public var knots = 32
  /// Most knots of a number on the grid of a pair, at least 2. Default 16.
  public var pairKnots = 16
  /// Most levels of a category that have a direction each, at least 1; with more the levels' effects are estimated
  /// beforehand (`LevelColumns`). Default 100.
  public var levels = 100
  /// The same on the grid of a pair, in which a category with more levels than `levels` takes no part. Default 16.
  public var pairLevels = 16
  /// A level needs rows with this weight for a node of its own, at least 0. Default 5.
  public var leastLevelWeight = 5.0
  /// The shapes of numbers, by column. Default: none is named.
  public var shapes: [String: NumberShape] = [:]
  /// The shape of the numbers that `shapes` does not name. Default curve.
  public var numberShape = NumberShape.curve
  /// Directions that terms of numbers are held to, by column; such a column takes part in no pair, for a pair could turn
  /// it. Its missing values are free. Default: none is held.
  public var directions: [String: MonotoneDirection] = [:]
  /// How optimal bins are chosen, for shapes of that kind; the trend is the shape's.
  public var bins = OptimalBinOptions()
  /// Columns that take part in no pair.
  var unpaired: Set<String> = []
  /// Most pairs, at least 0. Default 24; 0 looks for none.
  public var mostPairs = 24
  /// Most pairs taken between two fits, or half as many as there are already; they share no feature. Default 3.
  public var pairsPerRound = 3
  /// No further pair is taken once so many coefficients move; at least 0. Default 3,000: the time of a step grows with the
  /// third power of their number.
  public var mostCoefficients = 3000
  /// A pair is taken as the k-th when it raises the log-likelihood of held-out rows by more than this and log(pairs/k),
  /// which is about what the k-th best of so many pairs gains when all are noise; levels beyond `levels` are taken when
  /// they gain more than this. Default 2.
  public var leastGain = 2.0
  /// Of two numbers with a greater absolute correlation the later one is dropped, 0...1. Default 0.999.
  public var correlationLimit = 0.999
  /// Most rows from which knots, pairs and penalties are chosen, every k-th one; at least 1. Default 400,000. The
  /// coefficients are fitted to all rows.
  public var structureRows = 400_000
  /// How much penalties of one kind (straight parts, rough parts, levels, …) are drawn to their common mean, as the inverse
  /// variance of their logarithms, at least 0. Default 0.2; 0 estimates each by itself.
  public var penaltyPooling = 0.2
  /// Most looks at the rows in the search for penalties of one fit. Default 12.
  public var penaltySteps = 12
  /// The solver stops when no element of the gradient of the mean objective is greater; above 0. Default 1e-9.
  public var tolerance = 1e-9
  /// Most Newton steps with fixed penalties; at least 1. Default 50.
  public var maximumIterations = 50
  /// The threads to use; the result is the same to the bit for any number. Default: all cores.
  public var parallel = Parallel.standard

  public init() {}

  func check() throws(ChurnModelError) {
    func require(_ holds: Bool, _ what: String) throws(ChurnModelError) {
      guard holds else {
        throw ChurnModelError(.invalidOption, "option \(what); choose a value in that range")
      }
    }
    let nodes = 2...TermScale.mostNodes
    try require(nodes.contains(knots), "knots must be in \(nodes)")
    try require(nodes.contains(pairKnots), "pairKnots must be in \(nodes)")
    try require((1..<TermScale.mostNodes).contains(levels), "levels must be in 1..<\(TermScale.mostNodes)")
    try require(
      (1..<TermScale.mostNodes).contains(pairLevels), "pairLevels must be in 1..<\(TermScale.mostNodes)")
    try require(
      bins.maximumBins <= TermScale.mostNodes, "bins.maximumBins must be at most \(TermScale.mostNodes)")
    try bins.check()
    try require(leastLevelWeight >= 0, "leastLevelWeight must be at least 0")
    try require(
      mostPairs >= 0 && pairsPerRound >= 1, "mostPairs must be at least 0, pairsPerRound at least 1")
    try require((0...1).contains(correlationLimit), "correlationLimit must be in 0...1")
    try require(penaltyPooling >= 0, "penaltyPooling must be at least 0")
    try require(structureRows >= 1, "structureRows must be at least 1")
    try require(tolerance > 0, "tolerance must be greater than 0")
    try require(
      penaltySteps >= 1 && maximumIterations >= 1, "penaltySteps and maximumIterations must be at least 1")
  }
}
