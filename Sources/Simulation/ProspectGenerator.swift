import Foundation
import Histories

/// Invents the people who asked for a car: those who bought one in the end, and those who did not.
///
/// It works on the finished rows of a group and draws from streams of its own: no other table depends on it.
struct ProspectGenerator {
  /// Share of the purchases that began with an inquiry on record.
  private static let recordedShare = 0.55
  /// People who asked and did not buy, a year and customer of the group.
  static let othersPerYear = 0.12

  private static let sameDayShare = 0.12
  private static let meanDaysToPurchase = 28.0
  private static let longestDays = 400
  private static let meanDaysToVerification = 0.8
  /// Shares of inquiries that somebody called back about and found to be real.
  private static let verifiedShare = (buyers: 0.97, others: 0.78)
  private static let sameModelShare = 0.8
  private static let budgetStep = 5000.0

  /// Weights of `ProspectSource`.
  private static let buyerSources: [Double] = [30, 8, 8, 18, 8, 8, 14, 6]
  private static let otherSources: [Double] = [16, 8, 10, 30, 22, 10, 3, 1]
  /// Weights of `ProspectIntent`.
  private static let buyerIntents = [0.82, 0.18, 0, 0]
  private static let otherIntents = [0.25, 0.33, 0.30, 0.12]
  /// What people answer when asked within how many months they mean to buy.
  private static let horizons = [1, 3, 6, 12, 24]
  private static let buyerHorizons = [0.35, 0.35, 0.18, 0.09, 0.03]
  private static let otherHorizons = [0.12, 0.25, 0.28, 0.23, 0.12]
  private static let daysPerMonth = 30

  let world: World

  /// Adds the prospects of a group whose other rows are made and clean.
  ///
  /// - Complexity: O(customers in the group); about 1 µs each in release.
  func generate(into rows: inout GroupRows) {
    let years = Double(world.until - world.from) / 365.25
    var nextPurchase = 0
    for customer in rows.customers {
      var random = RandomStream(
        seed: world.options.seed, stream: UInt64(customer.key), purpose: Purpose.prospect)
      var key = customer.key * GroupGenerator.keysPerCustomer
      while nextPurchase < rows.purchases.count, rows.purchases[nextPurchase].customer == customer.key {
        if let row = buyer(customer, rows.purchases[nextPurchase], rows, key: key, &random) {
          rows.prospects.append(row)
          key += 1
        }
        nextPurchase += 1
      }
      for _ in 0..<random.poisson(mean: Self.othersPerYear * years) {
        rows.prospects.append(other(key: key, &random))
        key += 1
      }
    }
  }

  // MARK: Those who bought

  private func buyer(
    _ customer: CustomerRow, _ purchase: PurchaseRow, _ rows: GroupRows, key: Int64,
    _ random: inout RandomStream
  ) -> ProspectRow? {
    guard random.chance(Self.recordedShare) else { return nil }
    let days =
      random.chance(Self.sameDayShare)
      ? 0 : min(1 + Int(random.exponential(mean: Self.meanDaysToPurchase)), Self.longestDays)
    let asked = purchase.date - days
    guard asked >= world.from else { return nil }
    let present = rows.ownerships.first {
      $0.customer == customer.key && $0.from < asked && ($0.to.isNone || $0.to >= asked)
    }
    var source = ProspectSource(rawValue: Int8(random.choice(Self.buyerSources)))!
    if present != nil, random.chance(0.3) { source = .workshop }
    if purchase.referredBy != nil { source = .referral }

    let model =
      random.chance(Self.sameModelShare)
      ? rows.vehicles[purchase.vehicle].model : random.choice(VehicleCatalogue.weights)
    var row = ProspectRow(
      key: key, source: source, created: moment(on: asked, source, &random),
      phone: ProspectWriting.phone(customer.phone, &random),
      name: ProspectWriting.name(customer, &random),
      city: ProspectWriting.city(customer.city, &random),
      district: random.chance(0.65) ? customer.district : nil, model: model)
    row.bought = purchase.date
    row.customer = customer.key
    if random.chance(0.65) { row.testDrive = asked + random.index(days + 1) }
    verify(&row, asked: asked, last: purchase.date, share: Self.verifiedShare.buyers, &random)
    let isVerified = row.verified != nil
    if isVerified {
      row.intent = ProspectIntent(rawValue: Int8(random.choice(Self.buyerIntents)))
      row.months = buyerMonths(days: days, &random)
    }
    row.budget = budget(around: purchase.price * random.uniform(0.9, 1.15), isVerified, &random)
    if let present {
      let vehicle = rows.vehicles[present.vehicle]
      row.currentCar = vehicle.model
      row.currentAge = Self.tenths(Double(asked - vehicle.delivered) / 365.25)
    } else if isVerified, random.chance(0.55) {
      inventCar(&row, &random)
    }
    return row
  }

