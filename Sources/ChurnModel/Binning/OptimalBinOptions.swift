public import LinearAlgebra

/// What optimal bins must look like.
public struct OptimalBinOptions: Sendable {
  /// How the share of events may change from bin to bin, upwards.
  public enum Trend: String, Codable, Sendable, CaseIterable {
    /// In any way.
    case free
    /// It does not fall.
    case increasing
    /// It does not rise.
    case decreasing
    /// It does not fall up to some bin, and does not rise from there.
    case peak
    /// It does not rise up to some bin, and does not fall from there.
    case valley
    /// Increasing or decreasing, whichever is likelier; peak or valley where the gain pays for the turning point as for
    /// one more bin.
    case auto
  }

  /// How many bins there are.
  public enum Number: Sendable, Equatable {
    /// As many as pay for themselves: a bin more must raise the log-likelihood by more than ½·ln(Σw), as in Schwarz's
    /// criterion (BIC).
    case schwarz
    /// As many as pay for themselves at a given price in log-likelihood.
    case priced(Double)
    /// So many, or as many as the limits allow if these are fewer.
    case given(Int)
  }

  /// Most bins for values, 1...255. Default 10.
  public var maximumBins = 10
  /// How many of them. Default Schwarz's criterion.
  public var number = Number.schwarz
  /// Least share of the weight (of rows where the value is there) in each bin, 0..<1; lighter levels of a category are
  /// pooled. Default 0.02.
  public var leastShare = 0.02
  /// Least weight of events, and of other rows, in each bin, at least 0. Default 10.
  public var leastEvents = 10.0
  /// How the share of events may change. Default auto; levels of a category are ordered by it, whatever stands here.
  public var trend = Trend.auto
  /// Bins of equal weight that the borders are chosen among, 1...255. Default 128.
  public var finestBins = 128
  /// Rows that these are made of, at least 1. Default 100,000.
  public var sampleRows = ColumnBins.usualSampleRows
  /// Threads; they have no say in the result.
  public var parallel = Parallel.standard

  public init() {}

  /// - Throws: `ChurnModelError` that names the option outside of its range.
  func check() throws(ChurnModelError) {
    let bytes = 1...BinEdges.greatestEdgeCount + 1
    try require(bytes.contains(maximumBins), "maximumBins must be in 1...255")
    try require(bytes.contains(finestBins), "finestBins must be in 1...255")
    try require(leastShare >= 0 && leastShare < 1, "leastShare must be in 0..<1")
    try require(leastEvents >= 0 && leastEvents.isFinite, "leastEvents must be at least 0")
    try require(sampleRows >= 1, "sampleRows must be at least 1")
    switch number {
    case .schwarz: break
    case .priced(let price):
      try require(price >= 0 && price.isFinite, "the price of a bin must be at least 0")
    case .given(let bins): try require(bytes.contains(bins), "the number of bins must be in 1...255")
    }
  }

  private func require(_ condition: Bool, _ message: String) throws(ChurnModelError) {
    guard condition else { throw ChurnModelError(.invalidOption, message) }
  }
}
