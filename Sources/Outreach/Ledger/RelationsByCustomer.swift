import Histories

/// The relations of every customer.
struct RelationsByCustomer: Sendable {
  private let starts: [Int32]
  private let list: [Int32]

  /// - Complexity: O(customers + relations)
  init(_ histories: Histories) {
    let owners = histories.relations.customers
    var starts = [Int32](repeating: 0, count: histories.customers.count + 1)
    for owner in owners.values { starts[Int(owner) + 1] += 1 }
    for customer in 1..<max(starts.count, 1) { starts[customer] += starts[customer - 1] }
    var next = starts
    var list = [Int32](repeating: 0, count: owners.count)
    for (relation, owner) in owners.values.enumerated() {
      list[Int(next[Int(owner)])] = Int32(relation)
      next[Int(owner)] += 1
    }
    self.starts = starts
    self.list = list
  }

  func relations(of customer: Int) -> ArraySlice<Int32> {
    list[Int(starts[customer])..<Int(starts[customer + 1])]
  }
}
