/// The distinct pairs of customer and VIN texts among orders, with dense numbers in order of first appearance.
final class PairDictionary {
  let index = HashIndex()
  let customers: TextColumn
  let vins: TextColumn
  /// Where each pair first stands: the row's number over all files, from 0.
  let firstRows = Buffer<Int32>()

  var count: Int { firstRows.count }

  /// - Parameter store: where the texts lie; `nil` for memory.
  init(in store: ColumnStore?) {
    customers = TextColumn(in: store)
    vins = TextColumn(in: store)
  }

  /// The number of a pair, which is added when it is new.
  func add(
    _ customer: UnsafeRawBufferPointer, _ vin: UnsafeRawBufferPointer, hash: UInt64, firstRow: Int
  ) -> Int32 {
    if let known = index.find(hash, where: { _ in true }) { return known }
    let pair = Int32(count)
    customers.append(customer)
    vins.append(vin)
    firstRows.append(Int32(clamping: firstRow))
    index.insert(hash, row: pair)
    return pair
  }
}
