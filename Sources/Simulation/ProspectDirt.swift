import Histories

/// Cells of one prospect that its own types cannot hold.
struct ProspectBlemish {
  var createdText: String?
  var budgetText: String?
}

/// Makes the errors of a lead system's exports, from a stream of its own; docs/simulation.md lists them.
struct ProspectDirt {
  /// Customers that nobody knows have the numbers of known ones plus this, which no other number reaches.
  static let unknownOffset: Int64 = 70_000_000

  let rate: Double
  private var random: RandomStream

  init(rate: Double, seed: UInt64, group: Int) {
    self.rate = rate
    random = RandomStream(seed: seed, stream: UInt64(group), purpose: Purpose.prospectDirt)
  }

  /// Spoils rows in place, and says which cells hold what their types forbid; nothing at rate 0.
  mutating func spoil(_ rows: inout [ProspectRow]) -> [ProspectBlemish] {
    guard rate > 0 else { return [] }
    var blemishes = rows.indices.map { spoil(&rows[$0]) }
    // Exported twice, with all errors: copies that differ in nothing have no order to keep.
    for index in rows.indices where random.chance(rate / 2) {
      rows.append(rows[index])
      blemishes.append(blemishes[index])
    }
    return blemishes
  }

  private mutating func spoil(_ row: inout ProspectRow) -> ProspectBlemish {
    var blemish = ProspectBlemish()
    if random.chance(rate) {
      row.phone =
        random.chance(0.5)
        ? Dirt.dummyPhones[random.index(Dirt.dummyPhones.count)] : Dirt.fullWidth(row.phone)
    }
    if random.chance(rate / 2) { row.name += Dirt.unreadable }
    if random.chance(rate / 2) {
      blemish.budgetText = "面议"
    } else if let budget = row.budget, random.chance(rate / 2) {
      row.budget = -budget
    }
    if let customer = row.customer {
      if random.chance(rate / 2) { row.customer = customer + Self.unknownOffset }
      if random.chance(rate / 2) { row.bought = Day(Int32(row.created / 1440)) - (1 + random.index(300)) }
    }
    if random.chance(rate / 2) {
      if random.chance(0.5) {
        row.created = Int64(Day(year: 1900, month: 1, day: 1).number) * 1440
      } else {
        blemish.createdText = "未知"
      }
    }
    return blemish
  }
}
