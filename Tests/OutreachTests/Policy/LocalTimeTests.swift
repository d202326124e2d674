import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("Days and hours by the clock of a place")
struct LocalTimeTests {
  static let zones = [
    "Asia/Shanghai", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin",
    "Asia/Urumqi",
    "America/St_Johns", "Pacific/Chatham",
  ]

  @Test(
    "Every moment of two years comes back from the clock, or an hour later where clocks show it twice",
    arguments: zones)
  func thereAndBack(name: String) throws {
    let time = LocalTime(Policies.zone(name))
    let start = try Policies.moment("2025-12-31T00:00:00Z")
    var twice = 0
    for step in 0..<(2 * 365 * 24 * 4) {
      let moment = start + .minutes(Int64(step) * 15)
      let (day, minute) = time.clock(at: moment)
      let back = time.moment(day, minute: minute)
      if back != moment {
        twice += 1
        #expect(back > moment && back - moment <= .hours(1))
      }
    }
    // Clocks go back twice in two years where they do at all.
    #expect([0, 4, 8].contains(twice), "\(name): \(twice)")
  }

  @Test("A time that spring leaves out is as long after the gap")
  func gap() throws {
    // 2026-03-08 02:00 became 03:00 in New York: there was no 02:30.
    let time = LocalTime(Policies.zone("America/New_York"))
    let moment = time.moment(Day(year: 2026, month: 3, day: 8), minute: 150)
    #expect(moment == (try Policies.moment("2026-03-08T07:30:00Z")))
    #expect(time.clock(at: moment).minute == 210)
  }

  @Test("Of a time that autumn shows twice the second is meant")
  func overlap() throws {
    // 2026-11-01 02:00 became 01:00 in New York: 01:30 was at 05:30 and at 06:30 UTC.
    let time = LocalTime(Policies.zone("America/New_York"))
    #expect(
      time.moment(Day(year: 2026, month: 11, day: 1), minute: 90)
        == (try Policies.moment("2026-11-01T06:30:00Z"))
    )
  }

  @Test("Moments are written with the offset of the day")
  func text() throws {
    let moment = try Policies.moment("2026-07-01T00:05:00Z")
    #expect(LocalTime(Policies.zone("Asia/Shanghai")).text(moment) == "2026-07-01T08:05+08:00")
    #expect(LocalTime(Policies.zone("America/St_Johns")).text(moment) == "2026-06-30T21:35-02:30")
  }
}
