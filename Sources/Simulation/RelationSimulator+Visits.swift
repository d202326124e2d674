import Foundation
import Histories

/// What a qualified visit did to the customer.
struct VisitExperience {
  var billShock = 0.0
  var unresolvedComplaint = false
  var adviserChanged = false
}

/// How a visit turns into rows: the order and its money, the survey, the complaint.
extension RelationSimulator {
  private static let satisfactionMemory = 0.8
  private static let qualityWeight = 0.6
  private static let deskChange = 0.08
  /// Share of qualified visits that end in two orders on one day.
  private static let naturalSplit = 0.015
  private static let booked = 0.45

  /// Serves the car and tells how the customer felt about it.
  mutating func receive(at moment: Double, isRepair: Bool, into rows: inout GroupRows) -> VisitExperience {
    let day = Day(Int32(moment.rounded(.down)))
    let isExported = day >= world.from
    let quality = world.dealers[traits.dealer].quality + random.normal()
    satisfaction = Self.satisfactionMemory * satisfaction + Self.qualityWeight * quality

    let changed = meetAdviser(on: day)
    let isFirst = !hasVisited && traits.isNewCar && !isRepair
    var kind = isFirst ? OrderClass.firstService : isRepair ? .repair : .maintenance
    if kind == .maintenance, random.chance(0.07) { kind = .maintenanceAndRepair }

    let key = takeKey()
    let firstItem = rows.items.count
    let bill = bill(for: kind, at: moment, visit: key, into: &rows)
    var experience = VisitExperience(adviserChanged: changed)
    if bill.customer > 0 {
      let logTicket = log(bill.customer)
      experience.billShock = min(max(logTicket - (usualLogTicket ?? logTicket), -1), 2)
      usualLogTicket = usualLogTicket.map { 0.6 * $0 + 0.4 * logTicket } ?? logTicket
    }
    let complaint = complain(quality: quality, on: day, isExported: isExported, into: &rows)
    experience.unresolvedComplaint = complaint == .unresolved

    guard isExported else {
      rows.items.removeSubrange(firstItem...)
      return experience
    }
    write(bill, as: kind, key: key, on: day, quality: quality, into: &rows)
    if random.chance(Self.naturalSplit) { writeSecondOrder(on: day, into: &rows) }
    answerSurvey(quality: quality, bill: bill, on: day, visit: key, into: &rows)
    return experience
  }

  /// Whether the customer is met by somebody else than last time.
  private mutating func meetAdviser(on day: Day) -> Bool {
    if adviser != nil, random.chance(Self.deskChange) { desk = random.index(World.advisersPerDealer) }
    let present = world.adviser(dealer: traits.dealer, desk: desk, on: day)
    defer { adviser = present }
    return adviser != nil && adviser != present
  }

  // MARK: Orders

  /// The reading at noon: usage swings by a third over the year, so the mileage never falls.
  private func odometer(on day: Day) -> Int32 {
    let noon = Double(day.number) + 0.5
    let phase = Double(traits.customer % 12) / 12
    let swing = 20 * (sin(2 * .pi * (noon / 365.25 + phase)) - sin(2 * .pi * (traits.start / 365.25 + phase)))
    return Int32(max(traits.odometer(at: noon) + traits.kmPerDay * swing, traits.odometerAtStart))
  }

  /// Minutes since 1970-01-01 of a moment in opening hours.
  mutating func openingTime(_ day: Day) -> Int64 {
    Int64(day.number) * 1440 + 510 + Int64(random.index(540))
  }

  mutating func write(
    _ bill: Bill, as kind: OrderClass, key: Int64, on day: Day, quality: Double, into rows: inout GroupRows
  ) {
    let opened = openingTime(day)
    let usualHours =
      switch kind {
      case .accident: 90.0
      case .repair, .warranty, .maintenanceAndRepair: 8.0
      case .counterSale, .presale, .internal: 0.5
      default: 2.2
      }
    let minutes = Int64(60 * random.lognormal(median: usualHours, sigma: 0.5) * exp(-0.12 * quality)) + 10
    let promised =
      random.chance(0.9) ? opened + Int64(60 * usualHours * random.uniform(1.1, 1.9)) / 10 * 10 : nil
    let closed = opened + minutes
    let isClosed = closed < (Int64(world.until.number) + 1) * 1440
    let isBooked = random.chance(Self.booked)
    if isBooked {
      let lead = 1 + random.index(5)
      rows.appointments.append(
        AppointmentRow(
          key: takeKey(), customer: traits.customer, vehicle: traits.vehicle,
          booked: openingTime(day - lead), forDay: day, state: .kept))
    }
    rows.visits.append(
      VisitRow(
        key: key, customer: traits.customer, vehicle: traits.vehicle, dealer: traits.dealer, opened: opened,
        closed: isClosed ? closed : nil, promised: promised, status: isClosed ? .settled : .open,
        odometer: random.chance(0.01) ? nil : odometer(on: day), classes: kind, bill: bill,
        adviser: world.adviser(dealer: traits.dealer, desk: desk, on: day), booked: isBooked))
  }

