import CustomerValue
import Features
import Histories
import Retention
import Testing

@Suite("At-risk list")
struct AtRiskListTests {
  private static let list = RetentionSet.english
  private static let histories = RetentionSet.histories

  @Test("all active relations are on it once, and nobody else")
  func population() {
    let population = RetentionSet.view.population().relations
    let listed = Self.list.rows.map(RetentionSet.relation)
    #expect(listed.count > 400)
    #expect(listed.sorted() == population)
    #expect(Self.list.activeRelations == population.count && Self.list.matchingRelations == population.count)
    #expect(Self.list.asOf == RetentionSet.asOf && Self.list.model == "test@1")
  }

  @Test("who sold, scrapped or moved never appears, nor a car in the workshop")
  func naturalLosses() {
    let relations = Self.histories.relations
    let listed = Set(Self.list.rows.map(RetentionSet.relation))
    let gone = (0..<relations.count).filter {
      !relations.endsOn[$0].isNone && relations.endsOn[$0] <= RetentionSet.asOf
    }
    #expect(gone.count > 50)
    #expect(listed.isDisjoint(with: gone.map(Int32.init)))
    let orders = Self.histories.orders
    let inShop = (0..<relations.count).filter { relation in
      (orders.starts[relation]..<orders.starts[relation + 1]).contains { order in
        orders.openedOn[Int(order)] <= RetentionSet.asOf && orders.closedOn[Int(order)] > RetentionSet.asOf
          && !orders.flags[Int(order)].contains(.unusable)
      }
    }
    #expect(!inShop.isEmpty)
    #expect(listed.isDisjoint(with: inShop.map(Int32.init)))
  }

  @Test("rows are ranked by probability × value at stake, ties by the order of relations")
  func ranking() {
    #expect(Self.list.rows.map(\.rank) == Array(1...Self.list.rows.count))
    for row in Self.list.rows { #expect(row.priority == row.probability * row.valueAtStake) }
    for (before, after) in zip(Self.list.rows, Self.list.rows.dropFirst()) {
      #expect(
        before.priority > after.priority
          || (before.priority == after.priority
            && RetentionSet.relation(before) < RetentionSet.relation(after))
      )
    }
  }

  @Test("the list is the same when made again")
  func deterministic() {
    let again = RetentionSet.list()
    #expect(again.rows.map { "\($0)" } == Self.list.rows.map { "\($0)" })
  }

  @Test("probabilities are the model's for the rows' features")
  func probabilities() {
    let relations = Self.list.rows.map(RetentionSet.relation)
    let values = RetentionSet.view.features(of: relations)
    let scored = [Double](unsafeUninitializedCapacity: values.rows) { buffer, count in
      values.withUnsafeElements { RetentionSet.model.score(features: $0, rows: values.rows, into: buffer) }
      count = values.rows
    }
    for (row, probability) in zip(Self.list.rows, scored) {
      #expect(row.probability == probability)
      #expect(row.riskTier == (probability >= 0.6 ? .high : probability >= 0.3 ? .medium : .low))
    }
    #expect(Set(Self.list.rows.map(\.riskTier)).count >= 2)
  }

