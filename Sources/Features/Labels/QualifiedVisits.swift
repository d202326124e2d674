public import Histories

/// When relations came for first service, maintenance or a repair that they paid for, by the same rule as the labels.
///
/// Orders of one store on the same or the next day are one visit, which has the day and the name of its first order.
public struct QualifiedVisits {
  /// A visit, by the number of its first order.
  public struct Visit: Sendable, Hashable {
    public let order: Int
    public let day: Day
  }

  private let orders: OrderColumns
  private let histories: Histories

  public init(_ histories: Histories) {
    self.histories = histories
    orders = OrderColumns(histories.orders, items: histories.items)
  }

  /// The qualified visits of a relation that began after a day, in the order of time; open orders count.
  ///
  /// - Complexity: O(orders of the relation).
  public func visits(of relation: Int, after day: Day) -> [Visit] {
    var found: [Visit] = []
    var current: (order: Int, visit: Features.Visit)?
    func close() {
      guard let current, current.visit.isQualified, current.visit.day > day else { return }
      found.append(Visit(order: current.order, day: current.visit.day))
    }
    for order in Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
    where !orders.flags[order].contains(.unusable) {
      let next = orders.visit(order)
      if let known = current, known.visit.dealer == next.dealer, next.day - known.visit.lastDay <= 1 {
        current?.visit.add(next)
      } else {
        close()
        current = (order, next)
      }
    }
    close()
    return found
  }
}
