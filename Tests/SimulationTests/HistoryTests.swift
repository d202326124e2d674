import Foundation
import Histories
import Testing

@testable import Simulation

@Suite("Simulated histories")
struct HistoryTests {
  private static let options = SimulationOptions(customers: 2560, seed: 3)

  private struct Relation: Hashable {
    var vehicle: Int
    var customer: Int64
  }

  @Test("orders come after the relation began, before its natural end and before the end of the data")
  func visitsAreWithinTheirRelation() {
    var checked = 0
    forEachGroup(Self.options) { rows in
      var owners: [Relation: OwnershipRow] = [:]
      for row in rows.ownerships { owners[Relation(vehicle: row.vehicle, customer: row.customer)] = row }
      for visit in rows.visits where visit.classes != .presale {
        let day = Day(Int32(visit.opened / 1440))
        guard let owner = owners[Relation(vehicle: visit.vehicle, customer: visit.customer)] else {
          Issue.record("an order without an owner")
          return
        }
        #expect(day >= owner.from && day >= rows.vehicles[visit.vehicle].delivered)
        #expect(day >= Self.options.from && day <= Self.options.until)
        #expect(owner.to.isNone || day <= owner.to)
        #expect(visit.closed.map { $0 > visit.opened } ?? (visit.status == .open))
        checked += 1
      }
    }
    #expect(checked > 10_000)
  }

  @Test("the mileage of a car with one owner never falls")
  func odometers() {
    var checked = 0
    forEachGroup(Self.options) { rows in
      for vehicle in rows.vehicles.indices where rows.ownerships.count(where: { $0.vehicle == vehicle }) == 1
      {
        let ordered = rows.visits.filter { $0.vehicle == vehicle && $0.odometer != nil }
          .sorted { ($0.opened / 1440, $0.odometer!) < ($1.opened / 1440, $1.odometer!) }
        for (earlier, later) in zip(ordered, ordered.dropFirst()) {
          #expect(earlier.odometer! <= later.odometer!)
          checked += 1
        }
      }
    }
    #expect(checked > 5000)
  }

  @Test("every vehicle number is right and given once")
  func vehicleNumbers() {
    var seen: Set<VehicleNumber> = []
    var count = 0
    forEachGroup(Self.options) { rows in
      for vehicle in rows.vehicles {
        let characters = Array(vehicle.number.text.utf8)
        #expect(characters.count == 17 && VehicleNumber.checkDigit(characters) == characters[8])
        seen.insert(vehicle.number)
        count += 1
      }
    }
    #expect(seen.count == count && count > 2000)
  }

  @Test("the check digit is that of the standard's examples")
  func checkDigit() {
    for example in ["1M8GDM9AXKP042788", "1HGCR2F81GA042534"] {
      let characters = Array(example.utf8)
      #expect(VehicleNumber.checkDigit(characters) == characters[8])
    }
  }

  @Test("keys are unique within each table")
  func keys() {
    var visits: Set<Int64> = []
    var count = 0
    forEachGroup(Self.options) { rows in
      for visit in rows.visits {
        visits.insert(visit.key)
        count += 1
        #expect(visit.key / GroupGenerator.keysPerCustomer == visit.customer)
      }
    }
    #expect(visits.count == count)
  }

