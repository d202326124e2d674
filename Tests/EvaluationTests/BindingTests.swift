import ChurnModel
import Features
import Foundation
import Testing

@testable import Evaluation

@Suite("Stored models and the features of the running program")
struct BindingTests {
  private static func lakeside() throws -> LogisticModel {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try LogisticModel(
      json: Data(contentsOf: root.appendingPathComponent("models/lakeside/1/model.json")))
  }

  @Test("only candidates of the risk model may enter a model")
  func uses() {
    #expect(FeatureColumns.all.count == Feature.count)
    for (definition, column) in zip(Catalogue.all, FeatureColumns.all) {
      #expect(column.name == definition.name)
      #expect((column.kind == .unused) == (definition.use != .risk), "\(definition.name)")
    }
  }

  @Test("the model of Lakeside in the repository scores with the features of this program")
  func lakesideModel() throws {
    let bound = try FeatureColumns.bind(.coefficients(Self.lakeside()))
    #expect(bound.features == FeatureColumns.all)
  }

  @Test("it scores to the same bits after 43 further features were added, and says which one is missing")
  func furtherFeatures() throws {
    let model = try Self.lakeside()
    var features = model.features
    for number in 0..<43 {
      features.insert(FeatureColumn(name: "added_\(number)", kind: .numeric), at: number * 2 % features.count)
    }
    let bound = try model.bound(to: features)
    let narrow = model.features.map { _ in Double.nan }
    let wide = features.map { $0.name.hasPrefix("added_") ? 5.0 : .nan }
    #expect(Self.probability(bound, wide) == Self.probability(model, narrow))
    let used = model.features[model.columns[0].feature].name
    let error = #expect(throws: ChurnModelError.self) {
      try model.bound(to: features.filter { $0.name != used })
    }
    #expect(error?.message.contains(used) == true)
  }

  private static func probability(_ model: LogisticModel, _ row: [Double]) -> Double {
    var result = [Double.nan]
    row.withUnsafeBufferPointer { row in
      result.withUnsafeMutableBufferPointer { model.score(features: row, rows: 1, into: $0) }
    }
    return result[0]
  }
}
