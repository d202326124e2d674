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

  static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let order = vector.count
    var result = [Double](repeating: 0, count: order)
    matrix.withUnsafeBufferPointer { matrix in
      vector.withUnsafeBufferPointer { vector in
        for row in 0..<order {
          var sum = 0.0
          for column in 0..<order { sum += matrix[row * order + column] * vector[column] }
          result[row] = sum
        }
      }
    }
    return result
  }
}
