/// Categories of work, as a set of bits, with what is known of an order's items.
///
/// The members are computed, not stored: hot loops of other targets see plain numbers.
public struct JobSet: OptionSet, Sendable, Hashable, BitwiseCopyable {
  public let rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The set of one category.
  ///
  /// - Parameter category: a code of `Vocabularies.jobCategory`.
  @inlinable
  public init(category: Int) { rawValue = 1 << UInt16(category) }

  @inlinable public static var oil: JobSet { JobSet(category: 0) }
  @inlinable public static var filter: JobSet { JobSet(category: 1) }
  @inlinable public static var tyre: JobSet { JobSet(category: 2) }
  @inlinable public static var brake: JobSet { JobSet(category: 3) }
  @inlinable public static var battery: JobSet { JobSet(category: 4) }
  @inlinable public static var wiper: JobSet { JobSet(category: 5) }
  /// Work of no category: two orders with it need not have anything in common.
  @inlinable public static var other: JobSet { JobSet(category: 11) }
  /// Every category.
  @inlinable public static var everyCategory: JobSet { JobSet(rawValue: 1 << 12 - 1) }
  /// Parts that wear and are bought again and again.
  @inlinable public static var wearParts: JobSet { [.tyre, .brake, .battery, .wiper, .filter] }
  /// At least one item was declined.
  @inlinable public static var hasDeclined: JobSet { JobSet(rawValue: 1 << 14) }
  /// The order has items.
  @inlinable public static var hasItems: JobSet { JobSet(rawValue: 1 << 15) }

  /// Number of members.
  @inlinable public var count: Int { rawValue.nonzeroBitCount }
}

extension Vocabularies {
  /// In the order of the bits of `JobSet`.
  public static let jobCategory = Vocabulary([
    "oil", "filter", "tyre", "brake", "battery", "wiper", "air_con", "body", "engine", "gearbox",
    "electrical",
    "other",
  ])
}
