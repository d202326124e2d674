internal import Foundation

extension StructureSearch {
  /// A pair could turn a term that has a direction, or bend one that must be straight: such features take part in none.
  func pairBins() -> [PairSearch.Bins?] {
    let axes = candidates.scales.enumerated().compactMap { feature, scales in
      scales.flatMap {
        $0.steps == nil && !options.unpaired.contains(data.features[feature].name) ? (feature, $0.pair) : nil
      }
    }
    var bins = [PairSearch.Bins?](repeating: nil, count: candidates.scales.count)
    for (axis, column) in zip(axes, place(axes, rows.rows)) {
      bins[axis.0] = PairSearch.Bins(axis.1, column, weights: rows.weights)
    }
    return bins
  }

  /// The best pairs that share no feature.
  mutating func nextPairs(_ bins: [PairSearch.Bins?]) -> [PairSearch.Candidate] {
    let look = objective.look(state)
    passes += 1
    let search = PairSearch(bins: bins, foldOfRow: foldOfRow, parallel: options.parallel)
    let found = search.candidates(
      gradients: look.residuals.map { -$0 }, curvatures: look.curvatures,
      isTaken: { first, second in
        pairs.contains { $0.first == first && $0.second == second }
          || shortlist.map { !$0.contains(first * bins.count + second) } ?? false
      })
    if shortlist == nil {
      shortlist = Set(found.prefix(Self.mostSearched).map { $0.first * bins.count + $0.second })
    }
    let best = found.first?.gain ?? 0
    let featureCount = bins.count { $0 != nil }
    let pairCount = featureCount * (featureCount - 1) / 2
    var result: [PairSearch.Candidate] = []
    let most = min(max(options.pairsPerRound, pairs.count / 2), options.mostPairs - pairs.count)
    for pair in found {
      // Of so many pairs that are nothing the k-th best gains about log(pairs/k) (as in Benjamini and Hochberg 1995, JRSS B
      // 57: the more pairs have proved themselves, the less is asked of the next).
      let taken = pairs.count + result.count + 1
      guard pair.gain > options.leastGain + log(Double(pairCount) / Double(taken)),
        pair.gain >= Self.leastShare * best, result.count < most
      else { break }
      let isFree = result.allSatisfy { other in
        Set([other.first, other.second]).isDisjoint(with: [pair.first, pair.second])
      }
      if isFree { result.append(pair) }
    }
    return result
  }
}

extension TermCandidates {
  /// The scale on the grid of a pair.
  func pairScale(_ feature: Int) -> TermScale {
    guard let scales = scales[feature] else { preconditionFailure("only features with terms are paired") }
    return scales.pair
  }
}
