import Foundation
import Testing

@testable import Histories

@Suite("What contact needs, loaded")
struct ContactLoadingTests {
  private static let vinA = SmallGroup.vinA

  @Test("contacts keep channel, purpose, promise and vehicle; an unknown vehicle is none")
  func contacts() throws {
    let histories = try SmallGroup.files([
      "contacts.csv":
        "customer_id,vin,at,channel,purpose,outcome,promised_on\n"
        + "C1,\(Self.vinA.lowercased()),2024-01-05,Phone,marketing,promised,2024-01-09\n"
        + "C1,XXX,2024-01-06,fax,gossip,reached,\nC2,,2024-01-01,app,care,,\nC9,,2024-01-01,app,care,,\n"
    ]).load()
    let contacts = histories.contacts
    #expect(contacts.starts.values.map { $0 } == [0, 2, 3])
    #expect(contacts.vehicles.values.map { $0 } == [0, -1, -1])
    #expect(contacts.channels.values.map { $0 } == [0, Vocabulary.none, 5])
    #expect(contacts.purposes.values.map { $0 } == [0, Vocabulary.none, 3])
    #expect(contacts.promisedOn[0].description == "2024-01-09" && contacts.promisedOn[1].isNone)
    #expect(histories.report.count(of: "vin: not among the vehicles", in: "contacts") == 1)
    #expect(histories.presentColumns.isSuperset(of: ["contacts.purpose", "contacts.vin", "customers.phone"]))
    #expect(!histories.presentColumns.contains("customers.latitude"))
  }

  @Test("appointments are sorted by the day of booking; one booked after its own day is dropped")
  func appointments() throws {
    let histories = try SmallGroup.files([
      "appointments.csv":
        "customer_id,vin,booked_at,for_date,state\n"
        + "C1,\(Self.vinA),2024-03-05 10:00:00,2024-03-09,NO_SHOW\nC1,,2024-03-01 10:00:00,2024-03-02,kept\n"
        + "C2,,2024-03-05 10:00:00,2024-03-04,kept\nC2,,2024-03-05 10:00:00,2024-03-05,lost\nC2,,,2024-03-05,kept\n"
    ]).load()
    let appointments = histories.appointments
    #expect(appointments.starts.values.map { $0 } == [0, 2, 3])
    #expect(appointments.bookedOn.values.map(\.description) == ["2024-03-01", "2024-03-05", "2024-03-05"])
    #expect(appointments.forDays.values.map(\.description) == ["2024-03-02", "2024-03-09", "2024-03-05"])
    #expect(appointments.states.values.map { $0 } == [1, 2, Vocabulary.none])
    #expect(appointments.vehicles.values.map { $0 } == [-1, 0, -1])
    #expect(histories.report.count(of: "booked after its own day") == 1)
    #expect(histories.report.count(of: "state: unknown") == 1)
    #expect(histories.report.count(of: "booked_at or for_date is missing") == 1)
  }

