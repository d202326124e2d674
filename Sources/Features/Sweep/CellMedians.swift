import Statistics

/// One amount of a peer, with the two coordinates of its cell.
struct PeerSample: BitwiseCopyable {
  var major: Int32
  var minor: Int32
  /// Minor units.
  var amount: Int32
}

/// Medians of amounts in cells of two coordinates, falling back from a cell to its major coordinate, and from that to
/// a group of neighbouring major coordinates, where there are too few amounts.
struct CellMedians: Sendable {
  /// Amounts that a cell, or a major coordinate, needs to speak for itself.
  static let minimum = 20

  /// Medians of cells with enough amounts, by `major * minorCount + minor`.
  private let cells: [Int: Double]
  /// By major coordinate; NaN with too few amounts.
  private let majors: [Double]
  /// By group; NaN without amounts.
  private let groups: [Double]
  private let minorCount: Int
  private let groupSize: Int

  /// - Parameters:
  ///   - samples: the amounts, in any order and any number of parts.
  ///   - groupSize: major coordinates in a group; divides `majorCount`.
  /// - Complexity: O(samples + majorCount × minorCount) time, O(samples) memory.
  init(_ samples: [[PeerSample]], majorCount: Int, minorCount: Int, groupSize: Int) {
    self.minorCount = minorCount
    self.groupSize = groupSize
    let (sorted, starts) = Self.sorted(samples.lazy.joined(), count: majorCount, by: \.major)
    var cells: [Int: Double] = [:]
    var majors = [Double](repeating: .nan, count: majorCount)
    var amounts = [Int32](repeating: 0, count: sorted.count)
    for major in 0..<majorCount where starts[major + 1] - starts[major] >= Self.minimum {
      let own = sorted[starts[major]..<starts[major + 1]]
      let (byMinor, minorStarts) = Self.sorted(own, count: minorCount, by: \.minor)
      for index in byMinor.indices { amounts[starts[major] + index] = byMinor[index].amount }
      for minor in 0..<minorCount where minorStarts[minor + 1] - minorStarts[minor] >= Self.minimum {
        let range = starts[major] + minorStarts[minor]..<starts[major] + minorStarts[minor + 1]
        cells[major * minorCount + minor] = Self.median(&amounts, range)
      }
      majors[major] = Self.median(&amounts, starts[major]..<starts[major + 1])
    }
    for index in sorted.indices { amounts[index] = sorted[index].amount }
    groups = stride(from: 0, to: majorCount, by: groupSize).map { first in
      Self.median(&amounts, starts[first]..<starts[first + groupSize])
    }
    self.cells = cells
    self.majors = majors
  }

  /// The median that speaks for a cell, in minor units; NaN without any amount in its group.
  func median(major: Int, minor: Int) -> Double {
    if let own = cells[major * minorCount + minor] { return own }
    let byMajor = majors[major]
    return byMajor.isNaN ? groups[major / groupSize] : byMajor
  }

  /// A counting sort.
  private static func sorted(
    _ samples: some Sequence<PeerSample>, count: Int, by coordinate: (PeerSample) -> Int32
  ) -> (sorted: [PeerSample], starts: [Int]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for sample in samples { starts[Int(coordinate(sample)) + 1] += 1 }
    for index in 0..<count { starts[index + 1] += starts[index] }
    var next = starts
    let none = PeerSample(major: 0, minor: 0, amount: 0)
    var sorted = [PeerSample](repeating: none, count: starts[count])
    for sample in samples {
      let index = Int(coordinate(sample))
      sorted[next[index]] = sample
      next[index] += 1
    }
    return (sorted, starts)
  }

  /// The median of a part of the values, which change places; NaN for none.
  private static func median(_ values: inout [Int32], _ range: Range<Int>) -> Double {
    values.withUnsafeMutableBufferPointer {
      Selection.median(of: UnsafeMutableBufferPointer(rebasing: $0[range]))
    }
  }
}
