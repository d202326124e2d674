import Foundation
import Histories
import Testing

@testable import Simulation

@Suite("Simulated prospects")
struct ProspectTests {
  private static let options = SimulationOptions(customers: 2560, seed: 3)

  /// Calls `body` with every group and its prospects.
  private func forEachGroup(
    _ options: SimulationOptions = ProspectTests.options, _ body: (GroupRows) -> Void
  ) {
    let generator = ProspectGenerator(world: World(options))
    SimulationTests.forEachGroup(options) { group in
      var rows = group
      generator.generate(into: &rows)
      body(rows)
    }
  }

  private static func day(_ minutes: Int64) -> Day { Day(Int32(minutes / 1440)) }

  @Test("inquiry, call, test drive and purchase follow one another within the histories")
  func dates() {
    var keys: Set<Int64> = []
    var count = 0
    forEachGroup { rows in
      for row in rows.prospects {
        let asked = Self.day(row.created)
        #expect((Self.options.from...Self.options.until).contains(asked))
        let last = row.bought.isNone ? Self.options.until : row.bought
        #expect(asked <= last && last <= Self.options.until)
        if let verified = row.verified { #expect(verified > row.created && Self.day(verified) <= last) }
        if !row.testDrive.isNone { #expect((asked...last).contains(row.testDrive)) }
        #expect(row.intent == nil || row.verified != nil)
        keys.insert(row.key)
        count += 1
      }
    }
    #expect(keys.count == count && count > 2000)
  }

  @Test(
    "who bought is a customer of that purchase, mostly written as in the customer file; nobody else is one")
  func buyers() {
    var (buyers, names, phones, cities, others) = (0.0, 0.0, 0.0, 0.0, 0.0)
    forEachGroup { rows in
      let own = Dictionary(uniqueKeysWithValues: rows.customers.map { ($0.key, $0) })
      let ownPhones = Set(rows.customers.map(\.phone))
      for row in rows.prospects {
        #expect((row.customer == nil) == row.bought.isNone)
        guard let key = row.customer else {
          #expect(!ownPhones.contains(row.phone))
          others += 1
          continue
        }
        guard let customer = own[key] else {
          Issue.record("a buyer who is no customer")
          return
        }
        #expect(rows.purchases.contains { $0.customer == key && $0.date == row.bought })
        #expect(row.intent != .never && row.intent != .notNow)
        #expect(row.name.first == customer.name.first)
        buyers += 1
        names += row.name == customer.name ? 1 : 0
        phones += row.phone.filter(\.isNumber).hasSuffix(customer.phone) ? 1 : 0
        cities += ProspectWriting.cities[row.city] == Places.cities[customer.city].name ? 1 : 0
      }
    }
    #expect((0.18...0.35).contains(buyers / (buyers + others)), "bought \(buyers / (buyers + others))")
    #expect((0.76...0.88).contains(names / buyers), "same name \(names / buyers)")
    #expect((0.95..<1).contains(phones / buyers), "same phone \(phones / buyers)")
    #expect((0.8...0.9).contains(cities / buyers), "same city \(cities / buyers)")
    #expect((0.8...1.2).contains((buyers + others) / Double(Self.options.customers)))
  }

  @Test("budgets follow the price of the model, and every source and intent occurs")
  func content() {
    var budgets: [Int: [Double]] = [:]
    var sources: Set<ProspectSource> = []
    var intents: Set<ProspectIntent> = []
    var (called, owning) = (0.0, 0.0)
    var count = 0.0
    forEachGroup { rows in
      for row in rows.prospects {
        if let budget = row.budget { budgets[row.model, default: []].append(Double(budget)) }
        sources.insert(row.source)
        if let intent = row.intent { intents.insert(intent) }
        called += row.verified == nil ? 0 : 1
        owning += row.currentCar == nil ? 0 : 1
        #expect((row.currentCar == nil) == (row.currentAge == nil))
        count += 1
      }
    }
    #expect(sources.count == ProspectSource.allCases.count && intents.count == 4)
    #expect((0.75...0.9).contains(called / count) && (0.35...0.6).contains(owning / count))
    let ratios = budgets.map { model, amounts in
      amounts.reduce(0, +) / Double(amounts.count) / VehicleCatalogue.models[model].listPrice
    }
    #expect(ratios.count == VehicleCatalogue.models.count)
    #expect(ratios.allSatisfy { (0.7...1.3).contains($0) }, "\(ratios)")
  }

  @Test("prospects are drawn from streams of their own, the same ones every time")
  func streams() {
    func all() -> [String] {
      var lines: [String] = []
      forEachGroup { rows in lines += rows.prospects.map { "\($0)" } }
      return lines
    }
    #expect(all() == all())
    let generator = ProspectGenerator(world: World(Self.options))
    SimulationTests.forEachGroup(Self.options) { group in
      // People of customers who bought nothing here are the same without all other rows.
      var rows = group
      var alone = GroupRows()
      alone.customers = group.customers
      generator.generate(into: &rows)
      generator.generate(into: &alone)
      let customers = Set(group.purchases.map { $0.customer })
      func others(_ rows: GroupRows) -> [String] {
        rows.prospects.filter { !customers.contains($0.key / GroupGenerator.keysPerCustomer) }.map { "\($0)" }
      }
      #expect(others(rows) == others(alone))
    }
  }

  @Test("errors come at the stated rate, and not at all at rate 0")
  func dirt() {
    let rate = 0.1
    var (count, buyers, buyersBudgets) = (0.0, 0.0, 0.0)
    var (phones, names, words, negative, unknown, early, dates, twins) = (
      0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    )
    var group = 0
    forEachGroup { clean in
      var rows = clean.prospects
      var none = ProspectDirt(rate: 0, seed: 3, group: group)
      #expect(none.spoil(&rows).isEmpty && rows.count == clean.prospects.count)
      var dirt = ProspectDirt(rate: rate, seed: 3, group: group)
      let blemishes = dirt.spoil(&rows)
      group += 1
      #expect(blemishes.count == rows.count)
      twins += Double(rows.count - clean.prospects.count)
      for (before, (row, blemish)) in zip(clean.prospects, zip(rows, blemishes)) {
        count += 1
        phones += row.phone == before.phone ? 0 : 1
        names += row.name == before.name ? 0 : 1
        words += blemish.budgetText == nil ? 0 : 1
        dates += blemish.createdText != nil || row.created != before.created ? 1 : 0
        if before.budget != nil, blemish.budgetText == nil {
          buyersBudgets += 1
          negative += row.budget == before.budget ? 0 : 1
        }
        guard before.customer != nil else { continue }
        buyers += 1
        unknown += row.customer == before.customer ? 0 : 1
        early += row.bought == before.bought ? 0 : 1
      }
    }
    func expect(_ found: Double, of total: Double, near share: Double) {
      let error = (share * (1 - share) / total).squareRoot()
      #expect(abs(found / total - share) < 4 * error, "\(found / total) against \(share)")
    }
    expect(phones, of: count, near: rate)
    expect(names, of: count, near: rate / 2)
    expect(words, of: count, near: rate / 2)
    expect(dates, of: count, near: rate / 2)
    expect(twins, of: count, near: rate / 2)
    expect(negative, of: buyersBudgets, near: rate / 2)
    expect(unknown, of: buyers, near: rate / 2)
    expect(early, of: buyers, near: rate / 2)
  }
}
