internal import Foundation
internal import LinearAlgebra
internal import Statistics

/// The log-likelihood of a BG or MBG/CNBD-k at some parameters with its first and second derivatives.
///
/// For one history (x, t_x, T), with A = r + kx, u(t) = ln((α + t)/α), q = (T − t_x)/(α + T) and m = 1 where somebody may
/// leave at the origin, else 0:
///
///     ℓ = Σᵢ ln(r + i) − kx ln α − x ln Γ(k) + Σⱼ [ln(b + j) − ln(a + b + j)],   i = 0 … kx − 1, j = 0 … x + m − 1
///         + ln(S·exp(−A·u(T)) + [x + m > 0]·a/(b + x + m − 1)·exp(−A·u(t_x))),   S = Σₕ (A)ₕ/h!·qʰ, h = 0 … k − 1
///
/// and over all histories (k − 1)·Σ ln(intervals). For k = 1 and m = 0 this is equation 6 of Fader, Hardie and Lee (2005),
/// else that of Platzer and Reutterer (2016), with their gamma functions written as the products they are: nothing
/// overflows, and no digits are lost for large r and α.
struct BetaGeometricLikelihood {
  /// Of all histories.
  private(set) var sums = LikelihoodSums()

  /// - Complexity: O(distinct histories · k + times + repeats · k)
  init(of groups: RepeatGroups, at model: BetaGeometric, parallel: Parallel) {
    let terms = BetaGeometricTables(model: model, groups: groups)
    let blockSize = 1 << 14
    let blocks = Parallel.blockCount(count: groups.groups.count, blockSize: blockSize)
    var partials = [LikelihoodSums](repeating: LikelihoodSums(), count: blocks)
    partials.withUnsafeMutableBufferPointer { partials in
      nonisolated(unsafe) let partials = partials
      parallel.forEachBlock(count: groups.groups.count, blockSize: blockSize) { block in
        partials[block.index] = terms.sums(of: groups.groups[block.range])
      }
    }
    for partial in partials { sums.add(partial) }
    if let logIntervals = groups.logIntervals { sums.value += Double(model.k - 1) * logIntervals }
  }
}

/// What the likelihood needs of the parameters, tabulated by time and by number of repeats.
private struct BetaGeometricTables: Sendable {
  private let model: BetaGeometric
  private let times: [Double]
  /// By time: ln((α + t)/α) and 1/(α + t).
  private let growth: [Double]
  private let inverse: [Double]
  private let ofRepeats: [RepeatTerms]
  private let phases: PhaseCoefficients

  init(model: BetaGeometric, groups: RepeatGroups) {
    self.model = model
    times = groups.times
    growth = times.map { log1p($0 / model.alpha) }
    inverse = times.map { 1 / (model.alpha + $0) }
    ofRepeats = RepeatTerms.all(upTo: groups.maximumRepeats, model)
    phases = PhaseCoefficients(model, repeats: model.k > 1 ? groups.maximumRepeats : 0)
  }

  func sums(of groups: ArraySlice<RepeatGroups.Group>) -> LikelihoodSums {
    var sums = LikelihoodSums()
    growth.withUnsafeBufferPointer { growth in
      inverse.withUnsafeBufferPointer { inverse in
        ofRepeats.withUnsafeBufferPointer { ofRepeats in
          groups.withUnsafeBufferPointer { groups in
            for group in groups { add(group, growth, inverse, ofRepeats, to: &sums) }
          }
        }
      }
    }
    return sums
  }

  @inline(__always)
  private func add(
    _ group: RepeatGroups.Group, _ growth: UnsafeBufferPointer<Double>,
    _ inverse: UnsafeBufferPointer<Double>, _ ofRepeats: UnsafeBufferPointer<RepeatTerms>,
    to sums: inout LikelihoodSums
  ) {
    let (age, last, repeats) = (Int(group.age), Int(group.last), Int(group.repeats))
    var silence = Silence()
    if model.k > 1 {
      silence = phases.silence(repeats: repeats, q: (times[age] - times[last]) * inverse[age], inverse[age])
    }
    let kernel = BetaGeometricKernel(
      events: model.r + Double(model.k * repeats), alpha: model.alpha, growth: (growth[age], growth[last]),
      inverse: (inverse[age], inverse[last]), silence: silence)
    kernel.add(times: Double(group.count), ofRepeats[repeats], to: &sums)
  }
}

/// What depends on the number of repeats alone.
struct RepeatTerms: BitwiseCopyable {
  var shared = LikelihoodSums()
  /// ln(a/(b + x + m − 1)), 1/a and 1/(b + x + m − 1); `canHaveLeft` is false where nobody can have left.
  var logOdds = 0.0
  var inverseA = 0.0
  var inverseStaying = 0.0
  var canHaveLeft = false

  /// - Parameters:
  ///   - rising: of r over all phases, ln (r)ₖₓ.
  ///   - staying, both: of b and a + b over the chances to leave that were not taken, ln (b)ₓ₊ₘ and ln (a + b)ₓ₊ₘ.
  @inline(__always)
  init(
    _ model: BetaGeometric, repeats: Int, rising: RisingFactorial, staying: RisingFactorial,
    both: RisingFactorial
  ) {
    let chances = repeats + (model.leavesAtOrigin ? 1 : 0)
    let (alpha, phasesPassed) = (model.alpha, Double(model.k * repeats))
    shared.value =
      rising.value - phasesPassed * log(alpha) - Double(repeats) * GammaFunctions.logGamma(Double(model.k))
      + staying.value - both.value
    shared.gradient = SIMD4(
      rising.slope, -phasesPassed / alpha, -both.slope, staying.slope - both.slope)
    shared.byR[0] = rising.curvature
    shared.byAlpha[1] = phasesPassed / (alpha * alpha)
    shared.byA = SIMD4(0, 0, -both.curvature, -both.curvature)
    shared.byB = SIMD4(0, 0, -both.curvature, staying.curvature - both.curvature)
    guard chances > 0 else { return }
    let last = model.b + Double(chances - 1)
    canHaveLeft = true
    logOdds = log(model.a / last)
    inverseA = 1 / model.a
    inverseStaying = 1 / last
  }

  /// For 0 … `most` repeats.
  static func all(upTo most: Int, _ model: BetaGeometric) -> [RepeatTerms] {
    var rising = RisingFactorial(model.r, 0)
    var staying = RisingFactorial(model.b, model.leavesAtOrigin ? 1 : 0)
    var both = RisingFactorial(model.a + model.b, model.leavesAtOrigin ? 1 : 0)
    return (0...most).map { repeats in
      defer {
        for phase in 0..<model.k { rising.multiply(by: model.r + Double(model.k * repeats + phase)) }
        let chances = Double(model.leavesAtOrigin ? repeats + 1 : repeats)
        staying.multiply(by: model.b + chances)
        both.multiply(by: model.a + model.b + chances)
      }
      return RepeatTerms(model, repeats: repeats, rising: rising, staying: staying, both: both)
    }
  }
}