  private func buyerMonths(days: Int, _ random: inout RandomStream) -> Int? {
    guard random.chance(0.8) else { return nil }
    let needed = (days + Self.daysPerMonth - 1) / Self.daysPerMonth
    if random.chance(0.65), let horizon = Self.horizons.first(where: { $0 >= needed }) { return horizon }
    return Self.horizons[random.choice(Self.buyerHorizons)]
  }

  // MARK: Those who did not

  private func other(key: Int64, _ random: inout RandomStream) -> ProspectRow {
    let asked = world.from + random.index(world.until - world.from + 1)
    let source = ProspectSource(rawValue: Int8(random.choice(Self.otherSources)))!
    let model = random.choice(VehicleCatalogue.weights)
    let female = random.chance(0.38)
    let name = PersonNames.person(female: female, &random)
    let city = world.dealers[random.index(world.dealers.count)].city
    var row = ProspectRow(
      key: key, source: source, created: moment(on: asked, source, &random),
      phone: ProspectWriting.spaced(PersonNames.phone(&random), &random),
      name: random.chance(0.3) ? ProspectWriting.form(of: name, female: female) : name,
      city: ProspectWriting.city(city, &random),
      district: random.chance(0.5) ? random.index(Places.districts.count) : nil, model: model)
    verify(&row, asked: asked, last: world.until, share: Self.verifiedShare.others, &random)
    let isVerified = row.verified != nil
    let usedDiscount = random.chance(0.1) ? 0.55 : 1
    let wanted = VehicleCatalogue.models[model].listPrice * usedDiscount
    row.budget = budget(around: wanted * random.uniform(0.8, 1.1), isVerified, &random)
    guard isVerified else { return row }
    let intent = ProspectIntent(rawValue: Int8(random.choice(Self.otherIntents)))!
    row.intent = intent
    if random.chance(0.75) { row.months = Self.horizons[random.choice(Self.otherHorizons)] }
    if intent == .interested || intent == .hesitating, random.chance(0.3) {
      let day = asked + 1 + random.index(20)
      if day <= world.until { row.testDrive = day }
    }
    if random.chance(0.5) { inventCar(&row, &random) }
    return row
  }

  // MARK: Both

  /// Minutes since 1970-01-01 of an inquiry: in opening hours where somebody has to be there, else until late.
  private func moment(on day: Day, _ source: ProspectSource, _ random: inout RandomStream) -> Int64 {
    let hours: (opens: Int64, minutes: Int) =
      switch source {
      case .walkIn, .phone, .autoShow, .workshop: (540, 540)
      case .website, .portal, .shortVideo, .referral: (480, 900)
      }
    return Int64(day.number) * 1440 + hours.opens + Int64(random.index(hours.minutes))
  }

  /// Somebody calls back, at the latest on the last day, or nobody does.
  private func verify(
    _ row: inout ProspectRow, asked: Day, last: Day, share: Double, _ random: inout RandomStream
  ) {
    guard random.chance(share) else { return }
    let isPresent = row.source == .walkIn || row.source == .workshop
    let day = asked + (isPresent ? 0 : Int(random.exponential(mean: Self.meanDaysToVerification)))
    let inHours = Int64(day.number) * 1440 + 540 + Int64(random.index(600))
    let soon = row.created + 5 + Int64(random.index(25))
    row.verified = isPresent || day > last || inHours < soon ? soon : inHours
  }

  private func budget(around amount: Double, _ isVerified: Bool, _ random: inout RandomStream) -> Int? {
    guard random.chance(isVerified ? 0.85 : 0.3) else { return nil }
    return Int((amount / Self.budgetStep).rounded() * Self.budgetStep)
  }

  /// A car of another make, or one of ours that we have never seen.
  private func inventCar(_ row: inout ProspectRow, _ random: inout RandomStream) {
    row.currentCar =
      random.chance(0.2)
      ? random.choice(VehicleCatalogue.weights)
      : VehicleCatalogue.models.count + random.index(VehicleCatalogue.rivals.count)
    row.currentAge = Self.tenths(min(max(random.gamma(shape: 2.5, scale: 2.4), 0.3), 20))
  }

  private static func tenths(_ years: Double) -> Double { (years * 10).rounded() / 10 }
}
