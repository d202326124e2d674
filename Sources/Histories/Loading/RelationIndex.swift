/// Finds relations by customer and vehicle, and the relations of a customer.
final class RelationIndex {
  let relations = Relations()
  // Keys are mixed by a bijection: equal hashes are equal pairs.
  private var byPair = HashIndex()
  private let batch = KeyBatch()
  /// First relation of each golden customer, −1 for none, and the next of the same customer; made on first need.
  private let first = Buffer<Int32>()
  private let next = Buffer<Int32>()

  /// The mixed key of a pair.
  ///
  /// Source: the finaliser of SplitMix64, Steele, Lea and Flood (2014), which maps 64-bit words one to one.
  @inline(__always)
  private static func key(_ customer: Int32, _ vehicle: Int32) -> UInt64 {
    var word = UInt64(UInt32(bitPattern: customer)) << 32 | UInt64(UInt32(bitPattern: vehicle))
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// Makes room for `count` relations in all.
  func reserve(_ count: Int) {
    byPair.reserve(count)
  }

  /// The relation of a pair of golden customer and vehicle rows, made when new.
  func relation(customer: Int32, vehicle: Int32) -> Int32 {
    let key = Self.key(customer, vehicle)
    if let found = byPair.find(key, where: { _ in true }) { return found }
    let row = Int32(relations.count)
    relations.customers.append(customer)
    relations.vehicles.append(vehicle)
    if relations.startsOn.count <= Int(row) { extendColumns() }
    byPair.insert(key, row: row)
    return row
  }

  /// Makes the further columns longer than needed by a block; `finish` cuts them to size.
  private func extendColumns() {
    let blockSize = 1 << 14
    setColumns(count: relations.count + blockSize)
  }

  private func setColumns(count: Int) {
    relations.startsOn.resize(to: count, with: .none)
    relations.endsOn.resize(to: count, with: .none)
    relations.endReasons.resize(to: count, with: Vocabulary.none)
    relations.ownerSequence.resize(to: count, with: 0)
    relations.conditions.resize(to: count, with: Vocabulary.none)
    relations.boughtOn.resize(to: count, with: .none)
    relations.loanEndsOn.resize(to: count, with: .none)
  }

  /// Cuts all columns to the number of relations and forgets the index: no further ones are made or found.
  func finish() {
    setColumns(count: relations.count)
    byPair = HashIndex()
  }

  /// Brings the table's entries of many pairs near, so that finding them one by one does not wait for memory.
  func prepare(customers: UnsafePointer<Int32>, vehicles: UnsafePointer<Int32>, count: Int) {
    let keys = batch.reserve(count)
    for row in 0..<count { keys[row] = Self.key(customers[row], vehicles[row]) }
    byPair.find(keys, count: count, into: batch.rows)
  }

  /// The relations of a golden customer, latest made first.
  func relations(of customer: Int32) -> [Int32] {
    link()
    var found: [Int32] = []
    var row = Int(customer) < first.count ? first[Int(customer)] : -1
    while row >= 0 {
      found.append(row)
      row = next[Int(row)]
    }
    return found
  }

  private func link() {
    for row in next.count..<relations.count {
      let customer = Int(relations.customers[row])
      first.extend(to: customer + 1, with: -1)
      next.append(first[customer])
      first[customer] = Int32(row)
    }
  }
}
