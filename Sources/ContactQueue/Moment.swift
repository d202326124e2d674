/// A moment, as whole milliseconds since 1970-01-01 00:00 UTC; there is no clock in here.
public struct Moment: Sendable, Hashable, Comparable, BitwiseCopyable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

  public static func + (moment: Moment, span: Span) -> Moment {
    Moment(milliseconds: moment.milliseconds + span.milliseconds)
  }

  public static func - (moment: Moment, span: Span) -> Moment {
    Moment(milliseconds: moment.milliseconds - span.milliseconds)
  }

  /// The time from `earlier` to `later`.
  public static func - (later: Moment, earlier: Moment) -> Span {
    Span(milliseconds: later.milliseconds - earlier.milliseconds)
  }

  /// A length of time in whole milliseconds.
  public struct Span: Sendable, Hashable, Comparable, BitwiseCopyable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
      self.milliseconds = milliseconds
    }

    public static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1000) }
    public static func minutes(_ count: Int64) -> Span { .seconds(count * 60) }
    public static func hours(_ count: Int64) -> Span { .minutes(count * 60) }
    public static func days(_ count: Int64) -> Span { .hours(count * 24) }

    public static func < (left: Span, right: Span) -> Bool { left.milliseconds < right.milliseconds }
  }
}
