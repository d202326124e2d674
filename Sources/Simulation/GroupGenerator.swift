import Foundation
import Histories

/// Invents the customers of one group: people, cars, and the relations between them.
///
/// Groups are independent of one another; within a group a car that is sold may find its second owner, which is why
/// the customers of a group are made in order.
struct GroupGenerator {
  /// Customers per group.
  static let size = 64
  /// Keys of one customer's rows lie in one range of this length.
  static let keysPerCustomer: Int64 = 4096
  static let vehiclesPerCustomer = 4

  private static let secondVehicleShare = 0.05
  private static let usedBuyerShare = 0.10
  private static let boughtElsewhereShare = 0.16
  private static let useShares = [0.885, 0.07, 0.03, 0.015]

  let world: World
  /// Cars of this group that were sold on and wait for a second owner.
  private var forSale: [UsedCar] = []

  private struct UsedCar {
    var vehicle: Int
    var from: Double
    var odometer: Double
    var dealer: Int
  }

  /// What the relations of one customer share.
  private struct Household {
    var key: Int64
    var dealer: Int
    var ownerType: OwnerType
    var useType: UseType
    var distanceKm: Double
    var priceSensitivity: Double
    var mayCall: Bool
    var mayAdvertise: Bool
    var nextKey: Int64
    var vehicles = 0
  }

  init(world: World) {
    self.world = world
  }

  /// Fills `rows` with the group's histories.
  ///
  /// - Complexity: O(customers in the group); about 10 µs each in release.
  mutating func generate(group: Int, into rows: inout GroupRows) {
    rows.removeAll()
    forSale.removeAll(keepingCapacity: true)
    let first = group * Self.size
    for index in first..<min(first + Self.size, world.options.customers) {
      customer(index, into: &rows)
    }
  }

  private mutating func customer(_ index: Int, into rows: inout GroupRows) {
    var random = RandomStream(seed: world.options.seed, stream: UInt64(index), purpose: Purpose.customer)
    var household = drawHousehold(index, &random)
    let earliest = Double(world.from.number) - Double(World.earlierDeliveryDays)
    let end = Double(world.until.number) + 1
    var start = random.uniform(earliest, end)
    var arrival = drawArrival(start: start, household: household, &random)
    if case .usedHere(let car) = arrival { start = car.from }

    let movesAway = start + random.exponential(mean: 365.25 / NaturalLoss.movedAwayPerYear)
    let dies =
      household.ownerType == .person
      ? start + random.exponential(mean: 365.25 / NaturalLoss.deceasedPerYear) : .infinity
    let leaves = movesAway < dies ? (movesAway, EndReason.movedAway) : (dies, .deceased)

    writePerson(household, start: Day(Int32(start.rounded(.down))), &random, into: &rows)
    relation(arrival, start: start, leaves: leaves, &household, &random, into: &rows)
    let second = start + random.exponential(mean: 500)
    if random.chance(Self.secondVehicleShare / 0.8), second < min(leaves.0, end) {
      arrival = .new
      relation(arrival, start: second, leaves: leaves, &household, &random, into: &rows)
    }
  }

  /// How a car comes to a customer of ours.
  private enum Arrival {
    case new
    case boughtElsewhere
    case usedHere(UsedCar)
    case usedElsewhere
  }

  private mutating func drawArrival(
    start: Double, household: Household, _ random: inout RandomStream
  ) -> Arrival {
    if random.chance(Self.usedBuyerShare) {
      if let car = forSale.popLast() { return .usedHere(car) }
      return .usedElsewhere
    }
    return random.chance(Self.boughtElsewhereShare) ? .boughtElsewhere : .new
  }

  private func drawHousehold(_ index: Int, _ random: inout RandomStream) -> Household {
    let use = UseType(rawValue: Int8(random.choice(Self.useShares)))!
    let owner: OwnerType =
      switch use {
      case .private: random.chance(0.96) ? .person : random.chance(0.7) ? .company : .government
      case .commercial: random.chance(0.5) ? .company : .person
      case .rideHailing: random.chance(0.7) ? .person : .rental
      case .taxi: random.chance(0.7) ? .rental : .person
      }
    let sensitivity = random.gamma(shape: 2, scale: 1)
    return Household(
      key: Int64(index), dealer: random.index(world.dealers.count), ownerType: owner, useType: use,
      distanceKm: min(max(random.lognormal(median: 8, sigma: 0.8), 0.5), 150),
      priceSensitivity: sensitivity / (sensitivity + random.gamma(shape: 2, scale: 1)),
      mayCall: random.chance(0.85), mayAdvertise: random.chance(0.55),
      nextKey: Int64(index) * Self.keysPerCustomer)
  }

