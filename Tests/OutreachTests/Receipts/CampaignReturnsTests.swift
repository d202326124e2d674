import ContactQueue
import Foundation
import Histories
import Testing

@testable import Outreach

@Suite("Who of a campaign came back")
struct CampaignReturnsTests {
  @Test(
    "the first qualified visit after the contact is the return, each visit once, and hold-outs count from enqueueing"
  )
  func returns() throws {
    let loop = try ClosedLoop(
      customers: 7,
      visits: [
        // Came on the day of the call: before it, for all one knows.
        ("A1", 1, "2026-07-03", "maintenance"), ("A2", 1, "2026-08-20", "maintenance"),
        // A warranty job is no return; the next day's order at the same store is the same visit.
        ("B1", 2, "2026-07-10", "warranty"), ("B2", 2, "2026-07-11", "maintenance"),
        // 60 days after the call, and 61.
        ("C1", 3, "2026-09-01", "repair"), ("D1", 4, "2026-09-02", "repair"),
        // Held out: 2 July is the day after.
        ("F1", 6, "2026-07-01", "maintenance"), ("F2", 6, "2026-07-02", "warranty"),
        ("G1", 7, "2026-07-04", "maintenance"),
      ],
      ends: (1...7).map {
        "\(ClosedLoop.vin($0)),C\($0),2020-01-01,\($0 == 5 ? "2026-07-20" : ""),\($0 == 5 ? "sold" : "")"
      })
    try loop.enqueue(Array(1...7), heldOut: [6, 7])
    _ = try loop.export(at: ClosedLoop.enqueued + .days(2))
    let returns = try CampaignReturns(
      try loop.queue.outcomes(of: "spring"), histories: try loop.histories(), data: loop.data,
      vault: loop.queue.vault,
      time: ClosedLoop.time)
    #expect(returns.rows.map(\.customerID) == (1...7).map { "C\($0)" })
    #expect(returns.rows.map(\.group) == Array(repeating: .contacted, count: 5) + [.heldOut, .heldOut])
    #expect(returns.rows.map { $0.comeback?.visit } == ["A2", "B1", "C1", nil, nil, nil, "G1"])
    #expect(returns.rows.map { $0.comeback?.days } == [48, 7, 60, nil, nil, nil, 3])
    #expect(returns.rows.map(\.exclusion) == [nil, nil, nil, nil, .naturalLoss, nil, nil])
    // From 1 July on: the visit of 3 July counts, that of 1 September does not.
    #expect(returns.rows.map(\.cameSinceEnqueued) == [true, true, false, false, false, false, true])
    let comparison = CampaignComparison(returns)
    #expect(comparison.toContact.relations == 4 && comparison.toContact.cameBack == 2)
    #expect(comparison.toContact.excluded == [.naturalLoss: 1])
    #expect(comparison.heldOut.relations == 2 && comparison.heldOut.cameBack == 1)
    #expect(comparison.difference?.difference == 0)
    try loop.queue.record(returns.returns, of: "spring", at: ClosedLoop.enqueued)
    #expect(
      try loop.queue.outcomes(of: "spring").compactMap { $0.comeback?.visit } == ["A2", "B1", "C1", "G1"])
  }

  @Test("a visit after two contacts belongs to the later one, and to it alone")
  func twoWaves() throws {
    let loop = try ClosedLoop(
      customers: 1, visits: [("A1", 1, "2026-07-20", "maintenance"), ("A2", 1, "2026-07-25", "maintenance")])
    try loop.enqueue([1])
    _ = try loop.export(at: ClosedLoop.enqueued + .days(1))
    _ = try loop.take("task,outcome,at\n\(try loop.tasks()[0].text),reached,2026-07-02\n")
    try loop.enqueue([1], wave: 2)
    _ = try loop.export(at: ClosedLoop.enqueued + .days(9))
    let returns = try CampaignReturns(
      try loop.queue.outcomes(of: "spring"), histories: try loop.histories(), data: loop.data,
      vault: loop.queue.vault,
      time: ClosedLoop.time)
    #expect(returns.rows.map { $0.comeback?.visit } == [nil, "A1"])
    #expect(CampaignComparison(returns).toContact.relations == 1, "a relation counts once")
  }

  @Test("days that are not over, and relations that the histories do not know, are not compared")
  func open() throws {
    let loop = try ClosedLoop(customers: 2)
    try loop.enqueue([1, 9])
    let outcomes = try loop.queue.outcomes(of: "spring")
    let histories = try loop.histories()
    func returns(_ days: Int) throws -> CampaignReturns {
      try CampaignReturns(
        outcomes, histories: histories, data: loop.data, vault: loop.queue.vault, time: ClosedLoop.time,
        days: days)
    }
    #expect(try returns(183).rows.map(\.exclusion) == [nil, .unknown])
    #expect(try returns(184).rows.map(\.exclusion) == [.open, .unknown])
    #expect(CampaignComparison(try returns(60)).difference == nil)
  }

  @Test("whom the policy left out has a row with the reason, is told apart and is not compared")
  func notAllowed() throws {
    let loop = try ClosedLoop(customers: 4, visits: [("A1", 3, "2026-07-20", "maintenance")])
    try loop.enqueue([1, 2, 3, 4], heldOut: [2], suppressed: [3: .noConsent, 4: .duplicateCustomer])
    let returns = try CampaignReturns(
      try loop.queue.outcomes(of: "spring"), histories: try loop.histories(), data: loop.data,
      vault: loop.queue.vault, time: ClosedLoop.time)
    #expect(returns.rows.map(\.customerID) == ["C1", "C2", "C3"])
    #expect(returns.rows.map(\.group) == [.waiting, .heldOut, .notAllowed])
    #expect(returns.rows[2].outcome.reason == "no_consent")
    #expect(returns.rows.map { $0.comeback?.visit } == [nil, nil, "A1"])
    let comparison = CampaignComparison(returns)
    #expect(comparison.toContact.relations == 1 && comparison.toContact.cameBack == 0)
    // Somebody who is contacted in the same wave after all is no longer among them; of two lists the later reason holds.
    try loop.enqueue([3], list: "second")
    try loop.enqueue([4], suppressed: [4: .inWorkshop], list: "third")
    try loop.enqueue([4], suppressed: [4: .visitBooked], list: "fourth")
    let outcomes = try loop.queue.outcomes(of: "spring")
    #expect(outcomes.map(\.isTask) == [true, true, false, false])
    #expect(outcomes.last?.reason == "visit_booked")
  }
}
