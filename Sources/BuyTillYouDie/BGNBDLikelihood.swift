internal import Foundation
internal import LinearAlgebra

/// The log-likelihood of a BG/NBD at some parameters with its first and second derivatives.
///
/// For one history (x, t_x, T), with u(t) = ln((α + t)/α):
///
///     ℓ = Σᵢ ln(r + i) − x ln α + Σᵢ [ln(b + i) − ln(a + b + i)]
///         + ln(exp(−(r + x)·u(T)) + [x > 0]·a/(b + x − 1)·exp(−(r + x)·u(t_x))),   i = 0 … x − 1
///
/// which is equation 6 of Fader, Hardie and Lee (2005) with its gamma functions written as the products they are:
/// nothing overflows, and no digits are lost for large r and α.
struct BGNBDLikelihood {
  /// Sum over all histories.
  var value = 0.0
  /// By r, α, a, b.
  var gradient = SIMD4<Double>.zero
  /// Rows of the symmetric matrix of second derivatives.
  var hessian = [SIMD4<Double>](repeating: .zero, count: 4)

  /// - Complexity: O(distinct histories + days + repeats)
  init(of groups: RepeatGroups, at model: BGNBD, parallel: Parallel) {
    let terms = Terms(model: model, groups: groups)
    let blockSize = 1 << 14
    let blocks = Parallel.blockCount(count: groups.groups.count, blockSize: blockSize)
    var partials = [Sums](repeating: Sums(), count: blocks)
    partials.withUnsafeMutableBufferPointer { partials in
      nonisolated(unsafe) let partials = partials
      parallel.forEachBlock(count: groups.groups.count, blockSize: blockSize) { block in
        partials[block.index] = terms.sums(of: groups.groups[block.range])
      }
    }
    for partial in partials { add(partial) }
  }

  private mutating func add(_ sums: Sums) {
    value += sums.value
    gradient += sums.gradient
    hessian[0] += sums.byR
    hessian[1] += sums.byAlpha
    hessian[2] += sums.byA
    hessian[3] += sums.byB
  }

  /// What one block of histories adds.
  struct Sums: BitwiseCopyable {
    var value = 0.0
    var gradient = SIMD4<Double>.zero
    var byR = SIMD4<Double>.zero
    var byAlpha = SIMD4<Double>.zero
    var byA = SIMD4<Double>.zero
    var byB = SIMD4<Double>.zero
  }
}

/// What the likelihood needs of the parameters, tabulated by day and by number of repeats.
private struct Terms: Sendable {
  private let model: BGNBD
  /// By day: ln((α + t)/α) and 1/(α + t).
  private let growth: [Double]
  private let inverse: [Double]
  /// By number of repeats: the part of the likelihood that depends on it alone.
  private let ofRepeats: [BGNBDLikelihood.Sums]
  /// By number of repeats: ln(a/(b + x − 1)), 0 for none.
  private let logOdds: [Double]

  init(model: BGNBD, groups: RepeatGroups) {
    self.model = model
    let times = (0...groups.maximumAge).map { Double($0) / model.daysPerUnit }
    growth = times.map { log1p($0 / model.alpha) }
    inverse = times.map { 1 / (model.alpha + $0) }
    logOdds = (0...groups.maximumRepeats).map {
      $0 == 0 ? 0 : log(model.a) - log(model.b + Double($0 - 1))
    }
    var parts: [BGNBDLikelihood.Sums] = []
    var sums = BGNBDLikelihood.Sums()
    let logAlpha = log(model.alpha)
    for repeats in 0...groups.maximumRepeats {
      parts.append(sums)
      let i = Double(repeats)
      let (byR, byB, byAB) = (1 / (model.r + i), 1 / (model.b + i), 1 / (model.a + model.b + i))
      sums.value += log(model.r + i) - logAlpha + log(model.b + i) - log(model.a + model.b + i)
      sums.gradient += SIMD4(byR, -1 / model.alpha, -byAB, byB - byAB)
      sums.byR[0] -= byR * byR
      sums.byAlpha[1] += 1 / (model.alpha * model.alpha)
      sums.byA += SIMD4(0, 0, byAB * byAB, byAB * byAB)
      sums.byB += SIMD4(0, 0, byAB * byAB, byAB * byAB - byB * byB)
    }
    ofRepeats = parts
  }

  func sums(of groups: ArraySlice<RepeatGroups.Group>) -> BGNBDLikelihood.Sums {
    var sums = BGNBDLikelihood.Sums()
    growth.withUnsafeBufferPointer { growth in
      inverse.withUnsafeBufferPointer { inverse in
        groups.withUnsafeBufferPointer { groups in
          for group in groups { add(group, growth, inverse, to: &sums) }
        }
      }
    }
    return sums
  }

  @inline(__always)
  private func add(
    _ group: RepeatGroups.Group, _ growth: UnsafeBufferPointer<Double>,
    _ inverse: UnsafeBufferPointer<Double>, to sums: inout BGNBDLikelihood.Sums
  ) {
    let alpha = model.alpha
    let repeats = Int(group.repeats)
    let count = Double(group.count)
    let events = model.r + Double(repeats)
    let (uAge, vAge) = (growth[Int(group.age)], inverse[Int(group.age)])
    // As if alive at the end.
    var value = -events * uAge
    var gradient = SIMD4(-uAge, events / alpha - events * vAge, 0, 0)
    var mixed = 1 / alpha - vAge
    var byAlpha = events * vAge * vAge - events / (alpha * alpha)
    var (byA, byB) = (0.0, 0.0)
    var outer = SIMD4<Double>.zero
    var weight = 0.0
    if repeats > 0 {
      // And as if gone after the last repeat, mixed in by the probability of that.
      let (uLast, vLast) = (growth[Int(group.lastDay)], inverse[Int(group.lastDay)])
      let distance = logOdds[repeats] + events * (uAge - uLast)
      let gone = distance >= 0 ? 1 / (1 + exp(-distance)) : exp(distance) / (1 + exp(distance))
      value += distance > 0 ? distance + log1p(exp(-distance)) : log1p(exp(distance))
      let (inverseA, inverseB) = (1 / model.a, 1 / (model.b + Double(repeats - 1)))
      outer = SIMD4(uAge - uLast, events * (vAge - vLast), inverseA, -inverseB)
      gradient += gone * outer
      mixed += gone * (vAge - vLast)
      byAlpha += gone * events * (vLast * vLast - vAge * vAge)
      byA = -gone * inverseA * inverseA
      byB = gone * inverseB * inverseB
      weight = count * gone * (1 - gone)
    }
    let shared = ofRepeats[repeats]
    sums.value += count * (value + shared.value)
    sums.gradient += count * (gradient + shared.gradient)
    sums.byR += weight * outer[0] * outer + count * (shared.byR + SIMD4(0, mixed, 0, 0))
    sums.byAlpha += weight * outer[1] * outer + count * (shared.byAlpha + SIMD4(mixed, byAlpha, 0, 0))
    sums.byA += weight * outer[2] * outer + count * (shared.byA + SIMD4(0, 0, byA, 0))
    sums.byB += weight * outer[3] * outer + count * (shared.byB + SIMD4(0, 0, 0, byB))
  }
}
