public import CustomerValue

/// RFM scores, segment and value tier of a population as of a date.
public struct CustomerSegments: Sendable {
  /// How scores, segments and tiers are made.
  public struct Options: Sendable {
    public var binning: RFMBinning
    public var rules = SegmentRules.ten
    public var tiers = TierRules.four

    public init(binning: RFMBinning) {
      self.binning = binning
    }
  }

  public let population: SegmentPopulation
  public let rules: SegmentRules
  public let tierRules: TierRules
  /// The bins of the scores.
  public let scheme: RFMScheme
  /// The amounts at which tiers begin.
  public let tierScheme: TierScheme
  public let scores: RFMScores
  /// Of each row the place in `rules.segments`.
  public let segments: [UInt8]
  /// Of each row the place in `tierRules.tiers`: the customer's, by the amounts of all of the customer's rows together.
  public let tiers: [UInt8]

  public var count: Int { population.count }

  /// Finds bins and tiers in the population itself.
  ///
  /// - Complexity: O(rows) on average; k-means O(rows log rows).
  public init(_ population: SegmentPopulation, options: Options) {
    let scheme = RFMScheme(
      fitting: population.recency, frequency: population.frequency, monetary: population.monetary,
      binning: options.binning, counts: options.rules.counts)
    let amounts = Self.amountsOfCustomers(population)
    let tierScheme = TierScheme(fitting: amounts.of, rules: options.tiers)
    self.init(
      population, rules: options.rules, tierRules: options.tiers, scheme: scheme, tierScheme: tierScheme,
      amounts: amounts)
  }

  /// The segments of another date by the bins and tiers of this one: one yardstick for both, so that who moves has changed.
  public func applied(to population: SegmentPopulation) -> CustomerSegments {
    CustomerSegments(
      population, rules: rules, tierRules: tierRules, scheme: scheme, tierScheme: tierScheme,
      amounts: Self.amountsOfCustomers(population))
  }

  private init(
    _ population: SegmentPopulation, rules: SegmentRules, tierRules: TierRules, scheme: RFMScheme,
    tierScheme: TierScheme, amounts: (of: [Double], starts: [Int])
  ) {
    self.population = population
    self.rules = rules
    self.tierRules = tierRules
    self.scheme = scheme
    self.tierScheme = tierScheme
    scores = scheme.scores(
      recency: population.recency, frequency: population.frequency, monetary: population.monetary)
    segments = scores.segments(rules)
    var tiers = [UInt8](repeating: 0, count: population.count)
    for (customer, amount) in amounts.of.enumerated() {
      let tier = tierScheme.place(of: amount)
      for row in amounts.starts[customer]..<amounts.starts[customer + 1] { tiers[row] = tier }
    }
    self.tiers = tiers
  }

  private static func amountsOfCustomers(
    _ population: SegmentPopulation
  ) -> (of: [Double], starts: [Int]) {
    let starts = population.customerStarts
    let amounts = zip(starts, starts.dropFirst()).map { first, end in
      population.paid[first..<end].reduce(0) { $0 + ($1.isNaN ? 0 : $1) }
    }
    return (amounts, starts)
  }
}
