/// Scores and segment of every customer, in the order of the input.
public struct RFMScores: Sendable {
  /// 1 to 5, where 5 bought last.
  public let recency: [UInt8]
  /// 1 to 5, where 5 bought most often.
  public let frequency: [UInt8]
  /// 1 to 5, where 5 spent most.
  public let monetary: [UInt8]
  public let segments: [RFMSegment]

  public var count: Int { segments.count }
}

extension RFMScheme {
  /// Scores a population, which need not be the one the scheme was fitted on.
  ///
  /// A value that is NaN, such as the recency of a customer who never bought, scores 1.
  /// - Parameters:
  ///   - recencyDays: days from the last purchase to the as-of date, one a customer.
  ///   - frequency: purchases, one a customer.
  ///   - monetary: amounts, one a customer.
  /// - Complexity: O(n)
  public func scores(recencyDays: [Double], frequency: [Double], monetary: [Double]) -> RFMScores {
    precondition(
      recencyDays.count == frequency.count && frequency.count == monetary.count, "one value a customer")
    let bestScore = UInt8(Self.binCount)
    let recencyScores = recencyDays.map { days in
      days.isNaN ? 1 : bestScore + 1 - Self.bin(of: days, in: recencyBoundaries)
    }
    let frequencyScores = frequency.map { Self.bin(of: $0, in: frequencyBoundaries) }
    let monetaryScores = monetary.map { Self.bin(of: $0, in: monetaryBoundaries) }
    let segments = recencyScores.indices.map { index in
      RFMSegment(
        recency: recencyScores[index], frequency: frequencyScores[index], monetary: monetaryScores[index])
    }
    return RFMScores(
      recency: recencyScores, frequency: frequencyScores, monetary: monetaryScores, segments: segments)
  }

  /// 1 plus the number of boundaries that the value reaches.
  @inline(__always)
  private static func bin(of value: Double, in boundaries: [Double]) -> UInt8 {
    var bin: UInt8 = 1
    for boundary in boundaries where value >= boundary { bin += 1 }
    return bin
  }
}
