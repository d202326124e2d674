/// Insurance policies, one contiguous run per vehicle, sorted by the day of beginning.
///
/// A policy counts from the day on which it begins: when it was sold is not told.
public final class Policies {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var beginsOn = Buffer<Day>()
  /// Last day of cover.
  public internal(set) var endsOn = Buffer<Day>()
  /// 0 sold elsewhere, 1 sold here, 2 unknown.
  public internal(set) var soldHere = Buffer<UInt8>()
  /// Money in minor units; `Money.none` when missing.
  public internal(set) var premiums = Buffer<Int32>()
  public internal(set) var commissions = Buffer<Int32>()
}

/// Recalls, one contiguous run per vehicle, sorted by the day of opening.
public final class Recalls {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var openedOn = Buffer<Day>()
  /// `Day.none` while not done; never before `openedOn`.
  public internal(set) var doneOn = Buffer<Day>()
}

/// Purchases of vehicles from the group, one contiguous run per golden customer, sorted by day.
public final class Purchases {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var days = Buffer<Day>()
  public internal(set) var vehicles = Buffer<Int32>()
  /// Store codes, −1 when unknown.
  public internal(set) var dealers = Buffer<Int32>()
  /// Money in minor units, below zero for a loss; `Money.none` when missing.
  public internal(set) var grossMargins = Buffer<Int32>()
}

/// Purchases that somebody else recommended, one contiguous run per golden customer who did, sorted by day.
public final class Referrals {
  public internal(set) var starts = Buffer<Int32>()
  public internal(set) var days = Buffer<Day>()
  /// Golden customer who bought.
  public internal(set) var buyers = Buffer<Int32>()
}