  @Test("visits, tickets, cars, second owners and surveys come at the rates of the documentation")
  func rates() {
    var visits = 0.0
    var tickets: [Double] = []
    var surveys = 0.0
    var several = 0.0
    var resold = 0.0
    var neverServiced = 0.0
    forEachGroup(Self.options) { rows in
      visits += Double(rows.visits.count)
      tickets += rows.visits.filter { $0.classes == .maintenance || $0.classes == .repair }.map(
        \.bill.customer)
      surveys += Double(rows.surveys.count)
      var cars: [Int64: Int] = [:]
      var owners: [Int: Int] = [:]
      for row in rows.ownerships {
        cars[row.customer, default: 0] += 1
        owners[row.vehicle, default: 0] += 1
      }
      several += Double(cars.values.count { $0 > 1 })
      resold += Double(owners.values.count { $0 > 1 })
      let seen = Set(rows.visits.filter(isVisit).map(\.customer))
      neverServiced += Double(rows.customers.count { !seen.contains($0.key) })
    }
    let customers = Double(Self.options.customers)
    #expect((5.5...7.5).contains(visits / customers), "visits \(visits / customers)")
    #expect((0.22...0.40).contains(surveys / visits), "surveys \(surveys / visits)")
    #expect((0.03...0.07).contains(several / customers), "several cars \(several / customers)")
    #expect((0.02...0.10).contains(resold / customers), "second owners \(resold / customers)")
    #expect((0.05...0.25).contains(neverServiced / customers), "never serviced \(neverServiced / customers)")
    let mean = tickets.reduce(0, +) / Double(tickets.count)
    #expect((400...1500).contains(mean), "mean ticket \(mean)")
  }

  @Test("calls go only to customers who agreed to be called about service")
  func consent() {
    forEachGroup(Self.options) { rows in
      let agreed = Set(
        rows.consents.filter { $0.purpose == .service && $0.granted }.map(\.customer))
      for contact in rows.contacts where contact.purpose == .service {
        #expect(agreed.contains(contact.customer))
      }
    }
  }
}

@Suite("Dirt")
struct DirtTests {
  @Test("errors come at the stated rate, and not at all at rate 0")
  func rates() {
    let rate = 0.1
    let options = SimulationOptions(customers: 1280, seed: 9, dirt: rate)
    var orders = 0.0
    var (swapped, negative, void, fullWidth, badDates) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var (customers, twins, phones, unreadable) = (0.0, 0.0, 0.0, 0.0)
    var group = 0
    forEachGroup(options) { clean in
      var rows = clean
      var none = Dirt(rate: 0, seed: options.seed, group: group)
      #expect(none.spoil(&rows, until: options.until).visits.isEmpty)
      #expect(rows.visits.count == clean.visits.count && rows.customers.count == clean.customers.count)
      var dirt = Dirt(rate: rate, seed: options.seed, group: group)
      let blemishes = dirt.spoil(&rows, until: options.until)
      group += 1
      orders += Double(rows.visits.count)
      void += Double(rows.visits.count { $0.status == .void })
      negative += Double(rows.visits.count { $0.bill.customer < 0 })
      swapped += Double(blemishes.visits.count { $0.number != nil })
      fullWidth += Double(blemishes.visits.count { $0.odometerText?.hasPrefix("见") == false })
      badDates += Double(
        zip(rows.visits, blemishes.visits).count { row, blemish in
          blemish.openedText != nil || row.opened / 1440 > Int64(options.until.number)
            || row.opened / 1440 < Int64(rows.vehicles[row.vehicle].delivered.number) - 3
        })
      customers += Double(clean.customers.count)
      twins += Double(rows.customers.count - clean.customers.count)
      phones += Double(
        rows.customers.count {
          Dirt.dummyPhones.contains($0.phone) || !$0.phone.unicodeScalars.allSatisfy(\.isASCII)
        })
      unreadable += Double(rows.customers.count { $0.name.hasSuffix(Dirt.unreadable) })
    }
    func expect(_ count: Double, of total: Double, near share: Double) {
      let error = (share * (1 - share) / total).squareRoot()
      #expect(abs(count / total - share) < 4 * error, "\(count / total) against \(share)")
    }
    expect(swapped, of: orders, near: rate)
    expect(negative, of: orders, near: rate / 2)
    expect(badDates, of: orders, near: rate)
    expect(twins, of: customers, near: rate)
    expect(phones, of: customers + twins, near: rate)
    expect(unreadable, of: customers + twins, near: rate / 2)
    #expect((0.07...0.1).contains(void / orders))
    #expect((0.03...0.055).contains(fullWidth / orders))
  }

  @Test("full-width digits are those of the same value")
  func fullWidth() {
    #expect(Dirt.fullWidth("1609") == "１６０９")
  }
}
