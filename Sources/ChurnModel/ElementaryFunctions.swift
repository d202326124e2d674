/// Elementary functions without branches or calls, so that a loop over a panel uses vector instructions.
///
/// Each agrees with the C library's to 1e-15 relative; the coefficients are those of the plain Taylor series, which
/// converge fast enough after the range is reduced.
enum ElementaryFunctions {
  private static let log2e = 1.4426950408889634
  /// log 2 in two parts; the first has trailing zero bits, so that a small whole multiple of it is exact.
  private static let ln2High = 6.931_471_803_691_238e-01
  private static let ln2Low = 1.908_214_929_270_587_7e-10
  /// 1.5·2^52: adding it rounds to the nearest whole number, which is then in the lowest bits.
  private static let roundingShift = 6_755_399_441_055_744.0
  private static let exponentShift: UInt64 = 52
  private static let bitsOfOne: UInt64 = 0x3ff0_0000_0000_0000
  private static let bitsOfRootOneHalf: UInt64 = 0x3fe6_a09e_667f_3bcd
  private static let signBit: UInt64 = 0x8000_0000_0000_0000
  /// Least argument whose exponential is a normal number.
  private static let leastExponent = -708.0
  private static let rootTwoMinusOne = 0.41421356237309503
  private static let ln2 = 0.6931471805599453
  private static let twoTo52 = 4_503_599_627_370_496.0
  private static let bitsOfTwoTo52: UInt64 = 0x4330_0000_0000_0000

  /// e^x for x ≤ 0, with x below −708 read as −708.
  @inline(__always)
  static func exponential(ofNonPositive x: Double) -> Double {
    let bounded = x < leastExponent ? leastExponent : x
    let shifted = bounded * log2e + roundingShift
    let k = shifted - roundingShift
    let r = (bounded - k * ln2High) - k * ln2Low
    let r2 = r * r
    let r4 = r2 * r2
    let low = (1 + r) + r2 * (0.5 + r * (1.0 / 6))
    let middle = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040))
    let high = (1.0 / 40320 + r * (1.0 / 362_880)) + r2 * (1.0 / 3_628_800 + r * (1.0 / 39_916_800))
    let polynomial = low + r4 * (middle + r4 * (high + r4 * (1.0 / 479_001_600)))
    // The lowest bits of `shifted` are k: they become the exponent of 2^k.
    return polynomial * Double(bitPattern: (shifted.bitPattern &<< exponentShift) &+ bitsOfOne)
  }

  /// log(1 + x) for x in 0...1.
  @inline(__always)
  static func logarithm(ofOnePlusFraction x: Double) -> Double {
    // Above √2 − 1 the half of 1 + x is taken, so that |s| stays below .172.
    let isLarge = x > rootTwoMinusOne
    let s = (isLarge ? x - 1 : x) / (isLarge ? x + 3 : x + 2)
    return (isLarge ? ln2 : 0) + twiceArtanh(s)
  }

  /// sign(x)·log(1 + |x|); NaN stays NaN.
  @inline(__always)
  static func signedLogarithm(_ x: Double) -> Double {
    let a = x.magnitude
    let y = 1 + a
    // What the rounding of 1 + |x| lost.
    let correction = (a - (y - 1)) / y
    let exponent = (y.bitPattern &- bitsOfRootOneHalf) &>> exponentShift
    let k = Double(bitPattern: exponent | bitsOfTwoTo52) - twoTo52
    let f = Double(bitPattern: y.bitPattern &- (exponent &<< exponentShift)) - 1
    let logarithm = k * ln2High + (twiceArtanh(f / (2 + f)) + (k * ln2Low + correction))
    return Double(bitPattern: logarithm.bitPattern | (x.bitPattern & signBit))
  }

  /// 2·artanh(s) for |s| ≤ .172, by its series up to s^21.
  @inline(__always)
  private static func twiceArtanh(_ s: Double) -> Double {
    let z = s * s
    let z2 = z * z
    let z4 = z2 * z2
    let low = (1.0 / 3 + z * (1.0 / 5)) + z2 * (1.0 / 7 + z * (1.0 / 9))
    let high = (1.0 / 11 + z * (1.0 / 13)) + z2 * (1.0 / 15 + z * (1.0 / 17))
    return 2 * s + 2 * s * z * (low + z4 * (high + z4 * (1.0 / 19 + z * (1.0 / 21))))
  }
}
