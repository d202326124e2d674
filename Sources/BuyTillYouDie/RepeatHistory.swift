/// When somebody came again, in the three numbers that buy-till-you-die models need; times in the unit of the data.
public struct RepeatHistory: Sendable, Hashable, BitwiseCopyable {
  /// x: events after the origin.
  public var repeats: Int
  /// t_x: time from the origin to the last of them, 0 without any.
  public var last: Double
  /// T: time from the origin to the end of observation.
  public var age: Double

  public init(repeats: Int, last: Double, age: Double) {
    self.repeats = repeats
    self.last = last
    self.age = age
  }

  /// What is wrong with the history, `nil` for nothing.
  ///
  /// A repeat at time 0 is taken as it stands, and so is any number of repeats up to `RepeatHistory.mostRepeats`.
  public var fault: RepeatHistoryFault? {
    if repeats < 0 { return .negativeRepeats }
    if repeats > Self.mostRepeats { return .tooManyRepeats }
    if !last.isFinite || !age.isFinite { return .notFinite }
    if last < 0 || age < 0 { return .negativeTime }
    if last > age { return .recencyBeyondAge }
    if repeats == 0, last > 0 { return .recencyWithoutRepeats }
    return nil
  }

  /// More repeats than anybody has: such a number is a mistake.
  public static let mostRepeats = 1_000_000
}

/// What can be wrong with a history.
public enum RepeatHistoryFault: String, Sendable, Hashable {
  case negativeRepeats, tooManyRepeats, notFinite, negativeTime, recencyBeyondAge, recencyWithoutRepeats

  /// In words, without the numbers.
  public var words: String {
    switch self {
    case .negativeRepeats: "its number of repeats is negative"
    case .tooManyRepeats: "it has more than \(RepeatHistory.mostRepeats) repeats"
    case .notFinite: "a time is missing or not a finite number"
    case .negativeTime: "a time is negative"
    case .recencyBeyondAge: "its last repeat lies after the end of its observation (recency above T)"
    case .recencyWithoutRepeats:
      "it has no repeat, but a time of the last one (frequency 0 with recency above 0)"
    }
  }
}
