extension Surveys {
  /// The identity of a survey without an id: no twin of any other.
  static let noIdentity: UInt64 = 0

  /// Drops answers that say the same survey a second time, on whatever scale: of one customer, one kind and one id the
  /// earliest counts, of one day the first in the file. A later one must not replace what was known.
  ///
  /// - Parameter identities: hashes of the surveys' ids, in the order of the runs.
  /// - Returns: how many were dropped.
  /// - Complexity: O(Σ k²) in the k answers of a customer with an id.
  func dropTwins(_ identities: Buffer<UInt64>) -> Int {
    guard starts.count > 0 else { return 0 }
    var kept = 0
    for customer in 0..<(starts.count - 1) {
      let run = Int(starts[customer])..<Int(starts[customer + 1])
      // What is kept of earlier customers stands before this one's run: nothing is read after it was overwritten.
      starts[customer] = Int32(kept)
      let first = kept
      for survey in run {
        let identity = identities[survey]
        let isTwin =
          identity != Self.noIdentity
          && (first..<kept).contains { identities[$0] == identity && kinds[$0] == kinds[survey] }
        if isTwin { continue }
        identities[kept] = identity
        days[kept] = days[survey]
        scores[kept] = scores[survey]
        kinds[kept] = kinds[survey]
        kept += 1
      }
    }
    let dropped = days.count - kept
    starts[starts.count - 1] = Int32(kept)
    days.resize(to: kept, with: .none)
    scores.resize(to: kept, with: 0)
    kinds.resize(to: kept, with: 0)
    return dropped
  }
}