  @Test("the codes of channels and purposes are those of their vocabularies")
  func codes() {
    let channels: [(ChannelSet, String)] = [
      (.phone, "phone"), (.sms, "sms"), (.wechat, "wechat"), (.email, "email"), (.post, "post"),
      (.app, "app"),
    ]
    #expect(channels.map(\.1) == Vocabularies.channel.words)
    for (code, (set, _)) in channels.enumerated() {
      for purpose in ConsentPurpose.allCases {
        let scope = ConsentScope(channel: UInt8(code), purpose: purpose)
        for other in ConsentPurpose.allCases {
          #expect(scope.channels(purpose: other) == (other == purpose ? set : []))
        }
      }
    }
    #expect(
      ConsentPurpose.allCases.map { "\($0)" } == Vocabularies.consentPurpose.words
        && ConsentScope.everything.rawValue.nonzeroBitCount == 24)
  }

  @Test("statements on consent follow the person in the order of time; what is not understood never grants")
  func consents() throws {
    let histories = try SmallGroup.files([
      "customers.csv": "customer_id,name,phone\nC1,Li,13912345678\nC2,Han,13787654321\nC3,Li,13912345678\n",
      "consents.csv":
        "customer_id,channel,purpose,granted,at\nC3,phone,service,false,2024-01-01 12:00:00\n"
        + "C1,all,service,true,2024-01-01 09:00:00\nC2,phone,service,,2024-01-02\nC2,fax,service,true,2024-01-03\n"
        + "C2,fax,service,false,2024-01-04\nC2,sms,service,true,2024-01-05\nC2,sms,service,perhaps,2024-01-06\n"
        + "C2,sms,service,true,someday\nC9,sms,service,true,2024-01-06\n",
    ]).load()
    let consents = histories.consents
    let day = try #require(Day("2024-01-05"))
    #expect(
      consents.standing(of: 0, asOf: day).granted.channels(purpose: .service) == [
        .sms, .wechat, .email, .post, .app,
      ])
    #expect(consents.standing(of: 0, asOf: day).refused.channels(purpose: .service) == .phone)
    #expect(consents.standing(of: 1, asOf: day).granted.channels(purpose: .service) == .sms)
    #expect(consents.standing(of: 1, asOf: day + 1).granted.channels(purpose: .service) == [])
    #expect(consents.standing(of: 1, asOf: day + 1).granted.channels(purpose: .marketing) == [])
    #expect(histories.report.count(of: "granted: missing, taken as refused") == 1)
    #expect(histories.report.count(of: "channel or purpose: unknown, grants nothing") == 1)
    #expect(histories.report.count(of: "granted: unreadable truth") == 1)
    #expect(histories.report.count(of: "customer_id or at: missing or unknown") == 1)
    let summary = try #require(histories.report.tables.first { $0.table == "consents" })
    #expect(summary.rows == 9 && summary.used == 5)
  }

  @Test("stores, homes, channels and plates become columns; what is no place or no plate is none")
  func places() throws {
    let histories = try SmallGroup.files([
      "dealers.csv": "dealer_id,latitude,longitude,city\nD1,30.25,120.17,杭州\nD2,95,10,\n",
      "customers.csv":
        "customer_id,name,phone,dealer_id,latitude,longitude,city,preferred_channel,wechat,email,address\n"
        + "C1,Li,13912345678,D3,30.2567,120.1789,杭州,app,,li@example.com,湖边1号\n"
        + "C2,Han,0571-88123456,D1,0,0,宁波,wechat,,@,　\nC3,Mei,12345678901,D1,,120,,,,,\n",
      "vehicles.csv":
        "vin,customer_id,plate\n\(SmallGroup.vinA),C1,浙A12345\n\(SmallGroup.vinB),C2, 浙ａ６７８９０\n"
        + "1M8GDM9AXKP042780,C2,B-XY 12\n",
    ]).load()
    let customers = histories.customers
    #expect(histories.stores.latitudes.count == 3 && histories.stores.latitudes[0] == 30.25)
    #expect(histories.stores.latitudes[1].isNaN && histories.stores.longitudes[2].isNaN)
    #expect(histories.stores.cities[0] == customers.cities[0] && histories.stores.cities[1] == -1)
    #expect(customers.homes[0] == HomeCell(latitude: 30.25, longitude: 120.1701))
    #expect(abs(customers.homes[0].centre.latitude - 30.255) < 1e-9)
    #expect(!customers.homes[1].isKnown && !customers.homes[2].isKnown)
    #expect(customers.channels[0] == [.phone, .sms, .app, .email, .post])
    #expect(customers.channels[1] == [.phone, .wechat] && customers.channels[2] == [])
    #expect(customers.preferredChannels.values.map { $0 } == [5, 2, Vocabulary.none])
    #expect(histories.vehicles.plateHeads.values.map { $0 } == [0, 0, -1])
    #expect(histories.vehicles.plateHeadNames.texts[0] == "浙A")
    let reason = "latitude or longitude: no place on the globe"
    #expect(histories.report.count(of: reason, in: "dealers") == 1)
    #expect(histories.report.count(of: reason, in: "customers") == 1)
  }

  @Test("addresses are kept of people who were entered several times, by the day of entry")
  func addresses() throws {
    let histories = try SmallGroup.files([
      "customers.csv":
        "customer_id,name,phone,city,district,registered_on\nC1,Li,13912345678,H,East,2021-01-01\n"
        + "C2,Han,13787654321,H,East,2020-01-01\nC3,Li,13912345678,H,West,2020-01-01\nC4,Li,13912345678,,,2019-01-01\n"
    ]).load()
    let addresses = histories.customers.addresses
    #expect(addresses.starts.values.map { $0 } == [0, 2, 2, 2, 2])
    #expect(addresses.registeredOn.values.map(\.description) == ["2020-01-01", "2021-01-01"])
    #expect(addresses.places[0] != addresses.places[1])
  }
}
