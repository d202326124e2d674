import Foundation

/// A reproducible stream of pseudo-random numbers: xoshiro256** seeded through SplitMix64.
///
/// Source: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators" (2021).
struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spareNormal: Double?

  /// A stream of its own for every (seed, stream, purpose), whatever the order in which streams are drawn from.
  init(seed: UInt64, stream: UInt64, purpose: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    var inner = SplitMix64(state: mixer.next() ^ (stream &* 0xD134_2543_DE82_EF95))
    var last = SplitMix64(state: inner.next() ^ (purpose &* 0xAF25_1AF3_B0F0_25B5))
    state = (last.next(), last.next(), last.next(), last.next())
  }

  mutating func next() -> UInt64 {
    let result = Self.rotate(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotate(state.3, 45)
    return result
  }

  @inline(__always)
  private static func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }

  /// Uniform on [0, 1) with 53 bits.
  @inline(__always)
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform on [low, high).
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// A whole number from 0 to `count` - 1; the bias of the multiply-shift method is below 2⁻³² for these counts.
  mutating func index(_ count: Int) -> Int { Int(uniform() * Double(count)) }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  /// An index drawn with the given weights, which need not sum to 1.
  mutating func choice(_ weights: [Double]) -> Int {
    var left = uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return index }
    }
    return weights.count - 1
  }

  /// Standard normal (Marsaglia's polar method).
  mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x = uniform(-1, 1)
      let y = uniform(-1, 1)
      let square = x * x + y * y
      if square > 0, square < 1 {
        let factor = (-2 * log(square) / square).squareRoot()
        spareNormal = y * factor
        return x * factor
      }
    }
  }

  mutating func normal(mean: Double, deviation: Double) -> Double { mean + deviation * normal() }

  /// Lognormal with the given median and deviation of the logarithm.
  mutating func lognormal(median: Double, sigma: Double) -> Double { median * exp(sigma * normal()) }

  /// Exponential with the given mean.
  mutating func exponential(mean: Double) -> Double { -log(1 - uniform()) * mean }

  /// Weibull with the given scale and shape, by inversion.
  mutating func weibull(scale: Double, shape: Double) -> Double {
    scale * pow(-log(1 - uniform()), 1 / shape)
  }

  /// Poisson count; large means are split into halves, which keeps Knuth's product method exact.
  mutating func poisson(mean: Double) -> Int {
    if mean > 30 { return poisson(mean: mean / 2) + poisson(mean: mean / 2) }
    let limit = exp(-mean)
    var count = 0
    var product = uniform()
    while product > limit {
      count += 1
      product *= uniform()
    }
    return count
  }

  /// Gamma with the given shape and scale (Marsaglia and Tsang, 2000).
  mutating func gamma(shape: Double, scale: Double) -> Double {
    if shape < 1 { return gamma(shape: shape + 1, scale: scale) * pow(1 - uniform(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = pow(1 + c * x, 3)
      if v > 0, log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v * scale }
    }
  }
}

/// The seeding generator of the xoshiro family.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
