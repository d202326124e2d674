/// Orders that name a customer and no vehicle: they are about the only vehicle that the customer had by their day, if it
/// was just one. What the customer gets later must not change that.
struct VINlessOrders {
  /// What became of the orders of one pair.
  struct Tally {
    var customer: Int32
    var mended = 0
    var dropped = 0
  }

  /// Relations that orders made; those before them are known from other tables.
  private let firstMadeByOrders: Int
  private var pairs: [Int32: Tally] = [:]
  /// Days on which relations begin that are known from orders alone.
  private var firstOrders: [Int32: Day] = [:]

  /// - Parameter relations: how many relations there are before any order made one.
  init(knownRelations relations: Int) {
    firstMadeByOrders = relations
  }

  var isEmpty: Bool { pairs.isEmpty }
  /// By pair, ascending.
  var tallies: [(pair: Int32, tally: Tally)] { pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

  mutating func add(pair: Int32, customer: Int32) {
    pairs[pair] = Tally(customer: customer)
  }

  /// Finds the beginnings of relations that no ownership, purchase or delivery tells.
  ///
  /// - Complexity: O(orders), nothing without orders that lack a VIN.
  mutating func learnStarts(_ index: RelationIndex, _ staging: OrderStaging, _ relationOfPair: Buffer<Int32>)
  {
    guard !pairs.isEmpty else { return }
    let starts = index.relations.startsOn
    for row in 0..<staging.count {
      let relation = relationOfPair.base[Int(staging.relations.base[row])]
      guard relation >= firstMadeByOrders, starts[Int(relation)].isNone else { continue }
      let day = staging.orders.knownOn.base[row]
      if let earlier = firstOrders[relation], earlier <= day { continue }
      firstOrders[relation] = day
    }
  }

  /// The relation of an order, −1 when it is not one of these or the customer had none or several.
  mutating func relation(pair: Int32, on day: Day, _ index: RelationIndex) -> Int32 {
    guard var tally = pairs[pair] else { return -1 }
    let begun = index.relations(of: tally.customer).filter { relation in
      let start = index.relations.startsOn[Int(relation)]
      if !start.isNone { return start <= day }
      // A vehicle without any date has always been there.
      return relation < firstMadeByOrders || firstOrders[relation].map { $0 <= day } ?? false
    }
    if begun.count == 1 { tally.mended += 1 } else { tally.dropped += 1 }
    pairs[pair] = tally
    return begun.count == 1 ? begun[0] : -1
  }
}