  @Test("facts of a row are the features and files' facts of its relation")
  func facts() {
    let relations = Self.list.rows.map(RetentionSet.relation)
    let values = RetentionSet.view.features(of: relations)
    for (index, row) in Self.list.rows.enumerated() {
      func value(_ feature: Feature) -> Double { values[index, feature.rawValue] }
      #expect(row.daysOverdue == Int(value(.daysOverDue).rounded()))
      #expect(row.nextDueOn == RetentionSet.asOf - Int(value(.daysOverDue)))
      #expect(row.kmOverdue == (value(.kmOver).isNaN ? nil : Int(value(.kmOver).rounded())))
      #expect(row.paid730 == (value(.cp730).isNaN ? 0 : value(.cp730)))
      #expect(row.boughtHere == (value(.boughtHere) == 1))
      #expect(row.openComplaint == (value(.cmpOpen) > 0))
      if let last = row.lastVisitOn { #expect(Double(RetentionSet.asOf - last) == value(.recQDays)) }
      if let contact = row.lastContactOn { #expect(contact <= RetentionSet.asOf) }
    }
    #expect(Self.list.rows.contains { $0.lastContactOn != nil && $0.lastContactOutcome != nil })
    #expect(Self.list.rows.contains { $0.lastVisitOn != nil && $0.lastAdviser != nil })
  }

  // MARK: Filters

  @Test("a store's list holds its rows in the same order")
  func dealerFilter() throws {
    let stores = Set(Self.list.rows.compactMap(\.dealerID)).sorted()
    #expect(stores.count >= 2)
    for store in stores {
      let list = RetentionSet.list(.init(dealerID: store))
      let expected = Self.list.rows.filter { $0.dealerID == store }
      #expect(list.rows.map(\.vin) == expected.map(\.vin))
      #expect(list.rows.map(\.valueTier) == expected.map(\.valueTier), "tiers are those of all customers")
      #expect(list.matchingRelations == expected.count && list.activeRelations == Self.list.activeRelations)
      #expect(list.rows.map(\.rank) == Array(1...expected.count))
    }
  }

  @Test("a tier's list, and the first rows of a list", arguments: ValueTier.allCases)
  func tierAndLimit(tier: ValueTier) {
    let expected = Self.list.rows.filter { $0.valueTier == tier }
    #expect(!expected.isEmpty)
    let all = RetentionSet.list(.init(tier: tier))
    #expect(all.rows.map(\.vin) == expected.map(\.vin))
    let top = RetentionSet.list(.init(tier: tier, limit: 3))
    #expect(top.rows.map(\.vin) == expected.prefix(3).map(\.vin))
    #expect(top.matchingRelations == expected.count)
    #expect(RetentionSet.list(.init(tier: tier, limit: 100_000)).rows.count == expected.count)
  }

  @Test("an unknown store is an error that names the known ones")
  func unknownDealer() {
    let builder = AtRiskBuilder(
      view: RetentionSet.view, model: RetentionSet.model, modelName: "test@1", language: .english)
    do {
      _ = try builder.build(.init(dealerID: "D9999"))
      Issue.record("no error")
    } catch {
      #expect(error.code == .unknownDealer)
      #expect(error.message.contains("D9999"))
      for store in Set(Self.list.rows.compactMap(\.dealerID)) { #expect(error.message.contains(store)) }
    }
  }

  @Test("a date at which nobody is active is an error")
  func nobodyActive() {
    let view = AsOfView(histories: Self.histories, asOf: Day(year: 1999, month: 1, day: 1))
    let builder = AtRiskBuilder(
      view: view, model: RetentionSet.model, modelName: "test@1", language: .english)
    do {
      _ = try builder.build(.init())
      Issue.record("no error")
    } catch {
      #expect(error.code == .nobodyActive && error.message.contains("1999-01-01"))
    }
  }

  // MARK: Value

  @Test("a customer has one tier, by what all the customer's vehicles brought, fitted on customers")
  func tiers() {
    let ofCustomer = Dictionary(grouping: Self.list.rows, by: \.customerID)
    #expect(ofCustomer.values.contains { $0.count > 1 })
    let amounts = ofCustomer.mapValues { $0.map(\.paid730).reduce(0, +) }
    let scheme = ValueTierScheme(fitting: Array(amounts.values))
    for (customer, rows) in ofCustomer {
      for row in rows { #expect(row.valueTier == scheme.tier(of: amounts[customer]!)) }
    }
  }

  @Test(
    "the value at stake lies between the own amount and the peers' mean, the nearer to the own the more visits"
  )
  func valueAtStake() {
    let relations = Self.list.rows.map(RetentionSet.relation)
    let values = RetentionSet.view.features(of: relations)
    let vehicles = Self.histories.vehicles
    var peers: [String: [Double]] = [:]
    func group(_ relation: Int32) -> String {
      let vehicle = Int(Self.histories.relations.vehicles[Int(relation)])
      return "\(vehicles.powertrains[vehicle]) \(vehicles.useTypes[vehicle])"
    }
    for (row, relation) in relations.enumerated() {
      let paid = values[row, Feature.cp730.rawValue]
      if !paid.isNaN { peers[group(relation), default: []].append(paid) }
    }
    let all = peers.values.flatMap { $0 }
    for (index, row) in Self.list.rows.enumerated() {
      let own = values[index, Feature.cp730.rawValue]
      let known = peers[group(relations[index])] ?? []
      let shown = known.count >= 20 ? known : all
      let mean = shown.reduce(0, +) / Double(shown.count)
      let visits = values[index, Feature.nQ730.rawValue]
      let expected = own.isNaN ? mean : (visits * own + mean) / (visits + 1)
      #expect(abs(row.valueAtStake - expected) <= 1e-9 * max(1, expected))
    }
  }

  // MARK: Personal data

  @Test("names, phones and plates are masked")
  func masked() {
    let customers = Self.histories.customers
    var phones = 0
    for row in Self.list.rows {
      let customer = Int(customers.ids.code(of: row.customerID)!)
      let vehicle = Int(Self.histories.vehicles.vins.code(of: row.vin)!)
      for (shown, clear) in [
        (row.name, customers.names.value(customer)), (row.phone, customers.phones.value(customer)),
        (row.plate, Self.histories.vehicles.plates.value(vehicle)),
      ] {
        guard let clear else {
          #expect(shown == nil)
          continue
        }
        // Comparisons are made first, so that a failure shows no personal data.
        let isMasked = shown.map { $0.contains("*") && $0 != clear && !$0.contains(clear) } == true
        #expect(isMasked)
        phones += 1
      }
      let clearName = customers.names.value(customer) ?? "\u{0}"
      let clearPhone = customers.phones.value(customer) ?? "\u{0}"
      let speaks = row.reasons.contains { $0.contains(clearName) || $0.contains(clearPhone) }
      #expect(!speaks)
    }
    #expect(phones > Self.list.rows.count * 2)
  }
}
