/// A log-likelihood with its first and second derivatives by four parameters, summed over histories.
struct LikelihoodSums: BitwiseCopyable {
  /// In nats.
  var value = 0.0
  var gradient = SIMD4<Double>.zero
  /// Rows of the symmetric matrix of second derivatives, named for r, α, a, b (with Pareto/NBD: s, β).
  var byR = SIMD4<Double>.zero
  var byAlpha = SIMD4<Double>.zero
  var byA = SIMD4<Double>.zero
  var byB = SIMD4<Double>.zero

  @inline(__always)
  mutating func add(_ other: LikelihoodSums) {
    value += other.value
    gradient += other.gradient
    byR += other.byR
    byAlpha += other.byAlpha
    byA += other.byA
    byB += other.byB
  }

  /// By the logarithms of the parameters instead of the parameters.
  func byLogarithms(of parameters: SIMD4<Double>) -> LikelihoodSums {
    var sums = self
    sums.gradient = gradient * parameters
    sums.byR = byR * parameters * parameters[0]
    sums.byAlpha = byAlpha * parameters * parameters[1]
    sums.byA = byA * parameters * parameters[2]
    sums.byB = byB * parameters * parameters[3]
    sums.byR[0] += sums.gradient[0]
    sums.byAlpha[1] += sums.gradient[1]
    sums.byA[2] += sums.gradient[2]
    sums.byB[3] += sums.gradient[3]
    return sums
  }

  /// The matrix of second derivatives, row by row.
  var hessian: [SIMD4<Double>] { [byR, byAlpha, byA, byB] }
}