  private func writePerson(
    _ household: Household, start: Day, _ random: inout RandomStream, into rows: inout GroupRows
  ) {
    let dealer = world.dealers[household.dealer]
    let isPerson = household.ownerType == .person
    let female = random.chance(0.38)
    let bearing = random.uniform(0, 2 * .pi)
    let degrees = household.distanceKm / Places.kilometresPerDegree
    let age = random.uniform(22, 65)
    let name =
      isPerson
      ? PersonNames.person(female: female, &random)
      : PersonNames.organisation(household.ownerType, &random)
    rows.customers.append(
      CustomerRow(
        key: household.key, ownerType: household.ownerType, name: name, female: isPerson ? female : nil,
        birthDate: isPerson ? start - Int(age * 365.25) : .none, phone: PersonNames.phone(&random),
        city: dealer.city, district: random.index(Places.districts.count),
        latitude: dealer.latitude + degrees * sin(bearing),
        longitude: dealer.longitude + degrees * cos(bearing) / cos(dealer.latitude * .pi / 180),
        dealer: household.dealer,
        preferredChannel: [.phone, .sms, .wechat, .app][random.choice([3, 1, 5, 1])],
        registered: start))
    let marketing = household.mayAdvertise
    for (place, consent) in [
      (Channel.phone, ContactPurpose.service, household.mayCall), (.all, .marketing, marketing),
      (.all, .profiling, random.chance(0.8)),
    ].enumerated() {
      rows.consents.append(
        ConsentRow(
          key: household.key * Self.keysPerCustomer + Int64(place), customer: household.key,
          channel: consent.0, purpose: consent.1, granted: consent.2, at: start))
    }
  }

  // MARK: Relations

  private mutating func relation(
    _ arrival: Arrival, start: Double, leaves: (Double, EndReason), _ household: inout Household,
    _ random: inout RandomStream, into rows: inout GroupRows
  ) {
    var traits = RelationTraits(
      customer: household.key, vehicle: 0, dealer: household.dealer, ownerType: household.ownerType,
      useType: household.useType, model: VehicleCatalogue.models[0], start: start, startsWithVisit: false,
      isNewCar: true, delivered: start, odometerAtStart: 10, boughtHere: true, secondOwner: false,
      distanceKm: household.distanceKm, priceSensitivity: household.priceSensitivity,
      satisfaction: random.normal(), mayCall: household.mayCall, mayAdvertise: household.mayAdvertise,
      customerLeaves: leaves.0, customerLeavesBy: leaves.1,
      kmPerDay: RelationTraits.drawUsage(household.useType, &random),
      adherence: RelationTraits.drawAdherence(&random), regularity: RelationTraits.drawRegularity(&random))
    switch arrival {
    case .new: break
    case .boughtElsewhere:
      traits.delivered = start - random.uniform(60, 1500)
      traits.boughtHere = false
    case .usedElsewhere:
      traits.delivered = start - random.uniform(500, 2500)
      traits.boughtHere = false
      traits.secondOwner = true
    case .usedHere(let car):
      traits.delivered = Double(rows.vehicles[car.vehicle].delivered.number) + 0.5
      traits.secondOwner = true
      traits.boughtHere = random.chance(0.5)
      traits.odometerAtStart = car.odometer
    }
    traits.isNewCar = traits.delivered == start
    traits.startsWithVisit = !traits.boughtHere
    if case .usedHere(let car) = arrival {
      traits.vehicle = car.vehicle
      traits.model = VehicleCatalogue.models[rows.vehicles[car.vehicle].model]
      rows.vehicles[car.vehicle].customer = household.key
      rows.vehicles[car.vehicle].useType = household.useType
    } else {
      if !traits.isNewCar { traits.odometerAtStart = traits.kmPerDay * (start - traits.delivered) + 10 }
      traits.vehicle = rows.vehicles.count
      let model = random.choice(VehicleCatalogue.weights)
      traits.model = VehicleCatalogue.models[model]
      writeVehicle(traits, model: model, &household, &random, into: &rows)
    }
    live(traits, &household, random: &random, into: &rows)
  }

  private func writeVehicle(
    _ traits: RelationTraits, model: Int, _ household: inout Household, _ random: inout RandomStream,
    into rows: inout GroupRows
  ) {
    let delivered = Day(Int32(traits.delivered.rounded(.down)))
    // Cars of the last quarter are next year's models.
    let (year, month, _) = delivered.civil
    let modelYear = year + (month >= 10 ? 1 : 0)
    let serial = Int(household.key) * Self.vehiclesPerCustomer + household.vehicles
    household.vehicles += 1
    let newEnergy = traits.model.powertrain == .bev || traits.model.powertrain == .phev
    rows.vehicles.append(
      VehicleRow(
        serial: serial, number: VehicleNumber(serial: serial, model: model, modelYear: modelYear),
        customer: household.key, model: model, modelYear: modelYear, useType: household.useType,
        delivered: delivered,
        plate: PersonNames.plate(
          Places.cities[world.dealers[household.dealer].city], newEnergy: newEnergy, &random)))
  }

  private mutating func live(
    _ traits: RelationTraits, _ household: inout Household, random: inout RandomStream,
    into rows: inout GroupRows
  ) {
    var simulator = RelationSimulator(
      world: world, traits: traits, nextKey: household.nextKey, random: random)
    simulator.run(into: &rows)
    random = simulator.random
    household.nextKey = simulator.nextKey
    let end = simulator.ends
    let isOver = end.at < Double(world.until.number) + 1
    household.nextKey += 1
    rows.ownerships.append(
      OwnershipRow(
        key: household.nextKey, vehicle: traits.vehicle, customer: traits.customer,
        from: Day(Int32(traits.start.rounded(.down))),
        to: isOver ? Day(Int32(end.at.rounded(.down))) : .none, reason: isOver ? end.reason : nil))
    guard isOver, end.reason == .sold || end.reason == .movedAway else { return }
    let resold = end.at.rounded(.down) + 5 + Double(random.index(60)) + 0.5
    if resold < Double(world.until.number), random.chance(0.8) {
      forSale.append(
        UsedCar(
          vehicle: traits.vehicle, from: resold, odometer: traits.odometer(at: end.at),
          dealer: household.dealer))
    }
  }
}
