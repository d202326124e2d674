import Foundation
import Histories

/// What surrounds a relation without telling whether it has defected: these draws never look at `defected`, so
/// that `TrueLapse` need not condition on them.
extension RelationSimulator {
  private static let packageShare = 0.16
  private static let packageVisits = 4
  private static let packageDays = 1095

  /// The purchase, the package, the satisfaction survey of the sale.
  mutating func sale(into rows: inout GroupRows) {
    let day = Day(Int32(traits.start.rounded(.down)))
    let isNew = traits.isNewCar
    let price = cents(
      traits.model.listPrice * (isNew ? random.uniform(0.86, 0.99) : random.uniform(0.4, 0.7)))
    rows.purchases.append(
      PurchaseRow(
        key: takeKey(), customer: traits.customer, vehicle: traits.vehicle, date: day, price: price,
        condition: isNew ? .new : .certifiedUsed, dealer: traits.dealer,
        loanEnds: random.chance(0.45) ? day + 365 * (1 + random.index(5)) : .none,
        margin: cents(price * random.normal(mean: 0.035, deviation: 0.02)),
        referredBy: random.chance(0.05) ? referrer() : nil))
    if random.chance(Self.packageShare) {
      packageLeft = Self.packageVisits
      packageExpires = day + Self.packageDays
      rows.packages.append(
        PackageRow(
          key: takeKey(), vehicle: traits.vehicle, bought: day, visits: Self.packageVisits,
          expires: packageExpires, price: cents(1480 * pow(traits.model.listPrice / 150_000, 0.4))))
    }
    guard day >= world.from else { return }
    if isNew {
      var bill = Bill()
      bill.labour = 120
      bill.cost = 60
      if random.chance(0.5), day - 2 >= world.from {
        write(bill, as: .presale, key: takeKey(), on: day - 2, quality: 0, into: &rows)
        rows.visits[rows.visits.count - 1].odometer = 8
      }
    }
    let surveyed = day + 5 + random.index(6)
    if random.chance(0.25), surveyed <= world.until {
      let score = min(max(Int((8.2 + 0.9 * traits.satisfaction + random.normal()).rounded()), 1), 10)
      rows.surveys.append(
        SurveyRow(
          key: takeKey(), customer: traits.customer, visit: nil, date: surveyed, kind: .ssi, item: .overall,
          score: score, invited: day + 4))
    }
  }

  /// Somebody who is a customer already: one with a smaller number.
  private mutating func referrer() -> Int64? {
    traits.customer > 0 ? Int64(random.index(Int(traits.customer))) : nil
  }

  /// Insurance, recalls, parts over the counter, advertising, no-shows: from the start to the end of the relation.
  mutating func incidentals(into rows: inout GroupRows) {
    let first = max(world.from, Day(Int32(traits.start.rounded(.down))))
    let lastDay = min(Double(world.until.number), ends.at.rounded(.down) - 1)
    let last = Day(Int32(lastDay))
    guard first < last else { return }
    insure(to: last, into: &rows)
    recall(to: last, into: &rows)
    for day in days(perYear: 0.05, from: first, to: last) { counterSale(on: day, into: &rows) }
    for day in days(perYear: 0.02, from: first, to: last) { internalOrder(on: day, into: &rows) }
    for day in days(perYear: 0.03, from: first, to: last) {
      rows.appointments.append(
        AppointmentRow(
          key: takeKey(), customer: traits.customer, vehicle: traits.vehicle, booked: openingTime(day - 2),
          forDay: day, state: random.chance(0.6) ? .noShow : .cancelled))
    }
    guard traits.mayAdvertise else { return }
    for day in days(perYear: 0.3, from: first, to: last) {
      rows.contacts.append(
        ContactRow(
          key: takeKey(), customer: traits.customer, vehicle: traits.vehicle, at: openingTime(day),
          channel: random.chance(0.5) ? .sms : .wechat, purpose: random.chance(0.7) ? .marketing : .care,
          outcome: random.chance(0.95) ? .delivered : .failed, promised: .none))
    }
  }

  /// The days of a Poisson process.
  private mutating func days(perYear rate: Double, from first: Day, to last: Day) -> [Day] {
    var days: [Day] = []
    var moment = Double(first.number)
    while true {
      moment += random.exponential(mean: 365.25 / rate)
      guard moment < Double(last.number) + 1 else { return days }
      days.append(Day(Int32(moment)))
    }
  }

  private mutating func insure(to last: Day, into rows: inout GroupRows) {
    let appeal = 0.4 + 0.5 * traits.satisfaction + (traits.boughtHere ? 0.5 : -0.6)
    var isHere = random.chance(1 / (1 + exp(-appeal)))
    let begins = Day(Int32(traits.start.rounded(.down)))
    // A car that changed hands keeps the policy's anniversary of its first delivery.
    let delivered = Day(Int32(traits.delivered.rounded(.down)))
    var starts = delivered + (max(0, begins - delivered) + 364) / 365 * 365
    while starts <= last {
      if random.chance(0.22) { isHere = random.chance(1 / (1 + exp(-appeal))) }
      let ageYears = Double(starts - delivered) / 365
      let premium = cents(
        (2400 + 0.012 * traits.model.listPrice) * pow(0.94, ageYears) * random.uniform(0.85, 1.15))
      if starts + 365 >= world.from {
        rows.insurance.append(
          InsuranceRow(
            key: takeKey(), vehicle: traits.vehicle, starts: starts, ends: starts + 364, soldHere: isHere,
            premium: premium, commission: isHere ? cents(premium * 0.12) : 0))
      }
      starts = starts + 365
    }
  }

  private mutating func recall(to last: Day, into rows: inout GroupRows) {
    let delivered = Day(Int32(traits.delivered.rounded(.down)))
    let start = Day(Int32(traits.start.rounded(.down)))
    for (campaign, recall) in world.recalls.enumerated() {
      guard VehicleCatalogue.models[recall.model].name == traits.model.name, delivered <= recall.opened,
        recall.opened >= start, recall.opened <= last
      else { continue }
      let done = recall.opened + Int(random.exponential(mean: 200)) + 5
      let isDone = random.chance(0.8) && done <= last
      rows.recalls.append(
        RecallRow(
          key: takeKey(), vehicle: traits.vehicle, campaign: campaign, opened: recall.opened,
          done: isDone ? done : .none))
      guard isDone else { continue }
      let key = takeKey()
      let bill = unpaidBill(for: .recall, visit: key, into: &rows)
      write(bill, as: .recall, key: key, on: done, quality: 0, into: &rows)
    }
  }

  private mutating func counterSale(on day: Day, into rows: inout GroupRows) {
    var bill = Bill()
    bill.parts = cents(random.lognormal(median: 160, sigma: 0.7))
    bill.customer = bill.parts
    bill.cost = cents(bill.parts * 0.7)
    let key = takeKey()
    rows.items.append(ItemRow(visit: key, line: 0, job: .other, amount: bill.parts, declined: false))
    write(bill, as: .counterSale, key: key, on: day, quality: 0, into: &rows)
    rows.visits[rows.visits.count - 1].odometer = nil
  }

  private mutating func internalOrder(on day: Day, into rows: inout GroupRows) {
    var bill = Bill()
    bill.labour = cents(random.uniform(50, 300))
    bill.cost = bill.labour
    write(bill, as: .internal, key: takeKey(), on: day, quality: 0, into: &rows)
    rows.visits[rows.visits.count - 1].odometer = nil
  }
}
