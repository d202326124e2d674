import Foundation
import Histories

/// What all customers share: the calendar, the stores and the people in them. Immutable after it is made.
struct World: Sendable {
  struct Adviser: Sendable {
    let id: Int
    let dealer: Int
    let from: Day
    let to: Day
  }

  struct Dealer: Sendable {
    let city: Int
    let latitude: Double
    let longitude: Double
    let opens: Day
    /// How good its work is, in deviations of visit quality.
    let quality: Double
    /// The probability that it calls an overdue customer who may be called.
    let callProbability: Double
    let dailyCapacity: Int
  }

  struct RecallCampaign: Sendable {
    let model: Int
    let opened: Day
  }

  static let advisersPerDealer = 6
  private static let meanAdviserDays = 1300.0
  private static let recallCampaigns = 6
  /// Cars were delivered up to this many days before the histories begin.
  static let earlierDeliveryDays = 1095

  let options: SimulationOptions
  let from: Day
  let until: Day
  let clock: SeasonalClock
  let dealers: [Dealer]
  let advisers: [Adviser]
  /// By dealer and desk: the people who sat there, one after another.
  private let desks: [[Int]]
  let recalls: [RecallCampaign]

  init(_ options: SimulationOptions) {
    self.options = options
    from = options.from
    until = options.until
    let earliest = from - (Self.earlierDeliveryDays + 10)
    clock = SeasonalClock(from: earliest, to: until + 1200)

    var random = RandomStream(seed: options.seed, stream: 0, purpose: Purpose.world)
    var dealers: [Dealer] = []
    var advisers: [Adviser] = []
    var desks: [[Int]] = []
    for dealer in 0..<options.dealers {
      let city = dealer % Places.cities.count
      dealers.append(
        Dealer(
          city: city,
          latitude: Places.cities[city].latitude + random.normal(mean: 0, deviation: 0.06),
          longitude: Places.cities[city].longitude + random.normal(mean: 0, deviation: 0.06),
          opens: earliest - 30 * random.index(60),
          quality: random.normal(mean: 0, deviation: 0.1),
          callProbability: random.uniform(0.3, 0.7),
          dailyCapacity: 20 + 5 * random.index(9)))
      for _ in 0..<Self.advisersPerDealer {
        var desk: [Int] = []
        var day = earliest
        while day <= until {
          let leaves = day + (120 + Int(random.exponential(mean: Self.meanAdviserDays)))
          desk.append(advisers.count)
          advisers.append(Adviser(id: advisers.count, dealer: dealer, from: day, to: leaves))
          day = leaves + 1
        }
        desks.append(desk)
      }
    }
    self.dealers = dealers
    self.advisers = advisers
    self.desks = desks
    recalls = (0..<Self.recallCampaigns).map { _ in
      RecallCampaign(
        model: random.index(VehicleCatalogue.models.count),
        opened: options.from + random.index(options.until - options.from))
    }
  }

  /// Who sits at a desk on a day.
  func adviser(dealer: Int, desk: Int, on day: Day) -> Int {
    let people = desks[dealer * Self.advisersPerDealer + desk]
    return people.first { advisers[$0].to >= day } ?? people[people.count - 1]
  }
}

/// What a random stream is for; streams of different purpose are independent.
enum Purpose {
  static let world: UInt64 = 1
  static let customer: UInt64 = 2
  static let dirt: UInt64 = 3
  static let prospect: UInt64 = 4
  static let prospectDirt: UInt64 = 5
}
