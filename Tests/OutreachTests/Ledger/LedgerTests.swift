import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("The ledger from histories")
struct LedgerTests {
  /// The standing of one customer, made by a few rows more.
  private func known(
    at moment: String = "2026-07-01T04:00:00Z", _ change: (SmallGroup) -> Void
  ) throws -> Standing {
    let group = try SmallGroup()
    group.person(0)
    change(group)
    return try #require(try group.ledger(at: moment).standing(ofPerson: 1))
  }

  @Test("A plain customer may be reached by phone and message, and nothing stands against it")
  func plain() throws {
    let standing = try known { $0.person(1) }
    #expect(standing.reachable == [.phone, .sms])
    #expect(standing.unusable.isEmpty)
    #expect(standing.consents.granted.channels(purpose: .service).contains([.phone, .sms, .wechat, .email]))
    #expect(standing.consents.granted.channels(purpose: .marketing).isEmpty)
    #expect(
      !standing.hasEnded && !standing.isInWorkshop && !standing.hasOpenComplaint && !standing.doNotContact)
    #expect(standing.bookedFor == nil && standing.touches.isEmpty)
  }

  @Test("Without the table of consents nothing is granted")
  func noConsents() throws {
    let group = try SmallGroup()
    group.person(1)
    group.drop("consents")
    let ledger = try group.ledger()
    #expect(!ledger.histories.knowsConsents)
    #expect(try #require(ledger.standing(ofPerson: 1)).consents.granted.isEmpty)
  }

  @Test("A refusal dated later than now holds now, a grant does not")
  func laterStatements() throws {
    let standing = try known {
      $0.person(1)
      $0.add("consents", "C1,sms,service,false,2026-08-01")
      $0.add("consents", "C1,email,marketing,true,2026-08-01")
    }
    #expect(standing.consents.refused.channels(purpose: .service) == [.sms])
    #expect(standing.consents.granted.channels(purpose: .marketing).isEmpty)
  }

  @Test("Who refused all contact asked not to be contacted; all but one channel is less")
  func doNotContact() throws {
    let all = ["marketing", "service", "care"]
    #expect(
      try known { group in
        group.person(1)
        for purpose in all { group.add("consents", "C1,all,\(purpose),false,2025-01-01") }
      }.doNotContact)
    #expect(
      try !known { group in
        group.person(1)
        for purpose in all { group.add("consents", "C1,all,\(purpose),false,2025-01-01") }
        group.add("consents", "C1,sms,care,true,2025-02-01")
      }.doNotContact)
  }

  @Test(
    "A complaint is open until it is closed, and after it was opened again",
    arguments: [
      ("2026-05-01,,", true), ("2026-05-01,2026-06-01,", false), ("2026-05-01,2026-07-02,", true),
      ("2026-05-01,2026-06-01,2026-06-20", true), ("2026-07-02,,", false),
    ])
  func complaint(dates: String, isOpen: Bool) throws {
    let standing = try known {
      $0.person(1)
      $0.add("complaints", "K1,C1,\(dates)")
    }
    #expect(standing.hasOpenComplaint == isOpen)
  }

  @Test("A car is in the workshop while its order is open")
  func workshop() throws {
    let standing = try known {
      $0.person(1)
      $0.add("visits", "R9,C1,\(SmallGroup.vin(1)),2026-06-29 09:00,,open,2500,repair,,A1")
    }
    #expect(standing.isInWorkshop)
  }

  @Test(
    "A booking counts until its day is over or it was cancelled",
    arguments: [
      ("2026-06-20,2026-07-05,booked", "2026-07-05"), ("2026-06-20,2026-07-05,cancelled", nil),
      ("2026-06-20,2026-06-30,booked", nil), ("2026-06-20,2026-07-01,kept", nil),
      ("2026-06-20,2026-07-01,booked", "2026-07-01"), ("2026-06-20,2026-07-09,", "2026-07-09"),
      ("2026-07-02,2026-07-09,booked", nil),
    ])
  func booking(row: String, day: String?) throws {
    let standing = try known {
      $0.person(1)
      $0.add("appointments", "B1,C1,\(SmallGroup.vin(1)),\(row)")
    }
    #expect(standing.bookedFor == day.flatMap { Day($0) })
  }

  @Test("A booking for another car does not count")
  func otherCar() throws {
    let standing = try known {
      $0.person(1)
      $0.person(2)
      $0.add("appointments", "B1,C1,\(SmallGroup.vin(2)),2026-06-20,2026-07-05,booked")
    }
    #expect(standing.bookedFor == nil)
  }

  @Test("A relation ends when the car is sold, and every one of a customer who died")
  func ended() throws {
    for reason in ["sold", "scrapped", "moved_away"] {
      let standing = try known {
        $0.person(1)
        $0.add("ownerships", "\(SmallGroup.vin(1)),C1,2022-01-10,2026-06-01,\(reason)")
      }
      #expect(standing.hasEnded)
    }
    let died = try known {
      $0.person(1)
      $0.add("vehicles", "OTHER1,C1,Model S,ICE,2021-01-10,")
      $0.add("ownerships", "OTHER1,C1,2021-01-10,2026-06-01,deceased")
    }
    #expect(died.hasEnded)
    let soldOther = try known {
      $0.person(1)
      $0.add("vehicles", "OTHER1,C1,Model S,ICE,2021-01-10,")
      $0.add("ownerships", "OTHER1,C1,2021-01-10,2026-06-01,sold")
    }
    #expect(!soldOther.hasEnded)
  }

  @Test(
    "Numbers that cannot be one are known and unusable; a landline takes no messages",
    arguments: [
      ("13800000000", [.phone, .sms], [.phone, .sms]), ("123", [.phone, .sms], [.phone, .sms]),
      ("12012345678", [.phone, .sms], [.phone, .sms]), ("0755-8812345", [.phone, .sms], [.sms]),
      ("", [], []), ("+86 139 1234 5678", [.phone, .sms], []),
    ] as [(String, ChannelSet, ChannelSet)])
  func phones(phone: String, reachable: ChannelSet, unusable: ChannelSet) throws {
    let standing = try known { $0.person(1, phone: phone) }
    #expect(standing.reachable == reachable)
    #expect(standing.unusable == unusable)
  }

  @Test("A number of more than three customers is nobody's")
  func shared() throws {
    for customers in [3, 4] {
      let standing = try known { group in
        for number in 1...customers { group.person(number, phone: "13912345678") }
      }
      #expect(standing.unusable.contains(.phone) == (customers > 3))
    }
  }

  @Test("Mail addresses and WeChat identifiers count where they are given; a preference is no address")
  func addresses() throws {
    let standing = try known { $0.person(1, email: "a@b.cn", wechat: "wx1") }
    #expect(standing.reachable == [.phone, .sms, .wechat, .email])
    #expect(standing.unusable.isEmpty)
    #expect(try known { $0.person(1, email: "a@b") }.unusable == [.email])
    #expect(try !known { $0.person(1, prefers: "wechat") }.reachable.contains(.wechat))
  }

  @Test("A number found invalid is unusable until somebody answers there again")
  func foundInvalid() throws {
    let invalid = "K1,C1,2026-05-01 10:00,phone,service,invalid"
    #expect(
      try known {
        $0.person(1)
        $0.add("contacts", invalid)
      }.unusable == [.phone, .sms])
    #expect(
      try known {
        $0.person(1)
        $0.add("contacts", invalid)
        $0.add("contacts", "K2,C1,2026-05-03 10:00,sms,service,delivered")
      }.unusable.isEmpty)
  }

  @Test("Past contacts count to the end of their day, unless they reached no address")
  func touches() throws {
    let standing = try known {
      $0.person(1)
      $0.add("contacts", "K1,C1,2026-06-20 10:00,phone,survey,no_answer")
      $0.add("contacts", "K2,C1,2026-06-10 10:00,sms,marketing,delivered")
      $0.add("contacts", "K3,C1,2026-06-22 10:00,sms,marketing,failed")
      $0.add("contacts", "K4,C1,2026-07-01 09:00,post,marketing,delivered")
      $0.add("contacts", "K5,C1,2024-07-01 09:00,phone,marketing,reached")
    }
    #expect(
      standing.touches == [
        Touch(at: try Policies.moment("2026-06-10T16:00:00Z"), channel: .sms),
        Touch(at: try Policies.moment("2026-06-20T16:00:00Z"), channel: .phone),
        Touch(at: try Policies.moment("2026-07-01T04:00:00Z"), channel: nil),
      ])
  }
}
