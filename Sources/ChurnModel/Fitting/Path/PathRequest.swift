import LinearAlgebra

/// What is asked of a pass at one vector of coefficients.
struct PathRequest: Sendable {
  /// Intercept first, standardised.
  let coefficients: [Double]
  /// The groups whose rows count.
  let groups: [Int]
  /// Of the Gram matrix; nil where none is wanted.
  var gram: GramPrecision?
}

/// What a pass found at one vector of coefficients, group after group in the order of the request; plain sums.
struct PathSums: Sendable {
  let groups: [Int]
  /// Σ w·loss.
  var losses: [Double]
  /// Xᵀ(w·(p − y)), empty when no gradient was asked for.
  var gradients: [[Double]]
  /// XᵀWX, row-major and symmetric, empty when it was not asked for.
  var grams: [[Double]]
  /// What rounding may do to the sum of the losses, relative to it.
  var lossRounding = 1e-14
}
