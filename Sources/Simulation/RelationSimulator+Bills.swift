import Foundation
import Histories

/// Prices of work.
extension RelationSimulator {
  /// Dear cars cost more to keep.
  private var priceLevel: Double { pow(traits.model.listPrice / 150_000, 0.4) }

  private static let noise = 0.18
  private static let labourShare = 0.35
  private static let costOfParts = 0.68
  private static let costOfLabour = 0.42

  private struct Work {
    var job: JobCategory
    var price: Double
    var probability: Double
  }

  /// Wear parts that a maintenance visit may bring, by the car's age.
  private func wear(ageYears: Double) -> [Work] {
    [
      Work(job: .airCon, price: 150, probability: 0.22),
      Work(job: .brake, price: 620, probability: min(0.05 * ageYears, 0.2)),
      Work(job: .tyre, price: 1100, probability: min(0.03 * ageYears, 0.12)),
      Work(job: .battery, price: 560, probability: ageYears > 3 ? 0.06 : 0.005),
      Work(job: .wiper, price: 110, probability: 0.12),
    ]
  }

  /// The bill of a qualified visit, its lines written to `rows.items`.
  mutating func bill(
    for kind: OrderClass, at moment: Double, visit: Int64, into rows: inout GroupRows
  ) -> Bill {
    let ageYears = (moment - traits.delivered) / 365.25
    var line: Int8 = 0
    var total = 0.0
    func price(_ base: Double) -> Double {
      cents(base * priceLevel * random.lognormal(median: 1, sigma: Self.noise))
    }
    func add(_ job: JobCategory, _ amount: Double, declined: Bool = false) {
      rows.items.append(ItemRow(visit: visit, line: line, job: job, amount: amount, declined: declined))
      line += 1
      if !declined { total += amount }
    }
    if kind != .repair {
      if traits.model.powertrain == .bev {
        add(.other, price(210))
        add(.filter, price(110))
      } else {
        add(.oil, price(380))
        add(.filter, price(95))
      }
      for work in wear(ageYears: ageYears) where random.chance(work.probability) {
        let refuses = random.chance(0.12 + 0.3 * traits.priceSensitivity)
        add(work.job, price(work.price), declined: refuses)
      }
    }
    if kind == .repair || kind == .maintenanceAndRepair {
      let jobs: [JobCategory] = [
        .brake, .engine, .gearbox, .electrical, .body, .airCon, .battery, .tyre, .other,
      ]
      let job = jobs[random.choice([3, 2, 0.7, 3, 2, 2, 1.5, 2, 2])]
      add(job, cents(620 * priceLevel * random.lognormal(median: 1, sigma: 0.7)))
    }
    return settle(total, kind: kind, day: Day(Int32(moment)))
  }

  private mutating func settle(_ total: Double, kind: OrderClass, day: Day) -> Bill {
    var bill = split(total)
    if random.chance(0.85) { bill.estimate = cents(total * random.lognormal(median: 0.98, sigma: 0.1)) }
    if kind == .firstService {
      bill.warranty = cents(bill.labour + bill.parts)
      return bill
    }
    if random.chance(0.25 + 0.3 * traits.priceSensitivity) {
      bill.discount = cents((bill.labour + bill.parts) * random.uniform(0.03, 0.16))
    }
    bill.customer = cents(bill.labour + bill.parts - bill.discount)
    if kind != .repair, packageLeft > 0, packageExpires >= day {
      packageLeft -= 1
      bill.package = cents(min(bill.customer, 480 * priceLevel))
      bill.customer = cents(bill.customer - bill.package)
    }
    if traits.ownerType != .person, random.chance(0.06) {
      bill.unpaid = cents(bill.customer * random.uniform(0.2, 1))
    }
    return bill
  }

  private func split(_ total: Double) -> Bill {
    var bill = Bill()
    bill.labour = cents(total * Self.labourShare)
    bill.parts = cents(total - bill.labour)
    bill.cost = cents(bill.labour * Self.costOfLabour + bill.parts * Self.costOfParts)
    return bill
  }

  /// The bill of work that the maker or an insurer pays, its line written to `rows.items`.
  mutating func unpaidBill(for kind: OrderClass, visit: Int64, into rows: inout GroupRows) -> Bill {
    let isAccident = kind == .accident
    let median = isAccident ? 3200.0 : kind == .recall ? 350 : 780
    let total = cents(median * priceLevel * random.lognormal(median: 1, sigma: isAccident ? 0.8 : 0.5))
    let jobs: [JobCategory] = isAccident ? [.body] : [.engine, .gearbox, .electrical, .airCon, .other]
    rows.items.append(
      ItemRow(visit: visit, line: 0, job: jobs[random.index(jobs.count)], amount: total, declined: false))
    var bill = split(total)
    if isAccident {
      bill.customer = random.chance(0.2) ? cents(total * random.uniform(0.05, 0.3)) : 0
      bill.insurance = cents(total - bill.customer)
    } else {
      bill.warranty = total
    }
    return bill
  }
}
