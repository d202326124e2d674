import Foundation
import Histories

/// What is wrong with one repair order beyond its values.
struct VisitBlemish {
  var number: VehicleNumber?
  var openedText: String?
  var odometerText: String?
}

/// Cells that cannot be held by a row's own types; the lists are empty where everything is clean.
struct Blemishes {
  /// One per visit.
  var visits: [VisitBlemish] = []
  /// One per survey: what stands in place of the score.
  var scores: [String?] = []
  /// One per prospect.
  var prospects: [ProspectBlemish] = []
}

/// Makes the errors that real exports have; docs/simulation.md lists them with their rates.
struct Dirt {
  /// A character of the private use area: the CSV writer turns it into a byte that no encoding knows.
  static let unreadable = "\u{E0F0}"
  static let dummyPhones = ["13800000000", "13888888888", "11111111111", "00000000000"]
  /// Second identifiers of duplicated customers are the first ones plus this.
  static let duplicateOffset: Int64 = 50_000_000

  let rate: Double
  private var random: RandomStream

  init(rate: Double, seed: UInt64, group: Int) {
    self.rate = rate
    random = RandomStream(seed: seed, stream: UInt64(group), purpose: Purpose.dirt)
  }

  /// Spoils rows in place and says which cells hold what their types forbid.
  mutating func spoil(_ rows: inout GroupRows, until: Day) -> Blemishes {
    guard rate > 0 else { return Blemishes() }
    var blemishes = Blemishes()
    duplicateCustomers(&rows, until: until)
    for index in rows.customers.indices { spoil(&rows.customers[index]) }
    addOrders(&rows)
    blemishes.visits = rows.visits.indices.map { index in
      let vehicle = rows.vehicles[rows.visits[index].vehicle]
      return spoil(&rows.visits[index], of: vehicle)
    }
    blemishes.scores = rows.surveys.map { _ in
      random.chance(rate / 2) ? (random.chance(0.5) ? "满意" : "99") : nil
    }
    return blemishes
  }

  /// Some people are entered twice; about half of their orders then go to the second entry.
  private mutating func duplicateCustomers(_ rows: inout GroupRows, until: Day) {
    var twins: [Int64: Int64] = [:]
    for row in rows.customers where random.chance(rate) {
      var twin = row
      twin.key += Self.duplicateOffset
      twin.registered = min(row.registered + (30 + random.index(700)), until)
      twins[row.key] = twin.key
      rows.customers.append(twin)
    }
    guard !twins.isEmpty else { return }
    for index in rows.visits.indices {
      if let twin = twins[rows.visits[index].customer], random.chance(0.5) {
        rows.visits[index].customer = twin
      }
    }
  }

  private mutating func spoil(_ row: inout CustomerRow) {
    if random.chance(rate) {
      row.phone =
        random.chance(0.5)
        ? Self.dummyPhones[random.index(Self.dummyPhones.count)] : Self.fullWidth(row.phone)
    }
    if !row.birthDate.isNone, random.chance(rate / 2) { row.birthDate = Day(year: 1900, month: 1, day: 1) }
    if random.chance(rate / 2) { row.name += Self.unreadable }
  }

  /// Split orders (half the parts on a second order of the day) and void orders (the order once more, cancelled).
  private mutating func addOrders(_ rows: inout GroupRows) {
    // Keys of the added orders come after those that the customer's own rows have used.
    var used: [Int64: Int64] = [:]
    for visit in rows.visits {
      let owner = visit.key / GroupGenerator.keysPerCustomer
      used[owner] = max(used[owner] ?? 0, visit.key)
    }
    for index in rows.visits.indices {
      let isSplit = random.chance(rate)
      let isVoid = random.chance(rate)
      guard isSplit || isVoid else { continue }
      let owner = rows.visits[index].key / GroupGenerator.keysPerCustomer
      if isVoid {
        var copy = rows.visits[index]
        copy.status = .void
        copy.key = nextKey(owner, &used)
        copy.closed = nil
        rows.visits.append(copy)
      }
      if isSplit {
        var second = rows.visits[index]
        second.key = nextKey(owner, &used)
        second.opened += 20
        second.bill = Bill()
        second.bill.parts = cents(rows.visits[index].bill.parts / 2)
        second.bill.customer = cents(rows.visits[index].bill.customer / 2)
        rows.visits[index].bill.parts = cents(rows.visits[index].bill.parts - second.bill.parts)
        rows.visits[index].bill.customer = cents(rows.visits[index].bill.customer - second.bill.customer)
        rows.visits.append(second)
      }
    }
  }

  /// Added orders take keys from the upper half of the customer's range, which the generator never reaches.
  private func nextKey(_ owner: Int64, _ used: inout [Int64: Int64]) -> Int64 {
    let upperHalf = owner * GroupGenerator.keysPerCustomer + GroupGenerator.keysPerCustomer / 2
    let key = max(used[owner] ?? 0, upperHalf) + 1
    used[owner] = key
    return key
  }

  private mutating func spoil(_ row: inout VisitRow, of vehicle: VehicleRow) -> VisitBlemish {
    var blemish = VisitBlemish()
    if random.chance(rate) { blemish.number = swapNeighbours(vehicle.number) }
    if let odometer = row.odometer {
      if random.chance(rate / 2) {
        row.odometer = Int32(Double(odometer) * random.uniform(0.2, 0.8))
      } else if random.chance(rate / 2) {
        blemish.odometerText = Self.fullWidth(String(odometer))
      } else if random.chance(rate / 8) {
        blemish.odometerText = "见备注"
      }
    }
    if random.chance(rate / 2) { row.bill.customer = -max(row.bill.customer, 1) }
    if random.chance(rate) {
      let minutesPerDay: Int64 = 1440
      switch random.index(4) {
      case 0:
        row.opened = (Int64(vehicle.delivered.number) - 1500 - Int64(random.index(1000))) * minutesPerDay
      case 1: row.opened = Int64(Day(year: 2099, month: 12, day: 31).number) * minutesPerDay
      case 2: row.opened = Int64(Day(year: 1900, month: 1, day: 1).number) * minutesPerDay
      default: blemish.openedText = "未知"
      }
    }
    return blemish
  }

  private mutating func swapNeighbours(_ number: VehicleNumber) -> VehicleNumber? {
    let start = random.index(VehicleNumber.length - 1)
    for step in 0..<(VehicleNumber.length - 1) {
      let swapped = number.swapped(at: (start + step) % (VehicleNumber.length - 1))
      if swapped != number { return swapped }
    }
    return nil
  }

  /// ASCII digits as their full-width forms.
  static func fullWidth(_ text: String) -> String {
    let distance: UInt32 = 0xFEE0
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { Unicode.Scalar($0.value + distance) ?? $0 }))
  }
}
