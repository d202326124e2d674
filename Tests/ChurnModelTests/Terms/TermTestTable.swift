import ChurnModel
import Foundation
import LinearAlgebra

extension TestTable {
  /// Labels that follow a bend, a category and the product of two features, with a feature of pure noise beside them.
  static func bent(count: Int, seed: UInt64 = 7) -> TestTable {
    var table = TestTable(count: 0)
    table.features = [
      FeatureColumn(name: "bend", kind: .numeric), FeatureColumn(name: "left", kind: .numeric),
      FeatureColumn(name: "right", kind: .numeric),
      FeatureColumn(name: "town", kind: .category(levels: ["a", "b", "c", "d"])),
      FeatureColumn(name: "noise", kind: .numeric),
    ]
    var state = seed
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    for _ in 0..<count {
      let (bend, left, right) = (4 * uniform() - 2, 2 * uniform() - 1, 2 * uniform() - 1)
      let town = Double(Int(4 * uniform()))
      let margin = bend * bend - 1.5 + (left * right > 0 ? 1.5 : -1.5) + (town == 2 ? 1 : 0)
      let missing = uniform() < 0.05
      table.rows.append([missing ? .nan : bend, left, right, town, uniform()])
      table.labels.append(uniform() < 1 / (1 + exp(-margin)))
    }
    return table
  }

  func terms(
    weights: [Double]? = nil, groups: [Int32]? = nil, _ change: (inout TermOptions) -> Void = { _ in }
  ) throws(ChurnModelError) -> TermFit {
    var options = TermOptions()
    options.knots = 12
    options.pairKnots = 8
    change(&options)
    return try TermRegression.fit(
      features: features, values: values, labels: labels, weights: weights, groups: groups,
      options: options)
  }
}

extension TermModel {
  func margins(_ rows: [[Double]]) -> [Double] {
    var result = [Double](repeating: .nan, count: rows.count)
    rows.flatMap { $0 }.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { margins(features: values, rows: rows.count, into: $0) }
    }
    return result
  }
}

func greatestDifference(_ first: [Double], _ second: [Double]) -> Double {
  zip(first, second).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}
