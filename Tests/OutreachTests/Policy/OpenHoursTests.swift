import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("Quiet hours and holidays")
struct OpenHoursTests {
  private static let night = "quiet_hours:\n  - {from: \"20:00\", to: \"09:00\"}\n"

  private func verdict(
    _ lines: String, _ moment: String, zone: String = "Asia/Shanghai", channel: Channel = .sms
  ) throws -> Verdict {
    try Policies.with(lines, zone: Policies.zone(zone)).verdict(
      on: Policies.task(channel), standing: Policies.willing(), at: Policies.moment(moment))
  }

  @Test(
    "Nothing leaves between evening and morning by the local clock",
    arguments: [
      ("Asia/Shanghai", "2026-07-01T11:59:59Z", nil),
      ("Asia/Shanghai", "2026-07-01T12:00:00Z", "2026-07-02T01:00:00Z"),
      ("Asia/Shanghai", "2026-07-02T00:59:59Z", "2026-07-02T01:00:00Z"),
      ("Asia/Shanghai", "2026-07-02T01:00:00Z", nil),
      ("Asia/Kathmandu", "2026-07-01T14:15:00Z", "2026-07-02T03:15:00Z"),
      ("Asia/Kathmandu", "2026-07-01T14:14:00Z", nil),
      // Clocks go forward in the night to 2026-03-29 in Berlin, and back in that to 2026-10-25.
      ("Europe/Berlin", "2026-03-28T19:00:00Z", "2026-03-29T07:00:00Z"),
      ("Europe/Berlin", "2026-10-24T18:00:00Z", "2026-10-25T08:00:00Z"),
      ("Australia/Lord_Howe", "2026-10-03T09:30:00Z", "2026-10-03T22:00:00Z"),
    ])
  func night(zone: String, at: String, until: String?) throws {
    let expected = try until.map { Verdict.later(try Policies.moment($0), .quietHours) } ?? .go
    #expect(try verdict(Self.night, at, zone: zone) == expected)
  }

  @Test("Quiet hours of some channels and days leave the others alone")
  func narrowed() throws {
    let lines = "quiet_hours:\n  - {from: \"00:00\", to: \"24:00\", days: [sat, sun], channels: [phone]}\n"
    // 2026-07-04 is a Saturday.
    let saturday = "2026-07-04T02:00:00Z"
    #expect(try verdict(lines, saturday) == .go)
    #expect(
      try verdict(lines, saturday, channel: .phone)
        == .later(try Policies.moment("2026-07-05T16:00:00Z"), .quietHours))
    #expect(try verdict(lines, "2026-07-03T02:00:00Z", channel: .phone) == .go)
  }

  @Test("An end of quiet hours that does not exist is not before its time, and never is quiet time open")
  func springGap() throws {
    let lines = "quiet_hours:\n  - {from: \"22:00\", to: \"02:30\"}\n"
    let policy = try Policies.with(lines, zone: Policies.zone("America/New_York"))
    let start = try Policies.moment("2026-03-07T00:00:00Z")
    for step in 0..<(3 * 24 * 12) {
      let now = start + .minutes(Int64(step) * 5)
      let (_, minute) = policy.time.clock(at: now)
      let isQuiet = minute >= 22 * 60 || minute < 150
      switch policy.verdict(on: Policies.task(), standing: Policies.willing(), at: now) {
      case .go: #expect(!isQuiet)
      case .later(let until, _):
        #expect(isQuiet && until > now && until - now <= .hours(6))
        #expect(policy.verdict(on: Policies.task(), standing: Policies.willing(), at: until) == .go)
      case .never(let reason): Issue.record("\(reason)")
      }
    }
  }

  @Test(
    "The public holidays of China are kept, those of the lunar calendar too",
    arguments: [
      "2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-04-05", "2026-05-01",
      "2026-05-02",
      "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-03", "2025-10-06", "2025-05-31", "2030-09-12",
      "2028-01-25",
    ])
  func china(day: String) throws {
    let verdict = try verdict("holidays: {china: true}\n", "\(day)T04:00:00Z")
    guard case .later(_, .holiday) = verdict else {
      Issue.record("\(day): \(verdict)")
      return
    }
  }

  @Test("A year has the 13 statutory days, fewer where two fall on one; other days are open")
  func count() throws {
    let policy = try Policies.with("holidays: {china: true}\n")
    for year in 2020...2050 {
      let first = Day(year: year, month: 1, day: 1)
      let closed = (0..<365).filter { offset in
        let noon = policy.time.moment(first + offset, minute: 720)
        return policy.verdict(on: Policies.task(), standing: Policies.willing(), at: noon) != .go
      }
      #expect((12...13).contains(closed.count), "\(year): \(closed.count)")
    }
  }

  @Test("Days of one's own are added, and the next open hour is told")
  func own() throws {
    let lines = Self.night + "holidays: {days: [2026-12-25, 2026-12-26]}\n"
    #expect(
      try verdict(lines, "2026-12-25T04:00:00Z")
        == .later(try Policies.moment("2026-12-27T01:00:00Z"), .holiday))
  }
}
