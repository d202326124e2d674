import ChurnModel
import Foundation
import LinearAlgebra

/// A table made up for tests: every kind of feature, missing values, and labels that depend on it.
struct TestTable {
  var features: [FeatureColumn] = [
    FeatureColumn(name: "age", kind: .numeric),
    FeatureColumn(name: "spend", kind: .logarithm),
    FeatureColumn(name: "region", kind: .category(levels: ["north", "south", "east", "nowhere", "rare"])),
    FeatureColumn(name: "loyal", kind: .flag),
    FeatureColumn(name: "gap", kind: .numeric),
  ]
  var rows: [[Double]] = []
  var labels: [Bool] = []

  init(count: Int, missing: Bool = true) {
    var state: UInt64 = 42
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    for index in 0..<count {
      let age = 20 + 50 * uniform()
      let spend = (exp(8 * uniform()) - 30).rounded()
      let region = index % 200 == 3 ? 4 : Double(Int(uniform() * uniform() * 3))
      let loyal: Double = uniform() < 0.4 ? 1 : 0
      let gap = uniform() + uniform() + age / 100
      let margin = 0.05 * (age - 45) - 0.2 * (spend > 0 ? log1p(spend) : 0) + 0.5 * region - loyal + gap
      labels.append(uniform() < 1 / (1 + exp(-margin)))
      let (noAge, noRegion) = (uniform() < 0.1, uniform() < 0.05)
      rows.append([
        missing && noAge ? .nan : age, spend, missing && noRegion ? .nan : region, loyal,
        missing && noAge ? .nan : gap,
      ])
    }
  }

  var values: Matrix { Matrix(rows) }

  func fit(
    weights: [Double]? = nil, clusters: [Int32]? = nil, _ change: (inout LogisticOptions) -> Void = { _ in }
  ) throws(ChurnModelError) -> LogisticFit {
    var options = LogisticOptions()
    change(&options)
    return try LogisticRegression.fit(
      features: features, values: values, labels: labels, weights: weights, clusters: clusters,
      options: options)
  }
}

extension LogisticModel {
  func margins(_ rows: [[Double]]) -> [Double] {
    var result = [Double](repeating: .nan, count: rows.count)
    rows.flatMap { $0 }.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { margins(features: values, rows: rows.count, into: $0) }
    }
    return result
  }

  func probabilities(_ rows: [[Double]]) -> [Double] {
    var result = [Double](repeating: .nan, count: rows.count)
    rows.flatMap { $0 }.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { score(features: values, rows: rows.count, into: $0) }
    }
    return result
  }
}

/// The greatest difference of the coefficients, which must be those of the same columns.
func difference(_ first: LogisticModel, _ second: LogisticModel) -> Double {
  guard first.columns.map(\.name) == second.columns.map(\.name) else { return .infinity }
  return zip(first.columns, second.columns).reduce((first.intercept - second.intercept).magnitude) {
    max($0, ($1.0.coefficient - $1.1.coefficient).magnitude)
  }
}
