/// Which combinations of scores make which segment: rules that are tried in order, the first that matches wins.
public struct SegmentRules: Sendable {
  /// Combinations of scores that make one segment.
  public struct Rule: Sendable {
    public let segment: NamedClass
    public let recency: ClosedRange<UInt8>
    public let frequency: ClosedRange<UInt8>
    public let monetary: ClosedRange<UInt8>

    func matches(_ scores: Scores) -> Bool {
      recency.contains(scores.recency) && frequency.contains(scores.frequency)
        && monetary.contains(scores.monetary)
    }
  }

  /// One combination of scores.
  public struct Scores: Sendable, Hashable {
    public let recency: UInt8
    public let frequency: UInt8
    public let monetary: UInt8
  }

  /// Bins of each score that the rules are made for.
  public let counts: ScoreCounts
  public let rules: [Rule]
  /// The segments in the order of their rules, then that of the combinations which no rule covers.
  public let segments: [NamedClass]
  /// What combinations are that no rule covers.
  public let others: NamedClass
  /// Combinations that no rule covers, ascending.
  public let uncovered: [Scores]
  /// Rules that never win, for earlier ones take all of their combinations.
  public let idle: [Rule]
  /// The place of each combination's segment.
  private let places: [UInt8]

  /// What a rule's place is kept in.
  static let mostRules = 250

  init(counts: ScoreCounts, rules: [Rule], others: NamedClass) {
    precondition(rules.count <= Self.mostRules, "places are small numbers")
    self.counts = counts
    self.rules = rules
    self.others = others
    // Rules of one name are one segment.
    var segments: [NamedClass] = []
    var placeOf: [String: Int] = [:]
    for segment in rules.map(\.segment) + [others] where placeOf[segment.name] == nil {
      placeOf[segment.name] = segments.count
      segments.append(segment)
    }
    var places: [UInt8] = []
    var uncovered: [Scores] = []
    var used: Set<Int> = []
    for recency in 1...UInt8(counts.recency) {
      for frequency in 1...UInt8(counts.frequency) {
        for monetary in 1...UInt8(counts.monetary) {
          let scores = Scores(recency: recency, frequency: frequency, monetary: monetary)
          let rule = rules.firstIndex { $0.matches(scores) }
          if let rule { used.insert(rule) } else { uncovered.append(scores) }
          places.append(UInt8(placeOf[rule.map { rules[$0].segment.name } ?? others.name] ?? 0))
        }
      }
    }
    self.segments = segments
    self.places = places
    self.uncovered = uncovered
    idle = rules.indices.filter { !used.contains($0) }.map { rules[$0] }
  }

  /// The place in `segments` of a combination of scores, each from 1 to its number of bins.
  @inline(__always)
  public func place(recency: UInt8, frequency: UInt8, monetary: UInt8) -> UInt8 {
    places[counts.place(recency, frequency, monetary)]
  }

  /// The segment of a combination of scores.
  public func segment(recency: UInt8, frequency: UInt8, monetary: UInt8) -> NamedClass {
    segments[Int(place(recency: recency, frequency: frequency, monetary: monetary))]
  }
}
