internal import Foundation

/// ln S of a silence since the last visit and its derivatives by A and α; all 0 for k = 1.
struct Silence: BitwiseCopyable {
  var value = 0.0
  var byShape = 0.0
  var byAlpha = 0.0
  var byShapeShape = 0.0
  var byShapeAlpha = 0.0
  var byAlphaAlpha = 0.0
}

/// One history's part of the likelihood that is not its number of repeats alone.
struct BetaGeometricKernel: BitwiseCopyable {
  /// A = r + kx.
  let events: Double
  let alpha: Double
  /// ln((α + t)/α) and 1/(α + t) at T and at t_x.
  let growth: (age: Double, last: Double)
  let inverse: (age: Double, last: Double)
  let silence: Silence

  /// Adds `count` such histories.
  @inline(__always)
  func add(times count: Double, _ terms: RepeatTerms, to sums: inout LikelihoodSums) {
    let (uAge, uLast) = growth
    let (vAge, vLast) = inverse
    // As if alive at the end.
    var value = silence.value - events * uAge
    var gradient = SIMD4(
      silence.byShape - uAge, silence.byAlpha + events / alpha - events * vAge, 0, 0)
    var byRR = silence.byShapeShape
    var mixed = silence.byShapeAlpha + 1 / alpha - vAge
    var byAlpha = silence.byAlphaAlpha + events * vAge * vAge - events / (alpha * alpha)
    var (byA, byB) = (0.0, 0.0)
    var outer = SIMD4<Double>.zero
    var weight = 0.0
    if terms.canHaveLeft {
      // And as if gone after the last visit, mixed in by the probability of that.
      let distance = terms.logOdds + events * (uAge - uLast) - silence.value
      let decay = exp(-abs(distance))
      let gone = distance >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
      value += (distance > 0 ? distance : 0) + log1p(decay)
      outer = SIMD4(
        uAge - uLast - silence.byShape, events * (vAge - vLast) - silence.byAlpha, terms.inverseA,
        -terms.inverseStaying)
      gradient += gone * outer
      byRR -= gone * silence.byShapeShape
      mixed += gone * (vAge - vLast - silence.byShapeAlpha)
      byAlpha += gone * (events * (vLast * vLast - vAge * vAge) - silence.byAlphaAlpha)
      byA = -gone * terms.inverseA * terms.inverseA
      byB = gone * terms.inverseStaying * terms.inverseStaying
      weight = count * decay / ((1 + decay) * (1 + decay))
    }
    let shared = terms.shared
    sums.value += count * (value + shared.value)
    sums.gradient += count * (gradient + shared.gradient)
    sums.byR += weight * outer[0] * outer + count * (shared.byR + SIMD4(byRR, mixed, 0, 0))
    sums.byAlpha += weight * outer[1] * outer + count * (shared.byAlpha + SIMD4(mixed, byAlpha, 0, 0))
    sums.byA += weight * outer[2] * outer + count * (shared.byA + SIMD4(0, 0, byA, 0))
    sums.byB += weight * outer[3] * outer + count * (shared.byB + SIMD4(0, 0, 0, byB))
  }
}

/// The coefficients (A)ₕ/h! of S and their derivatives by A, for every number of repeats.
struct PhaseCoefficients: Sendable {
  private let k: Int
  /// By number of repeats and h: coefficient, first and second derivative.
  private let coefficients: [Double]

  private static let perPhase = 3

  init(_ model: BetaGeometric, repeats most: Int) {
    k = model.k
    var coefficients: [Double] = []
    coefficients.reserveCapacity((most + 1) * k * Self.perPhase)
    for repeats in 0...most {
      let shape = model.r + Double(k * repeats)
      var (value, slope, curvature) = (1.0, 0.0, 0.0)
      for phase in 0..<k {
        coefficients += [value, slope, curvature]
        // (A)ₕ₊₁/(h + 1)! = (A)ₕ/h!·(A + h)/(h + 1)
        let factor = (shape + Double(phase)) / Double(phase + 1)
        let step = 1 / Double(phase + 1)
        (value, slope, curvature) = (
          value * factor, slope * factor + value * step, curvature * factor + 2 * slope * step
        )
      }
    }
    self.coefficients = coefficients
  }

  /// ln S for a silence that is the share q of α + T.
  ///
  /// - Parameter inverse: 1/(α + T).
  @inline(__always)
  func silence(repeats: Int, q: Double, _ inverse: Double) -> Silence {
    coefficients.withUnsafeBufferPointer { coefficients in
      var index = ((repeats + 1) * k - 1) * Self.perPhase
      var (sum, byShape, byShapeShape) = (0.0, 0.0, 0.0)
      var (byQ, byShapeQ, byQQ) = (0.0, 0.0, 0.0)
      // Horner's rule for the polynomial and its derivatives.
      for _ in 0..<k {
        byQQ = byQQ * q + 2 * byQ
        byShapeQ = byShapeQ * q + byShape
        byQ = byQ * q + sum
        sum = sum * q + coefficients[index]
        byShape = byShape * q + coefficients[index + 1]
        byShapeShape = byShapeShape * q + coefficients[index + 2]
        index -= Self.perPhase
      }
      let scale = 1 / sum
      let (slope, slopeQ) = (byShape * scale, byQ * scale)
      let (qByAlpha, qByAlphaAlpha) = (-q * inverse, 2 * q * inverse * inverse)
      return Silence(
        value: log(sum), byShape: slope, byAlpha: slopeQ * qByAlpha,
        byShapeShape: byShapeShape * scale - slope * slope,
        byShapeAlpha: (byShapeQ * scale - slope * slopeQ) * qByAlpha,
        byAlphaAlpha: (byQQ * scale - slopeQ * slopeQ) * qByAlpha * qByAlpha + slopeQ * qByAlphaAlpha)
    }
  }
}
