/// The features in the order of their columns; raw values are columns.
public enum Feature: Int, CaseIterable, Sendable, BitwiseCopyable {
  // A
  case recQDays, recPaidDays, recAnyDays, neverServiced, daysOverTime, kmOver, daysOverDue, overdueRatio
  case missedCycles, recOverOwnGap, recZ, firstServiceLate
  case apptOpen, inShop
  // B
  case nQ365, nQ730, nQTrend, nPaid365, nMaint365, visitsPerYear, ontimeRate, gapMedian, gapCv, gapLastRatio
  case skippedKmCycles, walletShare, tenureDays
  // C
  case cp365, cp730, cpAvg730, cpTrend, ticketLast, billShock, ticketVsPeer, estimateOverrun, discountRate730,
    arrears
  case pkgVisitsLeft, pkgDaysLeft
  // D
  case shPaid730, shWarranty730, onlyUnpaid730, onlyAccident730, lastClass, rework365
  case jobBreadth730, tyreBrakeBattHere, declinedN365, declinedValueOpen, recallOpen
  // E
  case ageMonths, odoHat, kmDay, kmDayChange, powertrain, priceBand, wtyDaysLeft, wtyEffDaysLeft, wtyPhase,
    wtyExt,
    ownerSeq
  case ownChangeDays, ownerType, useType, boughtHere, newUsed, nVehicles, loanMonthsLeft, replWindow
  case insDays, insHere, insLost, inspDays
  // F
  case distKm, moved365, plateAway
  case otherStoreShare, apptRate730
  case noshow365
  // G
  case tatLastRatio, promiseMiss730, saDistinct4, saChangedLast, saLeft
  // H
  case csiLast, csiMean730, csiTrend, npsClass
  case csiMinItem, svyRate
  // I
  case cmp365, cmpOpen, cmpOpenDays, cmpSev, cmpReopen, cmpAfterLast
  // J
  case ct90, ctReach365, ctUnansStreak, respRate365, promiseBroken, optoutAny, reachableCh
  // K
  case phoneOk, odoConflict, dqScore
  // L
  case peerLapse, storeLapse, seasonSin, seasonCos, seasonFestivalDays
  // M
  case marginYear, potentialYear, insPotential, tradePotential, referralN

  /// Number of columns of a feature row.
  public static let count = allCases.count

  private static let names: [String] = allCases.map { snakeCase(String(describing: $0)) }

  /// Name in files, such as `rec_q_days`.
  public var name: String { Self.names[rawValue] }

  /// `nQ365` → `n_q_365`, `saDistinct4` → `sa_distinct4` (a single digit stays with its word).
  private static func snakeCase(_ text: String) -> String {
    var result = ""
    let characters = Array(text)
    for (index, character) in characters.enumerated() {
      let beginsNumber =
        character.isNumber && index > 0 && !characters[index - 1].isNumber && index + 1 < characters.count
        && characters[index + 1].isNumber && characters[index - 1].isLetter
      if character.isUppercase || beginsNumber { result.append("_") }
      result.append(character.lowercased())
    }
    return result
  }
}
