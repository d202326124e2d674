/// How often a task is tried, how long between, and when silence becomes `unknown`.
public struct RetryRules: Sendable {
  /// Leases of a task before it is dead. Default 5, at least 1.
  public var attempts = 5
  /// The wait after the first failure; it doubles with each further one. Default 15 minutes.
  public var firstWait = Moment.Span.minutes(15)
  /// The longest wait. Default one day.
  public var longestWait = Moment.Span.days(1)
  /// After so long without a word a sent message is `unknown`. Default two days.
  public var messageSilence = Moment.Span.days(2)
  /// The same for calls, whose lists people work off over days. Default fourteen days.
  public var callSilence = Moment.Span.days(14)
  /// How long a task waits while another one of its customer is being worked. Default 30 minutes.
  public var liveTaskWait = Moment.Span.minutes(30)

  public init() {}

  /// When a task that failed after `attempt` leases is due again.
  ///
  /// Half of the doubled wait is fixed, half is spread by the task's key, so that tasks that failed together do not
  /// come back together, and the same task always comes back at the same moment.
  func wait(after attempt: Int, key: Pseudonym) -> Moment.Span {
    let doublings = min(max(attempt - 1, 0), Self.mostDoublings)
    let full = min(firstWait.milliseconds << Int64(doublings), longestWait.milliseconds)
    let spread = (key.low &+ UInt64(attempt) &* Self.oddMultiplier) >> Self.fractionShift
    let share = Double(spread) / Double(UInt64(1) << (64 - Self.fractionShift))
    return Moment.Span(milliseconds: full / 2 + Int64(Double(full / 2) * share))
  }

  func silence(on channel: Channel) -> Moment.Span {
    switch channel {
    case .phone, .adviser: callSilence
    case .sms, .wechat, .email: messageSilence
    }
  }

  /// Beyond it the longest wait holds anyhow.
  private static let mostDoublings = 20
  /// Spreads consecutive attempts over the whole range (2⁶⁴ divided by the golden ratio).
  private static let oddMultiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let fractionShift: UInt64 = 32
}
