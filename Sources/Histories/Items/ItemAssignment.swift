/// Gives items to their orders and puts them into one run per order.
struct ItemAssignment {
  let reading: ItemReading
  let orders: Orders
  /// Hash of each order's id.
  let identities: Buffer<UInt64>
  /// Hashes of the ids of orders that are known but not used.
  let unusedIdentities: Buffer<UInt64>
  /// Where the columns lie; `nil` for memory.
  let store: ColumnStore?

  private static let unknown = "visit_id: not among the visits"
  private static let unused = "visit_id: of an order that is not used"

  /// - Complexity: O(items + orders): look-ups in batches, a counting sort by order.
  func run(report: inout LoadReport) -> OrderItems {
    let orderOfStretch = findOrders()
    countOrphans(orderOfStretch, &report)
    return sorted(orderOfStretch)
  }

  /// The order of each stretch, −1 for none.
  ///
  /// Of several orders with one id the one that counted first has the items: a later one must not take them away.
  private func findOrders() -> Buffer<Int32> {
    let found = Buffer<Int32>(repeating: -1, count: reading.identities.count, in: store)
    let flags = orders.flags.base
    let finder = OrderFinder(
      identities: identities, isIncluded: { !flags[$0].contains(.unusable) },
      comesBefore: { (knownFrom($0), $0) < (knownFrom($1), $1) })
    find(found, with: finder)
    return found
  }

  private func find(_ found: Buffer<Int32>, with finder: OrderFinder) {
    for start in stride(from: 0, to: found.count, by: OrderFinder.blockSize) {
      finder.find(
        reading.identities.base + start, count: min(OrderFinder.blockSize, found.count - start),
        into: found.base + start)
      store?.relieve()
    }
  }

  private func knownFrom(_ order: Int) -> Day {
    max(orders.openedOn[order], orders.closedOn[order], orders.knownOn[order])
  }

  /// Counts the items that belong to no order, and takes them out of the used rows.
  private func countOrphans(_ orderOfStretch: Buffer<Int32>, _ report: inout LoadReport) {
    guard orderOfStretch.values.contains(where: { $0 < 0 }) else { return }
    let unused = OrderFinder(identities: unusedIdentities)
    // Those that are used were found.
    let flags = orders.flags.base
    let dropped = OrderFinder(identities: identities, isIncluded: { flags[$0].contains(.unusable) })
    for stretch in 0..<orderOfStretch.count where orderOfStretch[stretch] < 0 {
      let rows = reading.rows(ofStretch: stretch)
      let items = rows.count { reading.codes[$0] != .unusable }
      guard items > 0 else { continue }
      var (known, droppedOrder): (Int32, Int32) = (-1, -1)
      unused.find(reading.identities.base + stretch, count: 1, into: &known)
      dropped.find(reading.identities.base + stretch, count: 1, into: &droppedOrder)
      let isKnown = known >= 0 || droppedOrder >= 0
      let place = reading.reader.place(globalRow: rows.lowerBound, column: "visit_id")
      report.count(
        ItemReading.table, isKnown ? Self.unused : Self.unknown, isKnown ? .setAside : .dropped, at: place,
        times: items)
      report.use(-items, of: ItemReading.table)
    }
  }

  private func sorted(_ orderOfStretch: Buffer<Int32>) -> OrderItems {
    let items = OrderItems()
    let codes = reading.codes.base
    let amounts = reading.amounts.base
    items.starts = Buffer(repeating: 0, count: orders.count + 1, in: store)
    items.jobs = Buffer(repeating: [], count: orders.count, in: store)
    let starts = items.starts.base
    let jobs = items.jobs.base
    for stretch in 0..<orderOfStretch.count where orderOfStretch[stretch] >= 0 {
      let order = Int(orderOfStretch[stretch])
      for row in reading.rows(ofStretch: stretch) where codes[row] != .unusable {
        starts[order + 1] += 1
        jobs[order].insert(.hasItems)
        jobs[order].formUnion(codes[row].isDeclined ? .hasDeclined : JobSet(category: codes[row].category))
      }
    }
    for order in 0..<orders.count { starts[order + 1] += starts[order] }

    let count = Int(starts[orders.count])
    items.codes = Buffer(repeating: .unusable, count: count, in: store)
    items.amounts = Buffer(repeating: Money.none, count: count, in: store)
    // The runs' starts serve as the places of the next items, and are moved back afterwards.
    for stretch in 0..<orderOfStretch.count where orderOfStretch[stretch] >= 0 {
      let order = Int(orderOfStretch[stretch])
      var place = Int(starts[order])
      for row in reading.rows(ofStretch: stretch) where codes[row] != .unusable {
        items.codes.base[place] = codes[row]
        items.amounts.base[place] = amounts[row]
        place += 1
      }
      starts[order] = Int32(place)
    }
    for order in stride(from: orders.count, to: 0, by: -1) { starts[order] = starts[order - 1] }
    starts[0] = 0
    return items
  }
}
