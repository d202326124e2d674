/// A quadratic model of the mean log loss, ½·βᵀHβ + cᵀβ, with the gradient c + Hβ.
struct QuadraticModel: Sendable {
  /// H, row-major.
  let hessian: [Double]
  /// c.
  let constant: [Double]

  var order: Int { constant.count }

  /// The model that has a gradient at some coefficients.
  init(hessian: [Double], gradient: [Double], at coefficients: [Double]) {
    self.hessian = hessian
    constant = zip(gradient, Self.product(hessian, coefficients)).map { $0 - $1 }
  }

  /// (1 − share)·first + share·second.
  init(_ first: QuadraticModel, _ second: QuadraticModel, share: Double) {
    hessian = Self.mean(first.hessian, second.hessian, share: share)
    constant = Self.mean(first.constant, second.constant, share: share)
  }

  func gradient(_ coefficients: [Double]) -> [Double] {
    zip(constant, Self.product(hessian, coefficients)).map { $0 + $1 }
  }

  /// How much lower the model with a penalty is at `new` than at `old`, whose gradient is given.
  func decrease(from old: [Double], gradient: [Double], to new: [Double], _ penalty: PenaltyTerms) -> Double {
    let step = zip(new, old).map { $0 - $1 }
    let curved = Self.product(hessian, step)
    let change = step.indices.reduce(0) { $0 + step[$1] * (gradient[$1] + curved[$1] / 2) }
    return penalty.value(old) - penalty.value(new) - change
  }

  /// (1 − share)·first + share·second, element by element.
  static func mean(_ first: [Double], _ second: [Double], share: Double) -> [Double] {
    var result = first
    for index in result.indices { result[index] += share * (second[index] - first[index]) }
    return result
  }

  /// first + factor·second, element by element.
  static func sum(_ first: [Double], _ second: [Double], times factor: Double) -> [Double] {
    var result = first
    for index in result.indices { result[index] += factor * second[index] }
    return result
  }

  /// The sum of vectors or matrices, element by element; empty when there are none.
  static func sum(_ parts: [[Double]]) -> [Double] {
    guard var result = parts.first else { return [] }
    for part in parts.dropFirst() {
      for index in result.indices { result[index] += part[index] }
    }
    return result
  }

  /// The length of the difference of two vectors.
  static func distance(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let order = vector.count
    var result = [Double](repeating: 0, count: order)
    matrix.withUnsafeBufferPointer { matrix in
      vector.withUnsafeBufferPointer { vector in
        for row in 0..<order {
          result[row] = dot(UnsafeBufferPointer(rebasing: matrix[row * order..<(row + 1) * order]), vector)
        }
      }
    }
    return result
  }

  /// In four chains, which the processor adds side by side.
  private static func dot(_ first: UnsafeBufferPointer<Double>, _ second: UnsafeBufferPointer<Double>)
    -> Double
  {
    var chains = SIMD4<Double>(repeating: 0)
    let whole = first.count & ~3
    for index in stride(from: 0, to: whole, by: 4) {
      let own = SIMD4<Double>(first[index], first[index + 1], first[index + 2], first[index + 3])
      let other = SIMD4<Double>(second[index], second[index + 1], second[index + 2], second[index + 3])
      chains += own * other
    }
    var total = chains.sum()
    for index in whole..<first.count { total += first[index] * second[index] }
    return total
  }
}
