internal import Foundation
internal import LinearAlgebra
internal import Statistics

/// The log-likelihood of a gamma-gamma model at some parameters with its first and second derivatives.
///
/// For one customer with x amounts of the mean z̄ (equation 1a of Fader and Hardie 2013), with N = p·x + q and
/// m = v + x·z̄:
///
///     ℓ = ln Γ(N) − ln Γ(p·x) − ln Γ(q) + q·ln v + p·x·ln(x·z̄) − ln z̄ − N·ln m
///     ∂ℓ/∂p = x·(ψ(N) − ψ(p·x) + ln(x·z̄/m)),  ∂ℓ/∂q = ψ(N) − ψ(q) + ln(v/m),  ∂ℓ/∂v = q/v − N/m
///
/// The gamma functions depend on x alone and are taken once a number of amounts; a customer costs one logarithm.
struct GammaGammaLikelihood {
  /// Sum over all customers.
  var value = 0.0
  /// By p, q, v.
  var gradient = [0.0, 0.0, 0.0]
  /// The symmetric matrix of second derivatives, rows p, q, v.
  var hessian = [[Double]](repeating: [0, 0, 0], count: 3)

  /// What the customers of one block add that depends on their means.
  private struct Sums: BitwiseCopyable {
    /// Σ ln(1 + v/(x·z̄)), Σ ln(x·z̄/v), Σ 1/m and Σ 1/m².
    var shares = 0.0
    var relative = 0.0
    var inverse = 0.0
    var inverseSquare = 0.0
  }

  private static let blockSize = 1 << 15

  /// - Complexity: O(customers), on all threads.
  init(of sample: SpendSample, at model: GammaGamma, parallel: Parallel) {
    for group in sample.groups {
      let sums = Self.sums(of: sample.means[group.range], count: group.count, v: model.v, parallel)
      add(group, sums, model)
    }
  }

  private static func sums(
    of means: ArraySlice<Double>, count: Int, v: Double, _ parallel: Parallel
  ) -> Sums {
    let blocks = Parallel.blockCount(count: means.count, blockSize: blockSize)
    let x = Double(count)
    let partials = [Sums](unsafeUninitializedCapacity: blocks) { partials, count in
      nonisolated(unsafe) let target = partials
      means.withUnsafeBufferPointer { means in
        nonisolated(unsafe) let means = means
        parallel.forEachBlock(count: means.count, blockSize: blockSize) { block in
          var sums = Sums()
          for mean in means[block.range] {
            let total = x * mean
            let inverse = 1 / (v + total)
            sums.shares += log1p(v / total)
            sums.relative += log(total / v)
            sums.inverse += inverse
            sums.inverseSquare += inverse * inverse
          }
          target[block.index] = sums
        }
      }
      count = blocks
    }
    return partials.reduce(into: Sums()) { sums, own in
      sums.shares += own.shares
      sums.relative += own.relative
      sums.inverse += own.inverse
      sums.inverseSquare += own.inverseSquare
    }
  }

  private mutating func add(_ group: SpendSample.Group, _ sums: Sums, _ model: GammaGamma) {
    let (n, x) = (Double(group.range.count), Double(group.count))
    let (p, q, v) = (model.p, model.q, model.v)
    let events = p * x + q
    // Σ ln(x·z̄/m) and Σ ln(v/m).
    let (ownLogs, scaleLogs) = (-sums.shares, -sums.shares - sums.relative)
    value +=
      -n * GammaFunctions.logBeta(p * x, q) + p * x * ownLogs + q * scaleLogs - group.logMeans
    let (first, second) = (GammaFunctions.digamma(events), GammaFunctions.trigamma(events))
    gradient[0] += x * (n * (first - GammaFunctions.digamma(p * x)) + ownLogs)
    gradient[1] += n * (first - GammaFunctions.digamma(q)) + scaleLogs
    gradient[2] += n * q / v - events * sums.inverse
    hessian[0][0] += n * x * x * (second - GammaFunctions.trigamma(p * x))
    hessian[1][1] += n * (second - GammaFunctions.trigamma(q))
    hessian[2][2] += events * sums.inverseSquare - n * q / (v * v)
    for (row, column, value) in [
      (0, 1, n * x * second), (0, 2, -x * sums.inverse), (1, 2, n / v - sums.inverse),
    ] {
      hessian[row][column] += value
      hessian[column][row] += value
    }
  }
}
