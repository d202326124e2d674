public import LinearAlgebra

/// All families fitted to the same histories, and the best of them.
public struct RepeatModelChoice: Sendable {
  /// Of the families that can be fitted, in the order of `RepeatModelKind.allCases`.
  public let fits: [RepeatModelFit]
  /// Why the others could not.
  public let refusals: [RepeatModelKind: RepeatModelError]
  /// That of the least AIC, the first of equal ones.
  public let best: RepeatModelFit

  /// - Throws: `RepeatModelError` when no family can be fitted: that of the first.
  /// - Complexity: one fit a family, and one a k of the regular ones
  public init(
    _ groups: RepeatGroups, among kinds: [RepeatModelKind] = RepeatModelKind.allCases,
    options: RepeatFitOptions = RepeatFitOptions(), parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    precondition(!kinds.isEmpty, "a choice needs something to choose from")
    var fits: [RepeatModelFit] = []
    var refusals: [RepeatModelKind: RepeatModelError] = [:]
    for kind in kinds {
      do throws(RepeatModelError) {
        let fit = try RepeatModelFit(groups, kind: kind, options: options, parallel: parallel)
        // Without intervals the likelihood of a given k > 1 cannot be held against the others.
        if fit.isComparable {
          fits.append(fit)
        } else {
          refusals[kind] = RepeatModelError(.regularityUnknown(kind))
        }
      } catch {
        refusals[kind] = error
      }
    }
    guard let first = fits.first else {
      throw refusals[kinds[0]] ?? RepeatModelError(.noRepeats)
    }
    best = fits.dropFirst().reduce(first) { $1.aic < $0.aic ? $1 : $0 }
    self.fits = fits
    self.refusals = refusals
  }
}

extension RepeatModelFit {
  /// The likelihood-ratio test of a regular model against its special case k = 1, or of the same family with fewer
  /// parameters at the same histories; `nil` where the other is not a special case of this one.
  public func likelihoodRatioTest(against other: RepeatModelFit) -> LikelihoodRatioTest? {
    guard isComparable, other.isComparable, kind.isRegular, other.model.k == 1, !other.kind.isRegular,
      kind.leavesAtOrigin == other.kind.leavesAtOrigin, other.kind != .paretoNBD
    else { return nil }
    return LikelihoodRatioTest(
      logLikelihood: logLikelihood, restricted: other.logLikelihood, degreesOfFreedom: 1)
  }
}
