internal import ContactQueue
internal import Foundation
internal import Histories

extension Moment {
  /// Reads ISO 8601 with or without a zone, and what spreadsheets make of it: `2026-07-01T09:05:00+08:00`,
  /// `2026-07-01 09:05`, `2026/7/1 9:05`, `2026-07-01`.
  ///
  /// - Parameter time: the clock of times that name no zone.
  /// - Returns: `nil` for anything else.
  init?(reading text: String, time: LocalTime) {
    let form =
      #/
      (\d{4})[-\/](\d{1,2})[-\/](\d{1,2})
      (?:(?:T|\ +)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\ *(Z|[+-]\d{2}:?\d{2})?)?
      /#
    guard let match = try? form.wholeMatch(in: text.trimmingCharacters(in: .whitespaces)) else { return nil }
    let parts = match.output
    func padded(_ part: Substring) -> String { part.count < 2 ? "0" + part : String(part) }
    func number(_ part: Substring?) -> Int { part.flatMap { Int($0) } ?? 0 }
    let (hour, minute, second) = (number(parts.4), number(parts.5), number(parts.6 ?? nil))
    guard let day = Day("\(parts.1)-\(padded(parts.2))-\(padded(parts.3))"), hour < 24, minute < 60,
      second < 60
    else { return nil }
    let minutes = hour * 60 + minute
    guard let mark = parts.7 ?? nil else {
      self = time.moment(day, minute: minutes) + .seconds(Int64(second))
      return
    }
    let digits = mark.filter(\.isNumber)
    let ahead = mark == "Z" ? 0 : (number(digits.prefix(2)) * 60 + number(digits.suffix(2)))
    let utc = LocalTime(.gmt).moment(day, minute: minutes) + .seconds(Int64(second))
    self = mark.hasPrefix("-") ? utc + .minutes(Int64(ahead)) : utc - .minutes(Int64(ahead))
  }
}
