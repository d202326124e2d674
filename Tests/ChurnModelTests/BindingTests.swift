import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Models find their features by name")
struct BindingTests {
  private static let table = TestTable(count: 400)
  private static let added = [
    FeatureColumn(name: "new_first", kind: .numeric), FeatureColumn(name: "new_middle", kind: .flag),
    FeatureColumn(name: "new_last", kind: .category(levels: ["a", "b"])),
    FeatureColumn(name: "new_unused", kind: .unused),
  ]

  /// The features with further ones around and between them, and where each stands.
  private static var widened: (features: [FeatureColumn], positions: [Int]) {
    let own = table.features
    let features =
      [added[0]] + own[..<2] + [added[1], added[3]] + own[2...] + [added[2]]
    return (features, own.map { feature in features.firstIndex(of: feature)! })
  }

  private static func spread(_ row: [Double], over positions: [Int], count: Int) -> [Double] {
    var wide = (0..<count).map { $0.isMultiple(of: 2) ? Double.nan : -77 }
    for (value, position) in zip(row, positions) { wide[position] = value }
    return wide
  }

  @Test("features added around and between change no bit of a score or contribution")
  func addedFeatures() throws {
    let model = try Self.table.fit().model
    let (features, positions) = Self.widened
    let bound = try LogisticModel(json: model.json()).bound(to: features)
    let rows = Self.table.rows.map { Self.spread($0, over: positions, count: features.count) }
    #expect(bound.features == features)
    #expect(bound.margins(rows) == model.margins(Self.table.rows))
    #expect(bound.probabilities(rows) == model.probabilities(Self.table.rows))
    for (narrow, wide) in zip(Self.table.rows.prefix(50), rows) {
      let own = narrow.withUnsafeBufferPointer { model.contributions(row: $0) }
      let all = wide.withUnsafeBufferPointer { bound.contributions(row: $0) }
      #expect(positions.map { all[$0] } == own)
      #expect(all.indices.filter { !positions.contains($0) }.allSatisfy { all[$0] == 0 })
    }
    #expect(try bound.bound(to: Self.table.features).json() == model.json())
  }

  @Test("features in another order score the same up to rounding")
  func otherOrder() throws {
    let model = try Self.table.fit().model
    let bound = try model.bound(to: Self.table.features.reversed())
    let margins = bound.margins(Self.table.rows.map { $0.reversed() })
    for (a, b) in zip(margins, model.margins(Self.table.rows)) { #expect(abs(a - b) < 1e-12) }
  }

  private static func failure(_ features: [FeatureColumn]) throws -> ChurnModelError? {
    let model = try table.fit().model
    return #expect(throws: ChurnModelError.self) { try model.bound(to: features) }
  }

  @Test("a feature that is gone, or of another kind or with other levels, is named")
  func refused() throws {
    let own = Self.table.features
    let gone = try Self.failure(own.filter { $0.name != "spend" })
    #expect(gone?.code == .otherFeatures && gone?.message.contains("does not know spend") == true)
    let kinds: [FeatureColumn.Kind] = [.numeric, .unused]
    for kind in kinds {
      let changed = try Self.failure(
        own.map { $0.name == "spend" ? FeatureColumn(name: "spend", kind: kind) : $0 })
      #expect(changed?.message.contains("reads in another way spend") == true)
    }
    let levels = FeatureColumn(name: "region", kind: .category(levels: ["south", "north", "east"]))
    #expect(
      try Self.failure(own.map { $0.name == "region" ? levels : $0 })?.message.contains("region") == true)
  }

  @Test("a feature that the model does not use may go")
  func unusedFeature() throws {
    var table = Self.table
    table.features.append(FeatureColumn(name: "constant", kind: .numeric))
    for row in table.rows.indices { table.rows[row].append(3) }
    let model = try table.fit().model
    #expect(model.droppedFeatures.contains { $0.feature == "constant" })
    let bound = try model.bound(to: Self.table.features)
    #expect(bound.margins(Self.table.rows) == model.margins(table.rows))
  }

  @Test("an unused column changes nothing, whatever it holds, and comes back from JSON as one")
  func unusedColumn() throws {
    let plain = try Self.table.fit().model
    var table = Self.table
    // The label itself, and values that no feature may have.
    table.features.insert(FeatureColumn(name: "worth", kind: .unused), at: 1)
    for row in table.rows.indices {
      table.rows[row].insert(row.isMultiple(of: 7) ? .infinity : table.labels[row] ? 1 : 0, at: 1)
    }
    let model = try table.fit().model
    #expect(model.columns.map(\.name) == plain.columns.map(\.name))
    #expect(difference(model, plain) == 0)
    #expect(!model.droppedFeatures.contains { $0.feature == "worth" })
    #expect(model.margins(table.rows) == plain.margins(Self.table.rows))
    let back = try LogisticModel(json: model.json())
    #expect(back.features == table.features && back.margins(table.rows) == model.margins(table.rows))
  }
}
