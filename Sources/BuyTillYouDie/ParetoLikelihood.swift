internal import Foundation
internal import LinearAlgebra
internal import Statistics

/// The log-likelihood of a Pareto/NBD at some parameters with its first and second derivatives by r, α, s, β.
///
/// Derivatives come under the integral over the time of leaving (`DeathTime`): with the weights of its nodes and of being
/// alive as probabilities, the gradient of the logarithm is the mean of the gradients, and its matrix of second
/// derivatives the mean of theirs plus the covariance of the gradients. Accuracy: that of the integral, about 1e-13 of
/// every history's likelihood.
struct ParetoLikelihood {
  private(set) var sums = LikelihoodSums()

  /// - Complexity: O(distinct histories), 16 nodes or more each
  init(of groups: RepeatGroups, at model: ParetoNBD, parallel: Parallel) {
    let kernels = (0...groups.maximumRepeats).map {
      ParetoKernel(model, repeats: $0, RisingFactorial(model.r, $0))
    }
    let blockSize = 1 << 11
    let blocks = Parallel.blockCount(count: groups.groups.count, blockSize: blockSize)
    var partials = [LikelihoodSums](repeating: LikelihoodSums(), count: blocks)
    let times = groups.times
    partials.withUnsafeMutableBufferPointer { partials in
      nonisolated(unsafe) let partials = partials
      parallel.forEachBlock(count: groups.groups.count, blockSize: blockSize) { block in
        var sums = LikelihoodSums()
        for group in groups.groups[block.range] {
          kernels[Int(group.repeats)].add(
            times: Double(group.count), last: times[Int(group.last)], age: times[Int(group.age)], to: &sums)
        }
        partials[block.index] = sums
      }
    }
    for partial in partials { sums.add(partial) }
  }
}

/// What depends on the parameters and the number of repeats.
struct ParetoKernel: Sendable {
  private let model: ParetoNBD
  private let events: Double
  private let rising: RisingFactorial

  init(_ model: ParetoNBD, repeats: Int, _ rising: RisingFactorial) {
    self.model = model
    events = model.r + Double(repeats)
    self.rising = rising
  }

  /// Adds `count` histories with so many repeats.
  @inline(__always)
  func add(times count: Double, last: Double, age: Double, to sums: inout LikelihoodSums) {
    let time = DeathTime(model, events: events, last: last, age: age)
    let (alpha, beta, s) = (model.alpha, model.beta, model.s)
    let (baseRate, baseLeaving) = (log1p(last / alpha), log1p(last / beta))
    var mixture = Mixture()
    time.forEachNode { node in
      let (v, w) = (1 / (alpha + node.time), 1 / (beta + node.time))
      mixture.add(
        node.weight,
        gradient: SIMD4(
          -node.growth.rate, -events * v, 1 / s - node.growth.leaving, -(s + 1) * w),
        v: v, w: w, vv: events * v * v, ww: (s + 1) * w * w, ss: -1 / (s * s))
    }
    let (v, w) = (1 / (alpha + age), 1 / (beta + age))
    mixture.add(
      time.alive,
      gradient: SIMD4(
        -log1p((age - last) / (alpha + last)), -events * v, -log1p((age - last) / (beta + last)), -s * w),
      v: v, w: w, vv: events * v * v, ww: s * w * w, ss: 0)
    let x = events - model.r
    let value = rising.value - x * log(alpha) - events * baseRate - s * baseLeaving
    sums.value += count * (value + log(mixture.total))
    let scale = 1 / mixture.total
    let mean = mixture.gradient * scale
    let fixed = SIMD4<Double>(rising.slope - baseRate, model.r / alpha, -baseLeaving, s / beta)
    sums.gradient += count * (mean + fixed)
    let second = mixture.second * scale
    let byRates = 1 / alpha - second[0]
    let byLeaving = 1 / beta - second[1]
    var (byR, byAlpha) = (mixture.byR * scale - mean[0] * mean, mixture.byAlpha * scale - mean[1] * mean)
    var (byS, byBeta) = (mixture.byS * scale - mean[2] * mean, mixture.byBeta * scale - mean[3] * mean)
    byR += SIMD4(rising.curvature, byRates, 0, 0)
    byAlpha += SIMD4(byRates, second[2] - model.r / (alpha * alpha), 0, 0)
    byS += SIMD4(0, 0, mixture.ss * scale, byLeaving)
    byBeta += SIMD4(0, 0, byLeaving, second[3] - s / (beta * beta))
    sums.byR += count * byR
    sums.byAlpha += count * byAlpha
    sums.byA += count * byS
    sums.byB += count * byBeta
  }

  /// Sums over the times of leaving, and over being alive.
  private struct Mixture {
    var total = 0.0
    var gradient = SIMD4<Double>.zero
    /// Sums of the outer products of gradients.
    var byR = SIMD4<Double>.zero
    var byAlpha = SIMD4<Double>.zero
    var byS = SIMD4<Double>.zero
    var byBeta = SIMD4<Double>.zero
    /// Second derivatives by r and α, s and β, α twice, β twice.
    var second = SIMD4<Double>.zero
    var ss = 0.0

    @inline(__always)
    mutating func add(
      _ weight: Double, gradient own: SIMD4<Double>, v: Double, w: Double, vv: Double, ww: Double, ss: Double
    ) {
      total += weight
      let weighted = weight * own
      gradient += weighted
      byR += own[0] * weighted
      byAlpha += own[1] * weighted
      byS += own[2] * weighted
      byBeta += own[3] * weighted
      second += weight * SIMD4(v, w, vv, ww)
      self.ss += weight * ss
    }
  }
}
