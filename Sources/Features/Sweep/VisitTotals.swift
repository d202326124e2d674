import Histories

/// What a relation's visits come to, from the first to one of them: kept while visits are added, so that no date looks
/// at all of them again.
struct VisitTotals: BitwiseCopyable {
  /// Qualified visits that lasted into the relation.
  var qualifiedSinceStart: Int32 = 0
  /// Qualified visits after the day of the start, and days from the start to the last of them.
  var repeats: Int32 = 0
  var lastRepeat: Int32 = 0
  /// Days from the start to the first qualified visit on or after its day, −1 for none.
  var firstSeen: Int32 = -1
  /// Qualified visits of that day: several stores may have been visited.
  var seenFirst: Int32 = 0
  /// Odometers replaced.
  var replacedOdometers: Int32 = 0
  /// Days between the first and the last order of the visit that took longest.
  var longestStay: Int32 = 0
  var hasReading = false
  /// Minor units, −1 when no visit tells.
  var owed: Int64 = -1

  @inline(__always)
  mutating func add(_ visit: Visit, start: Day) {
    if visit.isQualified {
      if visit.lastDay >= start { qualifiedSinceStart += 1 }
      if !start.isNone, visit.day >= start {
        let day = Int32(visit.day - start)
        if firstSeen < 0 { firstSeen = day }
        if day == firstSeen { seenFirst += 1 }
        if day > 0 {
          repeats += 1
          lastRepeat = day
        }
      }
    }
    if visit.odometerReplaced { replacedOdometers += 1 }
    longestStay = max(longestStay, Int32(visit.lastDay - visit.day))
    if visit.odometer >= 0 { hasReading = true }
    if visit.unpaid >= 0 { owed = max(owed, 0) + visit.unpaid }
  }
}
