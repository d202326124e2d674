import Foundation
import Testing

@testable import Histories

@Suite("Days")
struct DayTests {
  @Test("every day from 1900 to 2100 comes back from its number, its civil date and its text")
  func roundTrip() {
    var expected = (year: 1900, month: 1, day: 1)
    let first = Day(year: 1900, month: 1, day: 1).number
    let last = Day(year: 2100, month: 12, day: 31).number
    #expect(first == -25_567)
    #expect(last - first + 1 == 73_414)
    var wrong = 0
    for number in first...last {
      let day = Day(number)
      if day.civil != expected || Day(day.description) != day
        || Day(year: expected.year, month: expected.month, day: expected.day) != day
      {
        wrong += 1
      }
      expected = Self.dayAfter(expected)
    }
    #expect(wrong == 0)
  }

  private static func dayAfter(_ date: (year: Int, month: Int, day: Int)) -> (year: Int, month: Int, day: Int)
  {
    let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if date.day < lengths[date.month - 1] { return (date.year, date.month, date.day + 1) }
    return date.month < 12 ? (date.year, date.month + 1, 1) : (date.year + 1, 1, 1)
  }

  @Test(
    "a text that is no ISO date of a day that exists is refused",
    arguments: [
      "2023-02-29", "2024-02-30", "2024-04-31", "2100-02-29", "2024-13-01", "2024-00-10", "2024-01-00",
      "2024-1-01", "24-01-01", "2024/01/01", "2024-01-01 ", "", "-", "2024-01-01-01", "+024-01-01",
      "2024-+1-01", "２０２４-01-01", "2024-01",
    ])
  func invalidTexts(_ text: String) {
    #expect(Day(text) == nil)
  }

  @Test("the missing day has no text, sorts before all others and is not a date")
  func missingDay() {
    #expect(Day.none.isNone)
    #expect(Day.none.description == "")
    #expect(Day.none < Day(year: 1900, month: 1, day: 1))
    #expect(!Day(0).isNone)
  }

  @Test("a moment before 1970 belongs to its own day, not to the one after")
  func microseconds() {
    #expect(Day(microseconds: 0).number == 0)
    #expect(Day(microseconds: -1).number == -1)
    #expect(Day(microseconds: -86_400_000_000).number == -1)
    #expect(Day(microseconds: -86_400_000_001).number == -2)
    #expect(Day(microseconds: 86_399_999_999).number == 0)
    #expect(Day(microseconds: .max).number > 0)
  }

  @Test(
    "Spring Festival falls between 21 January and 21 February, once in each year, as the Chinese calendar says"
  )
  func springFestival() {
    var calendar = Calendar(identifier: .chinese)
    calendar.timeZone = TimeZone(identifier: "Asia/Shanghai") ?? .gmt
    for (offset, day) in SpringFestival.days.enumerated() {
      let (year, month, dayOfMonth) = day.civil
      #expect(year == 1990 + offset)
      #expect(month * 100 + dayOfMonth >= 121 && month * 100 + dayOfMonth <= 221)
      let noon = Date(timeIntervalSince1970: Double(day.number) * 86_400 + 4 * 3600)
      let lunar = calendar.dateComponents([.month, .day], from: noon)
      #expect(lunar.month == 1 && lunar.day == 1, "\(day)")
    }
    #expect(SpringFestival.days.count == 61)
  }

  @Test("the next festival is the day itself or a later one, and unknown outside the table")
  func nextFestival() {
    func next(_ day: String) -> String? { Day(day).flatMap { SpringFestival.next(from: $0)?.description } }
    #expect(next("2024-02-10") == "2024-02-10" && next("2024-02-11") == "2025-01-29")
    #expect(next("1990-01-01") == "1990-01-27" && next("2050-01-23") == "2050-01-23")
    #expect(next("2050-01-24") == nil && next("1989-12-31") == nil)
  }
}
