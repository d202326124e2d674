import BuyTillYouDie
import Features
import Foundation
import Histories
import LinearAlgebra
import Testing

/// Every feature of the sweep against one plain SQL query on the same files.
@Suite("Features against SQL")
struct SQLOracleTests {
  /// Features of the catalogue that no query computes yet.
  static let notYet: Set<String> = []

  private static let isSoak = ProcessInfo.processInfo.environment["REVISIT_SOAK"] == "1"

  @Test("every feature has a query, and every query a feature")
  func complete() {
    let names = Set(Catalogue.all.map(\.name))
    let queries = Set(SQLOracle.queries.keys)
    for name in names.subtracting(queries).subtracting(Self.notYet).sorted() {
      Issue.record("no query computes \(name)")
    }
    for name in queries.subtracting(names).sorted() { Issue.record("no feature is called \(name)") }
    for name in Self.notYet.subtracting(names.subtracting(queries)).sorted() {
      Issue.record("\(name) is not to be left out")
    }
  }

  @Test(
    "the sweep gives what the query gives, to 1e-9, and missing where it gives nothing",
    arguments: [OracleSet.clean, OracleSet.dirty])
  func sweep(kind: OracleSet.Kind) throws {
    try compare(kind, dates: OracleSet.dates, minimum: 2000)
  }

  @Test("and on larger and dirtier sets", .enabled(if: isSoak), arguments: OracleSet.soak)
  func soak(kind: OracleSet.Kind) throws {
    let dates = [2, 1, 0].map { OracleSet.until - 97 - 365 * $0 } + OracleSet.dates
    try compare(kind, dates: dates, minimum: 8000)
  }

  private func compare(_ kind: OracleSet.Kind, dates: [Day], minimum: Int) throws {
    let folder = try OracleSet.make(kind)
    let histories = try Histories.load(folder.path)
    #expect(histories.dataEnd == OracleSet.until)
    let oracle = try SQLOracle(folder: folder.path, dataEnd: histories.dataEnd)
    var present = Set<String>()
    for asOf in dates {
      let view = AsOfView(histories: histories, asOf: asOf)
      try oracle.look(at: asOf, models: (0..<5).map { view.aliveModel(powertrain: UInt8($0)) })
      let rows = try match(oracle.relations(), histories, asOf: asOf)
      #expect(rows.count >= minimum)
      let active = try oracle.values("SELECT relation, 1 AS value FROM active")
      let population = Set(view.population().relations)
      #expect(Set(rows.filter { active[$0.number] != nil }.map(\.relation)) == population)
      let values = view.features(of: rows.map(\.relation))
      for definition in Catalogue.all {
        guard let sql = SQLOracle.queries[definition.name] else { continue }
        let wanted = try oracle.values(sql)
        if !wanted.isEmpty { present.insert(definition.name) }
        expectSame(definition, values, wanted, rows, "\(kind.name), \(asOf)")
      }
      try expectMaximum(oracle, view)
    }
    for name in SQLOracle.queries.keys.sorted() where !present.contains(name) {
      Issue.record("\(name) is never there")
    }
  }

  private struct Row {
    var number: Int
    var relation: Int32
  }

  /// The relations of both sides, which must be the same.
  private func match(_ keys: [Int: SQLOracle.Key], _ histories: Histories, asOf: Day) throws -> [Row] {
    var relations: [SQLOracle.Key: Int32] = [:]
    for relation in 0..<histories.relations.count {
      let start = histories.relations.startsOn[relation]
      guard !start.isNone, start <= asOf else { continue }
      let key = SQLOracle.Key(
        customer: histories.customers.ids.texts[Int(histories.relations.customers[relation])],
        vin: histories.vehicles.vins.texts[Int(histories.relations.vehicles[relation])])
      relations[key] = Int32(relation)
    }
    let rows = keys.sorted { $0.key < $1.key }.compactMap { number, key in
      relations[key].map { Row(number: number, relation: $0) }
    }
    #expect(rows.count == keys.count && rows.count == relations.count, "relations of one side only")
    return rows
  }

  private func expectSame(
    _ definition: FeatureDefinition, _ values: Matrix, _ wanted: [Int: Double], _ rows: [Row], _ place: String
  ) {
    var wrong = 0
    var example = ""
    for (index, row) in rows.enumerated() {
      let found = values[index, definition.feature.rawValue]
      let expected = wanted[row.number] ?? .nan
      let same =
        expected.isNaN ? found.isNaN : abs(found - expected) <= 1e-9 * max(1, abs(expected), abs(found))
      if same { continue }
      if wrong == 0 { example = "relation \(row.relation): \(found), by SQL \(expected)" }
      wrong += 1
    }
    if wrong > 0 { Issue.record("\(place): \(definition.name) differs \(wrong) times, first \(example)") }
  }

  /// The models behind `p_alive` are where the paper's likelihood, summed by SQL, has its top.
  private func expectMaximum(_ oracle: SQLOracle, _ view: AsOfView) throws {
    for powertrain in 0..<4 {
      guard let model = view.aliveModel(powertrain: UInt8(powertrain)) else { continue }
      let count =
        try oracle.number(
          "SELECT count(*)::DOUBLE FROM repeats WHERE is_fitted AND powertrain = \(powertrain)") ?? 0
      guard count >= 100 else { continue }
      func objective(_ change: [Double]) throws -> Double {
        let p = [model.r, model.alpha, model.a, model.b].map(log)
        let moved = zip(p, change).map { exp($0 + $1) }
        let (r, alpha, a, b) = (moved[0], moved[1], moved[2], moved[3])
        let likelihood = try oracle.number(
          """
          SELECT sum(lgamma(\(r) + x) - lgamma(\(r)) + \(r) * ln(\(alpha)) + lgamma(\(a) + \(b)) + lgamma(\(b) + x)
            - lgamma(\(b)) - lgamma(\(a) + \(b) + x) + ln(pow(\(alpha) + age / 7, -(\(r) + x))
            + CASE WHEN x > 0 THEN \(a) / (\(b) + x - 1) * pow(\(alpha) + t_x / 7, -(\(r) + x)) ELSE 0 END))
          FROM repeats WHERE is_fitted AND powertrain = \(powertrain)
          """)
        return likelihood! - zip(p, change).reduce(0) { $0 + pow($1.0 + $1.1, 2) } / 50
      }
      let top = try objective([0, 0, 0, 0])
      for index in 0..<4 {
        var step = [0.0, 0, 0, 0]
        step[index] = 0.01
        let (above, below) = (try objective(step), try objective(step.map { -$0 }))
        // Slope and curvature by central differences: a Newton step would move the parameter by less than 0.01 %.
        #expect(abs(above - below) < 0.02 * (2 * top - above - below) + 1e-7)
        #expect(above <= top && below <= top)
      }
    }
  }
}
