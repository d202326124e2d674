import Histories
import LinearAlgebra

/// Transactions sorted by customer and day, those of one day made one.
struct SortedTransactions {
  private(set) var starts: [Int]
  private(set) var days: [Day]
  private(set) var amounts: [Double]
  private(set) var rows: [Int32]

  private static let customersPerBlock = 1 << 13

  /// Rows are dealt to their customers by counting; then each customer's own are sorted.
  ///
  /// - Complexity: O(rows · log(rows of a customer))
  init(_ rows: TransactionRows, customers: Int, parallel: Parallel = .standard) {
    var starts = [Int](repeating: 0, count: customers + 1)
    for customer in rows.customers where customer >= 0 { starts[Int(customer) + 1] += 1 }
    for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
    var next = starts
    let hasAmounts = !rows.amounts.isEmpty
    var entries = [Entry](repeating: Entry(day: .none, rows: 1, amount: 0), count: starts[customers])
    for (row, customer) in rows.customers.enumerated() where customer >= 0 {
      entries[next[Int(customer)]] = Entry(
        day: rows.days[row], rows: 1, amount: hasAmounts ? rows.amounts[row] : 0)
      next[Int(customer)] += 1
    }
    let kept = Self.sortAndMerge(&entries, starts, parallel)
    self.starts = [0]
    self.starts.reserveCapacity(customers + 1)
    let total = kept.reduce(0) { $0 + Int($1) }
    days = []
    amounts = []
    self.rows = []
    days.reserveCapacity(total)
    self.rows.reserveCapacity(total)
    if hasAmounts { amounts.reserveCapacity(total) }
    for customer in 0..<customers {
      for entry in entries[starts[customer]..<starts[customer] + Int(kept[customer])] {
        days.append(entry.day)
        self.rows.append(entry.rows)
        if hasAmounts { amounts.append(entry.amount) }
      }
      self.starts.append(days.count)
    }
  }

  private struct Entry: BitwiseCopyable {
    var day: Day
    var rows: Int32
    var amount: Double
  }

  /// Sorts every customer's entries and puts those of one day together at the front of the customer's own.
  ///
  /// - Returns: how many days each customer has.
  private static func sortAndMerge(
    _ entries: inout [Entry], _ starts: [Int], _ parallel: Parallel
  ) -> [Int32] {
    let customers = starts.count - 1
    var kept = [Int32](repeating: 0, count: customers)
    entries.withUnsafeMutableBufferPointer { entries in
      kept.withUnsafeMutableBufferPointer { kept in
        nonisolated(unsafe) let entries = entries
        nonisolated(unsafe) let kept = kept
        parallel.forEachBlock(count: customers, blockSize: customersPerBlock) { block in
          for customer in block.range {
            var own = UnsafeMutableBufferPointer(rebasing: entries[starts[customer]..<starts[customer + 1]])
            kept[customer] = merge(&own)
          }
        }
      }
    }
    return kept
  }

  private static func merge(_ own: inout UnsafeMutableBufferPointer<Entry>) -> Int32 {
    guard !own.isEmpty else { return 0 }
    // By amount within a day, so that sums do not depend on the order of rows; unknown ones last.
    own.sort { left, right in
      left.day != right.day
        ? left.day < right.day : right.amount.isNaN ? !left.amount.isNaN : left.amount < right.amount
    }
    var last = 0
    for index in 1..<own.count {
      if own[index].day == own[last].day {
        own[last].rows += 1
        if !own[index].amount.isNaN { own[last].amount += own[index].amount }
      } else {
        last += 1
        own[last] = own[index]
      }
    }
    return Int32(last + 1)
  }
}
