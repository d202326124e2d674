import Features
import Foundation
import Histories
import Retention
import Simulation
import Testing

@Suite("Worth of relations in the at-risk list")
struct WorthTests {
  private static let list = RetentionSet.english

  @Test("each part is the catalogue's, and the value at risk their sum × the probability")
  func parts() throws {
    let relations = Self.list.rows.map(RetentionSet.relation)
    let features = RetentionSet.view.features(of: relations)
    var referred = 0
    for (index, row) in Self.list.rows.enumerated() {
      func value(_ feature: Feature) -> Double? {
        let value = features[index, feature.rawValue]
        return value.isNaN ? nil : value
      }
      #expect(row.worth.service == value(.clv36) && row.worth.insurance == value(.insPotential))
      #expect(row.worth.tradeIn == value(.tradePotential))
      if let buyers = value(.referralN) {
        let margin = RetentionSet.view.unitMargin(of: Int(relations[index]))
        let expected = buyers / 2 * margin / max(value(.nVehicles) ?? 1, 1)
        let referral = try #require(row.worth.referral)
        #expect(abs(referral - expected) <= 1e-9 * expected)
        if buyers > 0 { referred += 1 }
      }
      let parts = [row.worth.service, row.worth.insurance, row.worth.tradeIn, row.worth.referral]
      #expect(row.worth.total == parts.compactMap { $0 }.reduce(0, +))
      #expect(row.valueAtRisk == row.worth.total.map { $0 * row.probability })
    }
    #expect(referred > 0)
    #expect(
      Self.list.rows.contains { $0.worth.insurance == 0 }
        && Self.list.rows.contains { $0.worth.insurance ?? 0 > 0 })
  }

  @Test("parts whose tables are missing are missing, not 0, and the sum is that of the others")
  func missingTables() throws {
    let folder = try TemporaryFolder()
    let data = folder.url.appendingPathComponent("data")
    _ = try Simulator(options: SimulationOptions(customers: 300, seed: 3, until: RetentionSet.dataEnd)).write(
      to: data)
    for name in try FileManager.default.contentsOfDirectory(atPath: data.path)
    where ["insurance", "purchases"].contains(where: { name.hasPrefix($0) }) {
      try FileManager.default.removeItem(at: data.appendingPathComponent(name))
    }
    let view = AsOfView(histories: try Histories.load(data.path), asOf: RetentionSet.asOf)
    let list = try AtRiskBuilder(
      view: view, model: RetentionSet.model, modelName: "test@1", language: .english
    ).build(.init())
    #expect(list.rows.count > 100)
    for row in list.rows {
      #expect(row.worth.insurance == nil && row.worth.tradeIn == nil && row.worth.referral == nil)
      #expect(row.worth.total == row.worth.service)
    }
    #expect(list.rows.contains { $0.worth.service ?? 0 > 0 })
  }

  @Test("ranking by risk or by value changes the order, not the rows")
  func rankings() {
    let risk = RetentionSet.list(.init(ranking: .risk))
    let value = RetentionSet.list(.init(ranking: .value))
    for (list, key) in [
      (risk, { $0.probability }), (value, { $0.valueAtRisk ?? 0 }),
    ] as [(AtRiskList, (AtRiskRow) -> Double)] {
      #expect(list.rows.map(\.vin).sorted() == Self.list.rows.map(\.vin).sorted())
      #expect(zip(list.rows, list.rows.dropFirst()).allSatisfy { key($0) >= key($1) })
      #expect(list.rows.map(\.vin) != Self.list.rows.map(\.vin))
    }
    #expect(value.ranking == .value && Self.list.ranking == .amount)
    let top = RetentionSet.list(.init(limit: 5, ranking: .value))
    #expect(top.rows.map(\.vin) == value.rows.prefix(5).map(\.vin))
  }

  @Test("a view for risk models knows no worth")
  func riskView() throws {
    let view = AsOfView(histories: RetentionSet.histories, asOf: RetentionSet.asOf, scope: .riskModel)
    #expect(view.unitMargin(of: 0).isNaN)
    let list = try AtRiskBuilder(
      view: view, model: RetentionSet.model, modelName: "test@1", language: .english
    ).build(.init(limit: 3))
    #expect(list.rows.allSatisfy { $0.worth.total == nil && $0.valueAtRisk == nil })
  }
}
