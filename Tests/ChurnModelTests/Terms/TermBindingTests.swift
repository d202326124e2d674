import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Terms find their features by name")
struct TermBindingTests {
  private static let table = TestTable.bent(count: 600)
  private static let added = FeatureColumn(name: "new", kind: .numeric)

  private static func contributions(_ model: AnyModel, _ row: [Double]) -> [Double] {
    row.withUnsafeBufferPointer { model.contributions(row: $0) }
  }

  @Test(
    "features added around and another order change no bit of a contribution, and the way back gives the model"
  )
  func otherLayout() throws {
    let model = AnyModel.terms(try Self.table.terms().model)
    let features = [Self.added] + Self.table.features.reversed()
    let bound = try model.bound(to: features)
    for row in Self.table.rows.prefix(50) {
      let own = Self.contributions(model, row)
      #expect(Self.contributions(bound, [.nan] + row.reversed()) == [0] + own.reversed())
    }
    #expect(try bound.bound(to: Self.table.features).json() == model.json())
  }

  @Test("contributions of features and the intercept add up to the margin")
  func sums() throws {
    let model = try Self.table.terms().model
    for (row, margin) in zip(Self.table.rows, model.margins(Self.table.rows)).prefix(100) {
      let sum = Self.contributions(.terms(model), row).reduce(model.intercept, +)
      #expect((sum - margin).magnitude < 1e-12)
    }
  }

  @Test("a feature that a term reads and that is gone or of another kind is named")
  func refused() throws {
    let model = try Self.table.terms().model
    let gone = #expect(throws: ChurnModelError.self) {
      try model.bound(to: Self.table.features.filter { $0.name != "bend" })
    }
    #expect(gone?.code == .otherFeatures && gone?.message.contains("does not know bend") == true)
    let changed = #expect(throws: ChurnModelError.self) {
      try model.bound(
        to: Self.table.features.map { $0.name == "town" ? FeatureColumn(name: "town", kind: .numeric) : $0 })
    }
    #expect(changed?.message.contains("reads in another way town") == true)
  }

  @Test(
    "a trend has the sign of a rising or falling curve, of coefficients and of terms, and categories have none"
  )
  func trends() throws {
    var table = TestTable.bent(count: 1200)
    for index in table.labels.indices {
      let (left, right) = (table.rows[index][1], table.rows[index][2])
      table.labels[index] = left - right + 0.4 * Double(index % 5 - 2) > 0
    }
    let models = [AnyModel.terms(try table.terms().model), .coefficients(try table.fit().model)]
    for model in models {
      #expect(model.trends[1] > 0 && model.trends[2] < 0 && model.trends[3] == 0)
    }
  }
}
