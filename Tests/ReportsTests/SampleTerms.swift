import ChurnModel
import Foundation
import LinearAlgebra

/// A model of terms with a curve that misses values, a yes or no, a category with hostile names, and pairs.
enum SampleTerms {
  static let hostile = "<script>alert('x')</script>"

  static let features = [
    FeatureColumn(name: "bend & <b>", kind: .numeric), FeatureColumn(name: "left", kind: .numeric),
    FeatureColumn(name: "right", kind: .numeric), FeatureColumn(name: "plan", kind: .flag),
    FeatureColumn(name: "town", kind: .category(levels: ["north \"bank\"", hostile, "浦东新区", "d"])),
  ]

  /// Labels follow a bend, the product of left and right, the town, and the bend once more where the plan is.
  static let model: TermModel = {
    var state: UInt64 = 7
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    var rows: [[Double]] = []
    var labels: [Bool] = []
    for _ in 0..<1500 {
      let (bend, left, right) = (4 * uniform() - 2, 400 * uniform(), 2 * uniform() - 1)
      let (plan, town) = (uniform() < 0.4 ? 1.0 : 0, Double(Int(4 * uniform())))
      let corner = (left > 200) == (right > 0) ? 1.5 : -1.5
      let margin = bend * bend - 1.5 + corner + (town == 2 ? 1 : 0) + (plan == 1 ? 2 * bend + 1.5 : -bend)
      rows.append([uniform() < 0.05 ? .nan : bend, left, right, plan, town])
      labels.append(uniform() < 1 / (1 + exp(-margin)))
    }
    var options = TermOptions()
    (options.knots, options.pairKnots, options.mostPairs) = (10, 7, 3)
    do {
      return try TermRegression.fit(
        features: features, values: Matrix(rows), labels: labels, options: options
      ).model
    } catch {
      preconditionFailure("the sample cannot be fitted: \(error)")
    }
  }()

  /// A model of one straight line, from its JSON.
  static func line(missing: Bool, knots: [Double] = [0, 1, 2, 3], importance: Double = 1) throws -> TermModel
  {
    let unused = Array(repeating: 0.0, count: missing ? 2 : 1)
    return try single(
      feature: ["name": "x", "kind": "numeric"], scale: ["feature": "x", "knots": knots, "missing": missing],
      values: knots.indices.map { 0.5 * Double($0) - 0.5 } + unused, importance: importance)
  }

  /// A model of one category, from its JSON.
  static func levels(_ levels: [String], _ value: (Int) -> Double) throws -> TermModel {
    try single(
      feature: ["name": "x", "kind": "category", "levels": levels],
      scale: ["feature": "x", "levels": levels.map { [$0] }, "missing": false],
      values: levels.indices.map(value) + [0], importance: 1)
  }

  private static func single(
    feature: [String: Any], scale: [String: Any], values: [Double], importance: Double
  ) throws -> TermModel {
    let json: [String: Any] = [
      "formatVersion": 1, "kind": "terms", "features": [feature], "intercept": -1.5,
      "terms": [
        [
          "name": "x", "scales": [scale], "values": values,
          "errors": Array(repeating: 0.1, count: values.count), "effectiveParameters": 1.0,
          "importance": importance,
        ] as [String: Any]
      ],
      "training": [
        "rows": 4, "positives": 2, "totalWeight": 4.0, "logLoss": 0.5, "nullLogLoss": 0.6, "objective": 0.5,
        "gradientNorm": 0.0, "iterations": 1,
      ] as [String: Any], "droppedFeatures": [Any](), "metadata": [String: String](),
    ]
    let data = try JSONSerialization.data(withJSONObject: json)
    guard case .terms(let model) = try AnyModel(json: data) else { preconditionFailure("terms were written") }
    return model
  }
}
