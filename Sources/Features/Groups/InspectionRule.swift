import Histories

/// When a Chinese passenger car must be inspected on the line.
///
/// Non-operating small and micro passenger cars: in the 6th and the 10th year, then every year (rule of the Ministry of
/// Public Security in force since 2022-10-01; in between the mark is renewed without an inspection). Operating cars: every year
/// for five years, then every six months (Regulation on the Implementation of the Road Traffic Safety Law, article 16).
/// An inspection is valid until the end of the month.
enum InspectionRule {
  private static let monthsPerYear = 12

  /// The last day for the next inspection.
  static func nextDay(after asOf: Day, registered: Day, isOperating: Bool) -> Day {
    let month = monthNumber(registered)
    let due = month + nextMonth(age: max(monthNumber(asOf) - month, 0), isOperating: isOperating) + 1
    return Day(year: due / monthsPerYear, month: due % monthsPerYear + 1, day: 1) - 1
  }

  /// The age in months at the next inspection, from an age in months on.
  private static func nextMonth(age: Int, isOperating: Bool) -> Int {
    if isOperating {
      let yearlyUntil = 60
      let halfYear = 6
      return age <= yearlyUntil
        ? max(roundedUp(age, monthsPerYear), monthsPerYear) : roundedUp(age, halfYear)
    }
    let first = 72
    let second = 120
    return age <= first ? first : age <= second ? second : roundedUp(age, monthsPerYear)
  }

  private static func roundedUp(_ age: Int, _ step: Int) -> Int { (age + step - 1) / step * step }

  /// Months since the year 0.
  private static func monthNumber(_ day: Day) -> Int {
    let civil = day.civil
    return civil.year * monthsPerYear + civil.month - 1
  }
}
