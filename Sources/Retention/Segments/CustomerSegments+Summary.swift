public import CustomerValue

extension CustomerSegments {
  /// One segment or tier of all, or all together.
  public struct Summary: Sendable {
    public fileprivate(set) var count = 0
    /// Visits, orders or days.
    public fileprivate(set) var events = 0.0
    public fileprivate(set) var paid = 0.0
    /// What the money score is made of.
    public fileprivate(set) var money = 0.0

    fileprivate mutating func add(_ population: SegmentPopulation, _ row: Int) {
      count += 1
      events += population.counts[row]
      if !population.paid[row].isNaN { paid += population.paid[row] }
      if !population.monetary[row].isNaN { money += population.monetary[row] }
    }
  }

  /// The segments in the order of their rules, each with what it sums up to.
  ///
  /// - Complexity: O(rows)
  public var summaries: [(segment: NamedClass, summary: Summary)] {
    Array(zip(rules.segments, summaries(by: segments, count: rules.segments.count))).map { ($0, $1) }
  }

  /// The value tiers from the best to the last.
  ///
  /// - Complexity: O(rows)
  public var tierSummaries: [(tier: NamedClass, summary: Summary)] {
    Array(zip(tierRules.tiers, summaries(by: tiers, count: tierRules.tiers.count))).map { ($0, $1) }
  }

  /// Everybody.
  public var total: Summary {
    summaries(by: [UInt8](repeating: 0, count: count), count: 1)[0]
  }

  /// Sums by recency and frequency score: the element of recency r and frequency f is at (r − 1) · frequency bins + f − 1.
  ///
  /// - Complexity: O(rows)
  public var cells: [Summary] {
    var sums = [Summary](repeating: Summary(), count: rules.counts.recency * rules.counts.frequency)
    for row in 0..<count {
      let cell = (Int(scores.recency[row]) - 1) * rules.counts.frequency + Int(scores.frequency[row]) - 1
      sums[cell].add(population, row)
    }
    return sums
  }

  private func summaries(by places: [UInt8], count: Int) -> [Summary] {
    var sums = [Summary](repeating: Summary(), count: count)
    for (row, place) in places.enumerated() { sums[Int(place)].add(population, row) }
    return sums
  }
}