  /// A small second order of the same day, as real desks write them.
  private mutating func writeSecondOrder(on day: Day, into rows: inout GroupRows) {
    var bill = Bill()
    bill.parts = cents(random.lognormal(median: 120, sigma: 0.5))
    bill.customer = bill.parts
    bill.cost = cents(bill.parts * 0.7)
    let key = takeKey()
    rows.items.append(ItemRow(visit: key, line: 0, job: .other, amount: bill.parts, declined: false))
    write(bill, as: .accessory, key: key, on: day, quality: 0, into: &rows)
  }

  /// An accident or warranty visit: kept in the books, but it says nothing about loyalty.
  mutating func otherVisit(at moment: Double, _ kind: OrderClass, into rows: inout GroupRows) {
    let day = Day(Int32(moment.rounded(.down)))
    guard day >= world.from else { return }
    let key = takeKey()
    let bill = unpaidBill(for: kind, visit: key, into: &rows)
    write(bill, as: kind, key: key, on: day, quality: 0, into: &rows)
  }

  // MARK: Voice of the customer

  private enum Complaint { case none, resolved, unresolved }

  private mutating func complain(
    quality: Double, on day: Day, isExported: Bool, into rows: inout GroupRows
  ) -> Complaint {
    guard random.chance(1 / (1 + exp(4.3 + 1.2 * quality))) else { return .none }
    let isResolved = random.chance(0.6)
    let opened = day + random.index(4)
    let closes = opened + (isResolved ? 2 + random.index(20) : 60 + random.index(200))
    let severity = 1 + random.choice([0.4, 0.35, 0.2, 0.05])
    let reopens = isResolved ? random.chance(0.05) : random.chance(0.25)
    guard isExported, opened <= world.until else { return isResolved ? .resolved : .unresolved }
    let closed = closes <= world.until ? closes : .none
    let reopened = reopens && closes + 10 <= world.until ? closes + 10 : .none
    rows.complaints.append(
      ComplaintRow(
        key: takeKey(), customer: traits.customer, vehicle: traits.vehicle, opened: opened, closed: closed,
        severity: severity, reopened: reopened,
        satisfied: closed.isNone ? nil : random.chance(isResolved ? 0.85 : 0.15),
        topic: random.index(CodeWords.topic.count)))
    return isResolved ? .resolved : .unresolved
  }

  /// Scores show satisfaction through noise, and the very pleased and the angry answer more often.
  private mutating func answerSurvey(
    quality: Double, bill: Bill, on day: Day, visit: Int64, into rows: inout GroupRows
  ) {
    let mood = 0.7 * satisfaction + 0.5 * quality
    let answers = 0.2 + 0.05 * min(mood * mood, 4) + (mood > 0 ? 0.03 : 0)
    guard random.chance(answers) else {
      inviteInVain(after: day, visit: visit, into: &rows)
      return
    }
    let invited = day + 1
    let date = invited + random.index(7)
    guard date <= world.until else { return }
    func score(_ mean: Double, of most: Int, from least: Int) -> Int {
      min(max(Int((mean + random.normal(mean: 0, deviation: 0.8)).rounded()), least), most)
    }
    rows.surveys.append(
      SurveyRow(
        key: takeKey(), customer: traits.customer, visit: visit, date: date, kind: .csi, item: .overall,
        score: score(8 + 1.3 * mood, of: 10, from: 1), invited: invited))
    if random.chance(0.2) {
      let item = SurveyItem(rawValue: Int8(1 + random.index(5)))!
      let price = item == .price ? -1.5 * traits.priceSensitivity : 0
      rows.surveys.append(
        SurveyRow(
          key: takeKey(), customer: traits.customer, visit: visit, date: date, kind: .csi, item: item,
          score: score(8 + 1.2 * mood + price, of: 10, from: 1), invited: invited))
    }
    if random.chance(0.2) {
      rows.surveys.append(
        SurveyRow(
          key: takeKey(), customer: traits.customer, visit: visit, date: date, kind: .nps, item: .overall,
          score: score(7.6 + 1.7 * mood, of: 10, from: 0), invited: invited))
    }
  }

  private static let invitedInVain = 0.3

  /// A message that asks for an answer which never comes. The visit's own key decides, not the relation's random
  /// stream, and serves as the contact's key.
  private func inviteInVain(after day: Day, visit: Int64, into rows: inout GroupRows) {
    let invited = day + 1
    let draw = KeyHash.combine(UInt64(visit), world.options.seed)
    guard invited <= world.until, Double(draw >> 11) * 0x1p-53 < Self.invitedInVain else { return }
    rows.contacts.append(
      ContactRow(
        key: visit, customer: traits.customer, vehicle: traits.vehicle,
        at: Int64(invited.number) * 1440 + 510 + Int64(draw % 540), channel: .wechat, purpose: .survey,
        outcome: .delivered, promised: .none))
  }

  // MARK: Calls

  mutating func record(_ contact: ContactMade, into rows: inout GroupRows) {
    let day = Day(Int32(contact.at.rounded(.down)))
    guard day >= world.from else { return }
    let promised = contact.outcome == .promised || contact.outcome == .booked
    rows.contacts.append(
      ContactRow(
        key: takeKey(), customer: traits.customer, vehicle: traits.vehicle, at: openingTime(day),
        channel: .phone, purpose: .service, outcome: contact.outcome,
        promised: promised ? day + (3 + random.index(18)) : .none))
  }
}

/// Rounds money to cents.
@inline(__always)
func cents(_ amount: Double) -> Double { (amount * 100).rounded() / 100 }
