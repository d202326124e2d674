/// Finds relations by customer and vehicle, and the relations of a customer.
final class RelationIndex {
  let relations = Relations()
  private let byPair = HashIndex()
  /// First relation of each golden customer, −1 for none, and the next of the same customer.
  private let first = Buffer<Int32>()
  private let next = Buffer<Int32>()

  /// The relation of a pair of golden customer and vehicle rows, made when new.
  func relation(customer: Int32, vehicle: Int32) -> Int32 {
    let hash = KeyHash.combine(UInt64(UInt32(bitPattern: customer)), UInt64(UInt32(bitPattern: vehicle)))
    let found = byPair.find(hash) { [relations] row in
      relations.customers[Int(row)] == customer && relations.vehicles[Int(row)] == vehicle
    }
    if let found { return found }
    let row = Int32(relations.count)
    relations.customers.append(customer)
    relations.vehicles.append(vehicle)
    relations.startsOn.append(.none)
    relations.endsOn.append(.none)
    relations.endReasons.append(Vocabulary.none)
    relations.ownerSequence.append(0)
    relations.conditions.append(Vocabulary.none)
    relations.boughtHere.append(false)
    relations.loanEndsOn.append(.none)
    byPair.insert(hash, row: row)
    first.extend(to: Int(customer) + 1, with: -1)
    next.append(first[Int(customer)])
    first[Int(customer)] = row
    return row
  }

  /// The relations of a golden customer, latest made first.
  func relations(of customer: Int32) -> [Int32] {
    var found: [Int32] = []
    var row = Int(customer) < first.count ? first[Int(customer)] : -1
    while row >= 0 {
      found.append(row)
      row = next[Int(row)]
    }
    return found
  }
}
