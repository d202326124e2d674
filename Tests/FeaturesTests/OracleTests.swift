import Features
import Histories
import LinearAlgebra
import Testing

@Suite("Features against a plain computation from the files' rows")
struct OracleTests {
  private static let histories = SimulatedSet.histories

  private static func key(_ relation: Int) -> PlainOracle.Key {
    PlainOracle.Key(
      customer: histories.customers.ids.texts[Int(histories.relations.customers[relation])],
      vin: histories.vehicles.vins.texts[Int(histories.relations.vehicles[relation])])
  }

  @Test(
    "every feature of every relation is what the definitions say",
    arguments: [SimulatedSet.asOf, SimulatedSet.laterAsOf])
  func features(asOf: Day) throws {
    let histories = Self.histories
    #expect(
      (0..<histories.relations.count).allSatisfy {
        histories.customers.golden[Int(histories.relations.customers[$0])]
          == histories.relations.customers[$0]
      })
    let oracle = PlainOracle(raw: SimulatedSet.raw, asOf: asOf)
    let relations = (0..<histories.relations.count).filter {
      histories.relations.startsOn[$0] <= asOf
    }
    #expect(relations.count >= 300)
    let values = AsOfView(histories: histories, asOf: asOf).features(of: relations.map(Int32.init))
    var wrong: [String: Int] = [:]
    var present = Set<Feature>()
    let plainValues = PlainValues(oracle, keys: relations.map(Self.key))
    for (row, relation) in relations.enumerated() {
      let expected = oracle.row(Self.key(relation)).merging(plainValues.row(Self.key(relation))) { $1 }
      present.formUnion(expected.keys)
      for feature in Feature.allCases {
        let found = values[row, feature.rawValue]
        let wanted = expected[feature] ?? .nan
        let same = wanted.isNaN ? found.isNaN : abs(found - wanted) <= 1e-9 * max(1, abs(wanted))
        if !same {
          if wrong[feature.name] == nil {
            Issue.record("\(feature.name) of relation \(relation): \(found), expected \(wanted)")
          }
          wrong[feature.name, default: 0] += 1
        }
      }
    }
    #expect(wrong.isEmpty)
    #expect(present == Set(Feature.allCases), "a feature is never there")
  }

  @Test(
    "the population is what the definition says", arguments: [SimulatedSet.asOf, SimulatedSet.laterAsOf])
  func population(asOf: Day) {
    let oracle = PlainOracle(raw: SimulatedSet.raw, asOf: asOf)
    let expected = (0..<Self.histories.relations.count).filter { oracle.isActive(Self.key($0)) }
    let found = AsOfView(histories: Self.histories, asOf: asOf).population().relations.map(Int.init)
    #expect(found == expected)
    #expect(found.count > 150 && found.count < Self.histories.relations.count)
  }

  @Test(
    "the population and outcomes of every label are what the definitions say",
    arguments: [SimulatedSet.asOf, SimulatedSet.laterAsOf],
    [LapseLabel.due, .fixed(days: 270), .firstService, .secondService, .postwarranty])
  func labels(asOf: Day, label: LapseLabel) {
    let oracle = PlainOracle(raw: SimulatedSet.raw, asOf: asOf)
    let found = AsOfView(histories: Self.histories, asOf: asOf).population(label: label)
    var expected: [Int32: LapseOutcome] = [:]
    for relation in 0..<Self.histories.relations.count {
      expected[Int32(relation)] = oracle.outcome(
        Self.key(relation), label, dataEnd: Self.histories.dataEnd)
    }
    #expect(Dictionary(uniqueKeysWithValues: zip(found.relations, found.outcomes)) == expected)
    #expect(found.count(of: .stayed) > 0 && found.count(of: .lapsed) > 0)
  }
}
