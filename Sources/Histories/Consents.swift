/// What customers allowed and refused, one contiguous run per golden customer in the order of time.
public final class Consents {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var days = Buffer<Day>()
  public internal(set) var statements = Buffer<ConsentStatement>()

  /// What was allowed and refused at the end of a day. The latest statement on a channel and purpose holds; of two at
  /// the same moment the refusal does. What nothing was said about is neither granted nor refused.
  ///
  /// - Complexity: O(statements of the customer).
  public func standing(of customer: Int, asOf: Day) -> ConsentStanding {
    var standing = ConsentStanding()
    guard starts.count > 0 else { return standing }
    for row in Int(starts.base[customer])..<Int(starts.base[customer + 1]) {
      guard days.base[row] <= asOf else { break }
      standing.take(statements.base[row])
    }
    return standing
  }
}

/// A set of channels for each purpose of contact: one bit for each channel and purpose.
public struct ConsentScope: OptionSet, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// As many as `Vocabularies.channel` has words.
  @inlinable static var channelCount: UInt32 { 6 }
  @inlinable static var everyChannel: UInt32 { (1 << channelCount) - 1 }

  /// Everything that a customer can be asked for.
  public static let everything = ConsentPurpose.allCases.reduce(into: ConsentScope()) {
    $0.formUnion(ConsentScope(channel: nil, purpose: $1))
  }

  /// - Parameters:
  ///   - channel: a code of `Vocabularies.channel`; `nil` for all.
  ///   - purpose: what for.
  public init(channel: UInt8?, purpose: ConsentPurpose) {
    let channels = channel.map { UInt32(1) << UInt32($0) } ?? Self.everyChannel
    rawValue = channels << (UInt32(purpose.rawValue) * Self.channelCount)
  }

  /// The channels in it for a purpose.
  @inlinable
  public func channels(purpose: ConsentPurpose) -> ChannelSet {
    let shifted = rawValue >> (UInt32(purpose.rawValue) * Self.channelCount)
    return ChannelSet(rawValue: UInt8(truncatingIfNeeded: shifted & Self.everyChannel))
  }
}

/// One statement: a scope granted or refused.
public struct ConsentStatement: Sendable, BitwiseCopyable {
  public var scope: ConsentScope
  public var isGranted: Bool
}

/// What a customer has allowed and refused, statement by statement.
public struct ConsentStanding: Sendable, BitwiseCopyable {
  public var granted = ConsentScope(rawValue: 0)
  public var refused = ConsentScope(rawValue: 0)

  public init() {}

  /// Adds the next statement in the order of time.
  @inlinable
  public mutating func take(_ statement: ConsentStatement) {
    if statement.isGranted {
      granted.formUnion(statement.scope)
      refused.subtract(statement.scope)
    } else {
      refused.formUnion(statement.scope)
      granted.subtract(statement.scope)
    }
  }
}

/// What a customer may be asked to agree to, by the codes of `Vocabularies.consentPurpose`.
public enum ConsentPurpose: UInt8, Sendable, CaseIterable {
  case marketing, profiling, service, care
}

/// Ways to reach a customer, by the codes of `Vocabularies.channel`.
public struct ChannelSet: OptionSet, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var phone: ChannelSet { ChannelSet(rawValue: 1 << 0) }
  @inlinable public static var sms: ChannelSet { ChannelSet(rawValue: 1 << 1) }
  @inlinable public static var wechat: ChannelSet { ChannelSet(rawValue: 1 << 2) }
  @inlinable public static var email: ChannelSet { ChannelSet(rawValue: 1 << 3) }
  @inlinable public static var post: ChannelSet { ChannelSet(rawValue: 1 << 4) }
  @inlinable public static var app: ChannelSet { ChannelSet(rawValue: 1 << 5) }

  @inlinable public var count: Int { rawValue.nonzeroBitCount }
}
