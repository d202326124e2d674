/// What was done or declined in repair orders: one contiguous run per order, in the order of the file.
///
/// Orders of a relation are neighbours, and so are their items. An item counts from the day on which its order does.
public final class OrderItems: @unchecked Sendable {
  /// Run of order o: `starts[o] ..< starts[o + 1]`; empty when the table is not there.
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var codes = Buffer<ItemCode>()
  /// Money in minor units; `Money.none` when missing.
  public internal(set) var amounts = Buffer<Int32>()
  /// Of each order: the categories of the items that were done, and whether there are items, and declined ones; empty
  /// when the table is not there.
  public internal(set) var jobs = Buffer<JobSet>()

  public var count: Int { codes.count }
  /// Whether the table is there.
  public var isPresent: Bool { starts.count > 0 }
}

/// The category of one item, and whether the customer declined it.
public struct ItemCode: Sendable, Hashable, BitwiseCopyable {
  @usableFromInline let rawValue: UInt8

  @inline(__always)
  init(category: UInt8, isDeclined: Bool) {
    rawValue = category | (isDeclined ? Self.declinedBit : 0)
  }

  @inline(__always)
  init(rawValue: UInt8) { self.rawValue = rawValue }

  @usableFromInline static var declinedBit: UInt8 { 1 << 4 }

  /// A row that is no item.
  static var unusable: ItemCode { ItemCode(rawValue: .max) }

  /// Code of `Vocabularies.jobCategory`.
  @inlinable
  public var category: Int { Int(rawValue & 15) }

  @inlinable
  public var isDeclined: Bool { rawValue & Self.declinedBit != 0 }
}
