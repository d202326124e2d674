/// Categories of work, as a set of bits, with what is known of an order's items.
public struct JobSet: OptionSet, Sendable, Hashable, BitwiseCopyable {
  public let rawValue: UInt16

  @inline(__always)
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The set of one category.
  ///
  /// - Parameter category: a code of `Vocabularies.jobCategory`.
  @inline(__always)
  public init(category: Int) { rawValue = 1 << UInt16(category) }

  /// Every category.
  public static let everyCategory = JobSet(
    rawValue: 1 << UInt16(Vocabularies.jobCategory.words.count) - 1)
  /// Work of no category: two orders with it need not have anything in common.
  public static let other = named("other")
  /// Parts that wear and are bought again and again.
  public static let wearParts: JobSet = [
    named("tyre"), named("brake"), named("battery"), named("wiper"), named("filter"),
  ]
  /// At least one item was declined.
  public static let hasDeclined = JobSet(rawValue: 1 << 14)
  /// The order has items.
  public static let hasItems = JobSet(rawValue: 1 << 15)

  private static func named(_ word: String) -> JobSet {
    JobSet(category: Int(Vocabularies.jobCategory.code(word)))
  }

  /// Number of members.
  public var count: Int { rawValue.nonzeroBitCount }
}

extension Vocabularies {
  public static let jobCategory = Vocabulary([
    "oil", "filter", "tyre", "brake", "battery", "wiper", "air_con", "body", "engine", "gearbox",
    "electrical",
    "other",
  ])
}
