import CustomerValue
import Features
import Histories
import Retention
import Testing

@Suite("Segments of histories")
struct SegmentTests {
  private static let view = RetentionSet.view
  private static let options = CustomerSegments.Options(binning: RFMBinning(.quantiles))

  private static func segments(
    _ view: AsOfView = view, unit: SegmentPopulation.Unit = .customer,
    measures: SegmentPopulation.Measures = .service, activeOnly: Bool = false
  ) throws -> CustomerSegments {
    CustomerSegments(
      try SegmentPopulation(view: view, unit: unit, measures: measures, activeOnly: activeOnly),
      options: options)
  }

  @Test("active relations have the catalogue's R_score, F_score and M_score")
  func catalogueScores() throws {
    let found = try Self.segments(unit: .relation, activeOnly: true)
    let relations = Self.view.population().relations
    let features = Self.view.features(of: relations)
    #expect(found.count == relations.count && found.count > 400)
    var rowOf: [String: Int] = [:]
    for (row, key) in found.population.keys.enumerated() {
      rowOf["\(found.population.customer(key)) \(found.population.vehicle(key) ?? "")"] = row
    }
    for (index, relation) in relations.enumerated() {
      let table = RetentionSet.histories.relations
      let customer = RetentionSet.histories.customers.ids.texts[Int(table.customers[Int(relation)])]
      let vin = RetentionSet.histories.vehicles.vins.texts[Int(table.vehicles[Int(relation)])]
      let row = try #require(rowOf["\(customer) \(vin)"])
      func score(_ feature: Feature) -> UInt8 {
        let value = features[index, feature.rawValue]
        return value.isNaN ? 1 : UInt8(value)
      }
      #expect(found.scores.recency[row] == score(.rScore))
      #expect(found.scores.frequency[row] == score(.fScore))
      #expect(found.scores.monetary[row] == score(.mScore))
      #expect(found.population.recencyDays[row] == features[index, Feature.recQDays.rawValue])
      #expect(found.population.counts[row] == features[index, Feature.nQ730.rawValue])
      let paid = features[index, Feature.cp730.rawValue]
      #expect(found.population.paid[row] == paid || paid.isNaN)
    }
    #expect(Set(found.scores.recency).count == 5 && found.population.costCoverage ?? 0 > 0.9)
  }

  @Test("a customer is the sum of the customer's relations, as recent as the most recent of them")
  func perCustomer() throws {
    let relations = try Self.segments(unit: .relation).population
    let customers = try Self.segments().population
    var sums: [String: (days: Double, visits: Double, paid: Double)] = [:]
    for row in 0..<relations.count {
      let name = relations.customer(relations.keys[row])
      let old = sums[name] ?? (.infinity, 0, 0)
      sums[name] = (
        min(old.days, relations.recencyDays[row]), old.visits + relations.counts[row],
        old.paid + (relations.paid[row].isNaN ? 0 : relations.paid[row])
      )
    }
    #expect(sums.count == customers.count && customers.count < relations.count)
    for row in 0..<customers.count {
      let sum = try #require(sums[customers.customer(customers.keys[row])])
      #expect(customers.recencyDays[row] == sum.days && customers.counts[row] == sum.visits)
      #expect(abs((customers.paid[row].isNaN ? 0 : customers.paid[row]) - sum.paid) < 1e-6)
    }
    #expect(customers.keys == customers.keys.sorted() && Set(customers.keys).count == customers.count)
  }

  @Test("plain measures are days, visits and payments; those of service are against the schedule")
  func measures() throws {
    let plain = try Self.segments(unit: .relation, measures: .plain).population
    let service = try Self.segments(unit: .relation).population
    #expect(plain.recency == plain.recencyDays && plain.frequency == plain.counts)
    #expect(plain.money == .paid && service.money == .margin && plain.keys == service.keys)
    #expect(plain.recencyDays == service.recencyDays && plain.counts == service.counts)
    let state = Self.view.activityMeasures(activeOnly: false)
    #expect(state.measures.allSatisfy { $0.expectedInterval >= 30 && $0.recencyRatio >= 0 })
    #expect(state.measures.contains { $0.expectedVisits730.isNaN })
  }

  @Test("without costs the money is what was paid, and says so")
  func withoutCosts() throws {
    let folder = try TemporaryFolder()
    try folder.write("customers.csv", "customer_id\nA\nB\n")
    try folder.write(
      "vehicles.csv",
      "vin,customer_id,powertrain,delivered_on\nLSVAA49J132047371,A,ICE,2022-01-01\nLSVAA49J132047372,B,ICE,2022-01-01\n"
    )
    try folder.write(
      "visits.csv",
      "visit_id,customer_id,vin,opened_at,status,classes,customer_paid\nR1,A,LSVAA49J132047371,2023-05-01,settled,maintenance,400\nR2,B,LSVAA49J132047372,2023-07-01,settled,maintenance,300\n"
    )
    let view = AsOfView(histories: try Histories.load(folder.path), asOf: Day("2023-09-01")!)
    let population = try SegmentPopulation(view: view, unit: .customer, measures: .service)
    #expect(population.money == .paid && population.costCoverage == nil)
    #expect(population.monetary == [400, 300])
  }

  // MARK: Migration

  @Test("between a date and itself nobody moves")
  func nobodyMoves() throws {
    let now = try Self.segments()
    let migration = SegmentMigration(from: now, to: now)
    #expect(migration.stayed == now.count && migration.moved == 0)
    #expect(migration.new.reduce(0, +) == 0 && migration.goneRows.isEmpty)
  }

  @Test("everybody before has stayed, moved or gone, and everybody after was there or is new")
  func migrationAddsUp() throws {
    let sweep = FeatureSweep(
      histories: RetentionSet.histories, dates: [RetentionSet.asOf - 400, RetentionSet.asOf])
    let now = try Self.segments(sweep.views[1])
    let earlier = now.applied(
      to: try SegmentPopulation(view: sweep.views[0], unit: .customer, measures: .service))
    #expect(earlier.scheme == now.scheme && earlier.tierScheme == now.tierScheme)
    let migration = SegmentMigration(from: earlier, to: now)
    let before = Dictionary(uniqueKeysWithValues: zip(earlier.population.keys, earlier.segments))
    let after = Dictionary(uniqueKeysWithValues: zip(now.population.keys, now.segments))
    for from in migration.segments.indices {
      let own = before.filter { $0.value == from }
      #expect(migration.before(from) == own.count)
      #expect(migration.gone[from] == own.count { after[$0.key] == nil })
      for to in migration.segments.indices {
        #expect(migration.count(from: from, to: to) == own.count { after[$0.key].map(Int.init) == to })
      }
    }
    #expect(migration.segments.indices.reduce(0) { $0 + migration.after($1) } == now.count)
    #expect(migration.new.reduce(0, +) > 0 && migration.moved > 0 && migration.stayed > 0)
    #expect(migration.before == now.population.keys.map { before[$0] })
    #expect(migration.goneRows.count == migration.gone.reduce(0, +))
  }
}
