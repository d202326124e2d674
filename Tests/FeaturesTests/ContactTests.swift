import Features
import Histories
import Testing

@Suite("Contacts, bookings, consents and surroundings")
struct ContactTests {
  private static let otherVin = "1M8GDM9AXKP042788"

  private static func data(_ files: [String: [String]] = [:]) -> SmallData {
    var data = SmallData()
    data.add("R1", "2022-04-01", km: "3000")
    data.files = files.mapValues { $0.joined(separator: "\n") + "\n" }
    return data
  }

  private static func contacts(_ rows: [String]) -> [String: [String]] {
    ["contacts.csv": ["customer_id,vin,at,channel,purpose,outcome,promised_on"] + rows]
  }

  @Test("without a table its features are missing, with it they are numbers")
  func missingTables() throws {
    let row = try Self.data().features(asOf: "2022-06-01")
    for feature in [
      Feature.ct90, .ctReach365, .ctUnansStreak, .respRate365, .promiseBroken, .optoutAny, .reachableCh,
      .apptOpen,
      .noshow365, .csiMinItem, .svyRate, .phoneOk, .distKm, .moved365, .plateAway, .peerLapse,
    ] {
      #expect(row(feature).isNaN, "\(feature.name)")
    }
    #expect(row(.inShop) == 0 && row(.odoConflict) == 0)
    // Home store, VIN, model and delivery, a reading, no contradiction: 5 of 8.
    #expect(row(.dqScore) == 62.5)
    let loaded = try Self.data(Self.contacts([])).features(asOf: "2022-06-01")
    #expect(loaded(.ct90) == 0 && loaded(.ctUnansStreak) == 0 && loaded(.promiseBroken) == 0)
    #expect(loaded(.ctReach365).isNaN && loaded(.respRate365).isNaN)
  }

  @Test("windows of contacts hold the last n days, and messages that arrived are no attempt")
  func contactWindows() throws {
    let data = Self.data(
      Self.contacts([
        "C1,,2022-05-01 10:00:00,wechat,marketing,delivered,",
        "C1,,2022-06-01 10:00:00,sms,marketing,delivered,",
        "C1,,2022-06-10 10:00:00,phone,service,reached,",
        "C1,,2022-07-01 10:00:00,phone,service,no_answer,",
        "C1,,2022-07-05 10:00:00,phone,service,failed,",
      ]))
    let row = try data.features(asOf: "2022-07-30")
    #expect(row(.ct90) == 1, "2022-05-01 is 90 days ago")
    #expect(row(.ctReach365) == 1.0 / 3 && row(.ctUnansStreak) == 2)
    #expect(try data.features(asOf: "2022-07-29")(.ct90) == 2)
    #expect(try data.features(asOf: "2022-07-04")(.ctUnansStreak) == 1)
    #expect(try data.features(asOf: "2023-06-10")(.ctReach365) == 0)
    #expect(try data.features(asOf: "2023-06-09")(.ctReach365) == 1.0 / 3)
  }

  @Test("a promise is broken when its 30 days are over without a visit, for the vehicle it was about")
  func promises() throws {
    var data = Self.data(
      Self.contacts(["C1,\(SmallData.vin),2022-06-01 10:00:00,phone,service,promised,2022-06-11"]))
    #expect(try data.features(asOf: "2022-07-11")(.promiseBroken) == 0)
    #expect(try data.features(asOf: "2022-07-12")(.promiseBroken) == 1)
    data.add("R2", "2022-07-11", "accident", paid: "0")
    #expect(try data.features(asOf: "2022-07-12")(.promiseBroken) == 0)
    #expect(try data.features(asOf: "2022-07-16")(.respRate365) == 1.0 / 3, "an accident is no answer")

    var other = Self.data(
      Self.contacts(["C1,\(Self.otherVin),2022-06-01 10:00:00,phone,service,booked,"]))
    other.vehicles.append("\(Self.otherVin),C1,Aster,ICE,private,2022-01-01")
    #expect(try other.features(asOf: "2022-08-01")(.promiseBroken) == 0)
    #expect(try other.features(asOf: "2022-08-01")(.ctReach365) == 1)
  }

  @Test("a contact counts as answered by a qualified visit in the 45 days after it, once they are over")
  func responses() throws {
    var data = Self.data(Self.contacts(["C1,,2022-06-01 10:00:00,phone,service,reached,"]))
    data.add("R2", "2022-07-16")
    #expect(try data.features(asOf: "2022-07-15")(.respRate365).isNaN)
    #expect(try data.features(asOf: "2022-07-16")(.respRate365) == 2.0 / 3)
    data.visits.removeLast()
    data.add("R2", "2022-07-17")
    #expect(try data.features(asOf: "2022-07-17")(.respRate365) == 1.0 / 3)
  }

