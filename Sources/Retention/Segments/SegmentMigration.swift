public import CustomerValue
public import Histories

/// Who moved from which segment to which between two dates.
public struct SegmentMigration: Sendable {
  public let from: Day
  public let to: Day
  public let unit: SegmentPopulation.Unit
  public let segments: [NamedClass]
  /// Who was there at both dates: the element of segment i before and j after is at i · segments + j.
  public let counts: [Int]
  /// Who was not there before, by segment after.
  public let new: [Int]
  /// Who is not there any more, by segment before.
  public let gone: [Int]
  /// Of each row of the later date the segment before; `nil` for new ones.
  public let before: [UInt8?]
  /// Rows of the earlier date that are not there any more.
  public let goneRows: [Int]

  /// - Parameters:
  ///   - earlier: by the rules of `later`.
  /// - Complexity: O(rows)
  public init(from earlier: CustomerSegments, to later: CustomerSegments) {
    precondition(earlier.rules.segments == later.rules.segments, "both dates go by the same rules")
    from = earlier.population.asOf
    to = later.population.asOf
    unit = later.population.unit
    segments = later.rules.segments
    var counts = [Int](repeating: 0, count: segments.count * segments.count)
    var new = [Int](repeating: 0, count: segments.count)
    var gone = new
    var before = [UInt8?](repeating: nil, count: later.count)
    var goneRows: [Int] = []
    let (old, now) = (earlier.population.keys, later.population.keys)
    var (left, right) = (0, 0)
    while left < old.count || right < now.count {
      let isBefore = left < old.count && (right == now.count || old[left] <= now[right])
      let isAfter = right < now.count && (left == old.count || now[right] <= old[left])
      if isBefore && isAfter {
        before[right] = earlier.segments[left]
        counts[Int(earlier.segments[left]) * segments.count + Int(later.segments[right])] += 1
      } else if isBefore {
        gone[Int(earlier.segments[left])] += 1
        goneRows.append(left)
      } else {
        new[Int(later.segments[right])] += 1
      }
      if isBefore { left += 1 }
      if isAfter { right += 1 }
    }
    self.counts = counts
    self.new = new
    self.gone = gone
    self.before = before
    self.goneRows = goneRows
  }

  public func count(from: Int, to: Int) -> Int { counts[from * segments.count + to] }

  /// Who was in a segment before, whether still there or gone.
  public func before(_ segment: Int) -> Int {
    counts[segment * segments.count..<(segment + 1) * segments.count].reduce(gone[segment], +)
  }

  /// Who is in a segment after, new ones included.
  public func after(_ segment: Int) -> Int {
    segments.indices.reduce(new[segment]) { $0 + count(from: $1, to: segment) }
  }

  public var stayed: Int { segments.indices.reduce(0) { $0 + count(from: $1, to: $1) } }
  public var moved: Int { counts.reduce(0, +) - stayed }

  /// Segments that somebody was or is in.
  public var inUse: [Int] { segments.indices.filter { before($0) > 0 || after($0) > 0 } }
}