  @Test("a number is verified by an answer and invalid by its last outcome")
  func phones() throws {
    var data = Self.data(
      Self.contacts([
        "C1,,2022-06-01 10:00:00,phone,service,reached,", "C1,,2022-06-10 10:00:00,sms,marketing,invalid,",
        "C1,,2022-06-12 10:00:00,wechat,marketing,delivered,",
      ]))
    data.files["customers.csv"] = "customer_id,dealer_id,phone\nC1,D1,13912345678\n"
    #expect(try data.features(asOf: "2022-05-31")(.phoneOk) == 1)
    #expect(try data.features(asOf: "2022-06-01")(.phoneOk) == 2)
    #expect(try data.features(asOf: "2022-06-20")(.phoneOk) == 0)
    data.files["customers.csv"] = "customer_id,dealer_id,phone\nC1,D1,\n"
    #expect(try data.features(asOf: "2022-06-01")(.phoneOk) == 0)
  }

  @Test("a booking is open until its day, and a no-show counts from it on")
  func bookings() throws {
    let data = Self.data([
      "appointments.csv": [
        "customer_id,vin,booked_at,for_date,state",
        "C1,,2022-05-01 10:00:00,2022-05-10,no_show", "C1,,2022-05-02 10:00:00,2022-06-10,cancelled",
      ]
    ])
    let before = try data.features(asOf: "2022-04-30")
    #expect(before(.apptOpen) == 0 && before(.noshow365) == 0)
    #expect(try data.features(asOf: "2022-05-09")(.noshow365) == 0)
    let row = try data.features(asOf: "2022-05-10")
    #expect(row(.apptOpen) == 1 && row(.noshow365) == 1)
    #expect(try data.features(asOf: "2022-06-10")(.apptOpen) == 0)
    #expect(try data.features(asOf: "2023-05-10")(.noshow365) == 0)
  }

  @Test("a car is in the workshop from the opening of its order to the day before it is closed")
  func inShop() throws {
    var data = Self.data()
    data.add("R2", "2022-05-01", closed: "2022-05-03")
    #expect(
      try ["2022-04-30", "2022-05-01", "2022-05-02", "2022-05-03"].map {
        try data.features(asOf: $0)(.inShop)
      } == [0, 1, 1, 0])
  }

  @Test("consent is fail-closed: what nobody granted, or was refused since, is not usable")
  func consents() throws {
    func row(_ statements: [String], asOf: String = "2022-06-01") throws -> (Feature) -> Double {
      var data = Self.data([
        "consents.csv": ["customer_id,channel,purpose,granted,at"] + statements
      ])
      data.files["customers.csv"] =
        "customer_id,dealer_id,phone,email,preferred_channel\nC1,D1,13912345678,a@b.cn,wechat\n"
      return try data.features(asOf: asOf)
    }
    let none = try row([])
    #expect(none(.reachableCh) == 0 && none(.optoutAny) == 0)
    let all = "C1,all,marketing,true,2022-02-01"
    #expect(try row([all])(.reachableCh) == 4, "phone, SMS, WeChat and mail")
    #expect(try row([all], asOf: "2022-01-31")(.reachableCh) == 0)
    #expect(try row(["C1,all,profiling,true,2022-02-01", "C1,all,care,true,2022-02-01"])(.reachableCh) == 0)
    let refused = try row([all, "C1,sms,marketing,false,2022-03-01"])
    #expect(refused(.reachableCh) == 3 && refused(.optoutAny) == 1)
    #expect(try row([all, "C1,sms,marketing,false,2022-07-01"])(.optoutAny) == 0)
    #expect(
      try row(["C1,sms,marketing,false,2022-03-01", "C1,all,marketing,true,2022-03-02"])(.reachableCh) == 4)
    #expect(
      try row(["C1,sms,marketing,false,2022-02-01", all])(.reachableCh) == 3, "at one moment refusal holds")
    #expect(try row([all, "C1,fax,marketing,false,2022-03-01"])(.reachableCh) == 0)
    #expect(try row([all, "C1,fax,gossip,,2022-03-01"])(.reachableCh) == 0, "unknown, and not granted")
    #expect(try row(["C1,fax,marketing,true,2022-03-01"])(.reachableCh) == 0)
    #expect(try row([all, "C1,all,marketing,maybe,2022-03-01"])(.reachableCh) == 0, "unreadable")
  }

  @Test("distance is measured from the grid cell of the home")
  func distance() throws {
    var data = Self.data(["dealers.csv": ["dealer_id,latitude,longitude", "D1,30.005,120.005"]])
    for (home, expected) in [
      // The middles of the cells: the store's own, one degree north, one degree east.
      ("30.0099,120.0001", 0.0), ("31.0011,120.0022", 6371.0088 * Double.pi / 180), ("30.002,500", .nan),
      (",", .nan),
      ("0,0", .nan),
    ] {
      data.files["customers.csv"] = "customer_id,dealer_id,latitude,longitude\nC1,D1,\(home)\n"
      let found = try data.features(asOf: "2022-06-01")(.distKm)
      #expect(expected.isNaN ? found.isNaN : abs(found - expected) < 1e-6, "\(home): \(found)")
    }
  }

  @Test(
    "who was entered again with another district has moved, for 365 days; who was entered once is unknown")
  func moved() throws {
    var data = Self.data()
    let head = "customer_id,dealer_id,name,phone,city,district,registered_on\n"
    let first = "C1,D1,Li,13912345678,H,East,2020-01-01\n"
    data.files["customers.csv"] = head + first + "C2,D1,Li,13912345678,H,West,2022-03-01\n"
    #expect(try data.features(asOf: "2022-02-28")(.moved365).isNaN)
    #expect(try data.features(asOf: "2022-03-01")(.moved365) == 1)
    #expect(try data.features(asOf: "2023-02-28")(.moved365) == 1)
    #expect(try data.features(asOf: "2023-03-01")(.moved365) == 0)
    data.files["customers.csv"] = head + first + "C2,D1,Li,13912345678,H,East,2022-03-01\n"
    #expect(try data.features(asOf: "2022-03-01")(.moved365) == 0)
  }

  @Test("a reading that falls is a contradiction from the day on which it is known")
  func readings() throws {
    var data = Self.data()
    data.add("R2", "2022-05-01", km: "500", closed: "2022-05-03")
    #expect(try data.features(asOf: "2022-05-02")(.odoConflict) == 0)
    let row = try data.features(asOf: "2022-05-03")
    #expect(row(.odoConflict) == 1 && row(.dqScore) == 50)
  }

  @Test("survey contacts without an answer in 30 days lower the rate of answers; items give the lowest score")
  func answers() throws {
    var data = Self.data(
      Self.contacts([
        "C1,,2022-04-02 10:00:00,sms,survey,delivered,", "C1,,2022-05-10 10:00:00,sms,survey,delivered,",
      ]))
    data.files["surveys.csv"] =
      "customer_id,date,kind,item,score,scale_min,scale_max\nC1,2022-05-02,csi,,4,1,5\nC1,2022-05-02,csi,price,2,1,5\n"
      + "C1,2022-05-02,csi,time,3,1,5\n"
    let row = try data.features(asOf: "2022-05-20")
    #expect(row(.svyRate) == 2.0 / 3 && row(.csiMinItem) == 0.25 && row(.csiLast) == 0.75)
    #expect(try data.features(asOf: "2022-06-09")(.svyRate) == 0.5)
    #expect(try data.features(asOf: "2022-05-01")(.csiMinItem).isNaN)
  }

  @Test("the season turns with the month")
  func season() throws {
    let december = try Self.data().features(asOf: "2022-12-15")
    #expect(abs(december(.seasonSin)) < 1e-12 && december(.seasonCos) == 1)
    #expect(december(.seasonFestivalDays) == 38)
    #expect(abs(try Self.data().features(asOf: "2022-06-30")(.seasonCos) + 1) < 1e-12)
  }

  @Test("in the simulated set every one of these features tells relations apart")
  func variety() {
    let histories = SimulatedSet.histories
    let relations = (0..<histories.relations.count).filter {
      histories.relations.startsOn[$0] <= SimulatedSet.asOf
    }
    let values = AsOfView(histories: histories, asOf: SimulatedSet.asOf).features(
      of: relations.map(Int32.init))
    for feature in [
      Feature.apptOpen, .distKm, .moved365, .plateAway, .noshow365, .csiMinItem, .svyRate, .ct90,
      .ctReach365, .ctUnansStreak, .respRate365, .promiseBroken, .optoutAny, .reachableCh, .phoneOk,
      .odoConflict,
      .dqScore, .peerLapse, .storeLapse,
    ] {
      let seen = Set(relations.indices.map { values[$0, feature.rawValue] }.filter { !$0.isNaN })
      #expect(seen.count >= 2, "\(feature.name)")
    }
  }
}
