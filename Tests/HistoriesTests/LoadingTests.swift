import Foundation
import Testing

@testable import Histories

@Suite("From rows to histories")
struct LoadingTests {
  private static let vinA = SmallGroup.vinA
  private static let vinB = SmallGroup.vinB

  @Test(
    "the same phone and name are one person, the first row standing for all; a twin's orders are the person's"
  )
  func samePersons() throws {
    let histories = try SmallGroup.files([
      "customers.csv":
        "customer_id,name,phone\nC1,王伟,13912345678\nC2,Han,13787654321\nC3,王伟,139-1234-5678\nC4,王芳,13912345678\n"
        + "C5,王伟,\nC6,,13912345678\nC1,again,13911112222\n",
      "visits.csv": SmallGroup.visits([
        "V1,C1,\(Self.vinA),2024-03-05,repair", "V2,C3,\(Self.vinA),2024-03-06,repair",
        "V3,C3,,2024-03-07,repair",
      ]),
    ]).load()
    #expect((0..<6).map { histories.customers.golden[$0] } == [0, 1, 0, 3, 4, 5])
    #expect(histories.usableDays("C1", Self.vinA) == ["2024-03-05", "2024-03-06", "2024-03-07"])
    #expect(histories.relations.count == 2)
    #expect(histories.report.count(of: "same phone and name: one person") == 1)
    #expect(histories.report.count(of: "customer_id stands twice") == 1)
    #expect(histories.report.count(of: "vin: taken from the customer's only vehicle") == 1)
  }

  @Test("a phone of more than three names is no phone, and merges nobody")
  func sharedPhones() throws {
    let names = ["A", "B", "C", "D", "A"]
    let rows = names.enumerated().map { "C\($0 + 1),\($1),13912345678" }.joined(separator: "\n")
    let histories = try SmallGroup.files([
      "customers.csv": "customer_id,name,phone\n\(rows)\nC6,A,13800000000\nC7,E,13787654321\n"
    ]).load()
    #expect((0..<7).map { histories.customers.golden[$0] } == [0, 1, 2, 3, 4, 5, 6])
    #expect((0..<7).map { histories.customers.phones[$0] } == ["", "", "", "", "", "", "13787654321"])
    #expect(histories.report.count(of: "phone: used by more than three customers") == 5)
    #expect(histories.report.count(of: "phone: a dummy") == 1)
  }

  @Test("void, presale, internal and counter-sale orders are set aside; the same order twice counts once")
  func ordersThatDoNotCount() throws {
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(Self.vinA),2024-03-01,maintenance,settled",
          "V2,C1,\(Self.vinA),2024-03-02,maintenance,void",
          "V3,C1,\(Self.vinA),2024-03-03,presale,settled",
          "V4,C1,\(Self.vinA),2024-03-04,internal|counter_sale,settled",
          "V5,C1,\(Self.vinA),2024-03-05,counter_sale|repair,open",
          "V1,C1,\(Self.vinA),2024-03-01,maintenance,settled",
          "V6,C1,\(Self.vinA),2024-03-06,,VOID", "V7,C1,\(Self.vinA),2024-03-07,car_wash,作废",
          "V8,C9,\(Self.vinA),2024-03-08,repair,settled", "V9,,\(Self.vinA),2024-03-08,repair,settled",
        ], columns: "visit_id,customer_id,vin,opened_at,classes,status")
    ]).load()
    let report = histories.report
    #expect(histories.usableDays("C1", Self.vinA) == ["2024-03-01", "2024-03-05", "2024-03-07"])
    #expect(report.count(of: "void order") == 2)
    #expect(report.count(of: "presale, internal or counter-sale order") == 2)
    #expect(report.count(of: "the same order twice") == 1)
    #expect(report.count(of: "status: unknown, taken as settled") == 1)
    #expect(report.count(of: "classes: an unknown class") == 1)
    #expect(report.count(of: "customer_id: missing or not among the customers") == 2)
    #expect(report.tables.last.map { [$0.rows, $0.used] } == [10, 3])
    let run = try #require(histories.run("C1", Self.vinA))
    let kept = run.filter { !histories.orders.flags[$0].contains(.unusable) }
    #expect(kept.map { histories.orders.classes[$0] } == [.maintenance, [.counterSale, .repair], .repair])
    #expect(kept.map { histories.orders.closedOn[$0] == Orders.notClosed } == [false, true, false])
  }

  @Test("swapped characters of a VIN are mended, each row counted; a VIN that nobody knows becomes a vehicle")
  func vehicleNumbers() throws {
    let swapped = "1M8GDM9AXKP042878"
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits([
        "V1,C1,\(swapped),2024-03-01,repair", "V2,C1,\(swapped),2024-03-02,repair",
        "V3,C1,\(Self.vinA.lowercased()),2024-03-03,repair", "V4,C2,\(swapped),2024-03-04,repair",
        "V5,C2,,2024-03-05,repair", "V6,C1,,2024-03-06,repair",
      ])
    ]).load()
    #expect(
      histories.usableDays("C1", Self.vinA) == ["2024-03-01", "2024-03-02", "2024-03-03", "2024-03-06"])
    #expect(histories.report.count(of: "vin: two characters had changed places") == 2)
    #expect(histories.usableDays("C2", swapped) == ["2024-03-04"])
    #expect(histories.report.count(of: "vin: not among the vehicles") == 1)
    #expect(histories.report.count(of: "vin is missing and the customer has not just one") == 1)
    #expect(histories.report.count(of: "vin: taken from the customer's only vehicle") == 1)
  }

  @Test("an order without VIN is about the only vehicle of its day, whatever the customer gets later")
  func ordersWithoutVIN() throws {
    let histories = try SmallGroup.files([
      "ownerships.csv":
        "vin,customer_id,from,to\n\(Self.vinA),C1,2020-01-10,\n\(SmallGroup.vinB),C1,2024-06-01,\n",
      "vehicles.csv": "vin,customer_id\n\(Self.vinA),C1\n\(SmallGroup.vinB),C1\n",
      "visits.csv": SmallGroup.visits([
        "V0,C1,,2019-12-31,repair", "V1,C1,,2024-05-31,repair", "V2,C1,,2024-06-01,repair",
        "V3,C1,\(SmallGroup.vinB),2024-06-02,repair",
        // Of this customer's vehicles nothing but orders is known.
        "V4,C2,1FTFW1ET5DFC10312,2024-03-01,repair", "V5,C2,,2024-02-01,repair", "V6,C2,,2024-03-02,repair",
        "V7,C2,5YJSA1E26HF000337,2024-05-01,repair", "V8,C2,,2024-05-02,repair",
      ]),
    ]).load()
    #expect(histories.usableDays("C1", Self.vinA) == ["2024-05-31"])
    #expect(histories.usableDays("C1", SmallGroup.vinB) == ["2024-06-02"])
    #expect(histories.usableDays("C2", "1FTFW1ET5DFC10312") == ["2024-03-01", "2024-03-02"])
    #expect(histories.report.count(of: "vin: taken from the customer's only vehicle") == 2)
    #expect(histories.report.count(of: "vin is missing and the customer has not just one") == 4)
  }

  @Test("vehicles that stand twice or have doubtful numbers are told")
  func vehicles() throws {
    let histories = try SmallGroup.files([
      "vehicles.csv":
        "vin,customer_id,model,powertrain\n\(Self.vinA),C1,Lake 5,ice\n\(Self.vinA),C2,,\nWVWZZZ1KZ6W612305,C9,,\nSHORT,C2,Lake 5,BEV\n",
      "schedules.csv":
        "model,powertrain,first_service_months,first_service_km,months,km\n*,bev,5,9000,11,19000\nＬake 5 ,,2,3000,5,6000\n",
    ]).load()
    #expect(histories.vehicles.count == 3)
    #expect(histories.relations.count == 2)
    #expect(histories.report.count(of: "vin stands twice") == 1)
    #expect(histories.report.count(of: "vin: check digit is wrong (common for imports)") == 1)
    #expect(histories.report.count(of: "vin: not 17 letters and digits without I, O, Q") == 1)
    #expect(histories.report.count(of: "customer_id: not among the customers", in: "vehicles") == 1)
    #expect(histories.vehicles.schedule(0).months == 5)
    #expect(histories.vehicles.schedule(1) == ServiceSchedule.standard(powertrain: Vocabulary.none))
    #expect(histories.vehicles.schedule(2).months == 5)
  }

  @Test(
    "amounts below nothing and impossible odometers are missing; times tell closing, promises and when known")
  func values() throws {
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(Self.vinA),2024-03-01 08:00:00,repair,2024-03-02 10:30:00,2024-03-02 10:00:00,2024-03-09,-5,1000,no",
          "V2,C1,\(Self.vinA),2024-03-03 08:00:00,repair,2024-03-02 10:00:00,,2024-03-01,99999999999,-1,yes",
          "V3,C1,\(Self.vinA),2024-03-04 08:00:00,repair,,2024-03-04 10:00:00,,19.99,3000001,",
        ],
        columns:
          "visit_id,customer_id,vin,opened_at,classes,closed_at,promised_at,recorded_at,customer_paid,odometer_km,booked"
      )
    ]).load()
    let orders = histories.orders
    #expect((0..<3).map { orders.customerPaid[$0] } == [Money.none, Money.none, 1999])
    #expect((0..<3).map { orders.odometers[$0] } == [1000, -1, -1])
    #expect((0..<3).map { orders.hours[$0] } == [26, .max, .max])
    #expect((0..<3).map { orders.closedOn[$0].description } == ["2024-03-02", "2024-03-03", "2024-03-04"])
    #expect((0..<3).map { orders.knownOn[$0].description } == ["2024-03-09", "2024-03-03", "2024-03-04"])
    #expect((0..<3).map { orders.flags[$0] } == [[.promised, .promiseMissed], .booked, []])
    #expect(histories.report.count(of: "customer_paid: negative or too large") == 2)
    #expect(histories.report.count(of: "odometer_km: not between 0 and 3,000,000") == 2)
    #expect(histories.report.count(of: "closed before it was opened") == 1)
  }

  @Test("an odometer that falls or leaps is not believed, unless it was replaced")
  func odometers() throws {
    let readings = [
      ("2024-01-01", "10000", "no"), ("2024-02-01", "9000", "no"), ("2024-03-01", "11000", "no"),
      ("2024-03-02", "60000", "no"), ("2024-04-01", "12000", "no"), ("2024-05-01", "50", "yes"),
      ("2024-06-01", "1500", "no"), ("2024-06-01", "1600", "no"),
    ]
    let rows = readings.enumerated().map { "V\($0),C1,\(Self.vinA),\($1.0),repair,\($1.1),\($1.2)" }
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        rows.reversed(), columns: "visit_id,customer_id,vin,opened_at,classes,odometer_km,odometer_replaced")
    ]).load()
    let known = (0..<6).map { histories.orders.odometers[$0] }
    #expect(known == [10000, -1, 11000, -1, 12000, 50])
    #expect(histories.report.count(of: "odometer_km: too high a jump") == 1)
    #expect(histories.report.count(of: "odometer_km: lower than before") >= 1)
  }

  @Test("orders before the delivery or after the end of the data do not count")
  func outOfTime() throws {
    var rows = (0..<60).map { "S\($0),C2,\(Self.vinB),\(Day(year: 2024, month: 1, day: 1) + $0),repair" }
    rows += [
      "E1,C1,\(Self.vinA),2019-12-11,repair", "E2,C1,\(Self.vinA),2019-12-10,repair",
      "E3,C1,\(Self.vinA),2024-02-29,repair", "E4,C1,\(Self.vinA),2099-12-31,repair",
    ]
    let histories = try SmallGroup.files(["visits.csv": SmallGroup.visits(rows)]).load()
    #expect(histories.dataEnd.description == "2024-02-29")
    #expect(histories.usableDays("C1", Self.vinA) == ["2019-12-11", "2024-02-29"])
    #expect(histories.report.count(of: "dated before the vehicle's delivery") == 1)
    #expect(histories.report.count(of: "dated after the end of the data") == 1)
    #expect(histories.report.tables.last.map { [$0.rows, $0.used] } == [64, 62])
  }

  @Test(
    "ownerships say when a relation began, why it ended and who was first; two by one owner count from the first day on"
  )
  func ownerships() throws {
    let histories = try SmallGroup.files([
      "ownerships.csv":
        "vin,customer_id,from,to,end_reason\n\(Self.vinA),C1,2023-01-01,,\n\(Self.vinA),C1,2020-01-10,2021-05-01,sold\n"
        + "\(Self.vinA),C2,2021-05-01,2023-01-01,Sold\n\(Self.vinB),C2,2021-02-20,2020-01-01,\nX,C1,2020-01-01,,\n",
      "purchases.csv":
        "customer_id,vin,date,condition,loan_ends_on\nC1,\(Self.vinA),2020-01-05,new,2023-01-05\n",
    ]).load()
    let first = try #require(histories.relation("C1", Self.vinA))
    let second = try #require(histories.relation("C2", Self.vinA))
    let relations = histories.relations
    #expect(relations.startsOn[first].description == "2020-01-10")
    #expect(relations.endsOn[first].isNone)
    #expect(relations.endReasons[first] == Vocabulary.none)
    #expect(!relations.boughtOn[first].isNone && relations.boughtOn[second].isNone)
    #expect(relations.loanEndsOn[first].description == "2023-01-05")
    #expect(relations.endsOn[second].description == "2023-01-01")
    #expect(Vocabularies.endReason.word(relations.endReasons[second]) == "sold")
    #expect(relations.ownerSequence[second] == 2)
    #expect(histories.report.count(of: "ends before it begins") == 1)
    #expect(histories.report.count(of: "vin: not among the vehicles", in: "ownerships") == 1)
  }

  @Test(
    "surveys keep scores on their own scale, those of items apart; contacts and complaints follow the person")
  func events() throws {
    let histories = try SmallGroup.files([
      "customers.csv": "customer_id,name,phone\nC1,Li,13912345678\nC2,Han,13787654321\nC3,Li,13912345678\n",
      "surveys.csv":
        "customer_id,date,kind,score,scale_min,scale_max,item\nC3,2024-02-01,nps,10,,,\nC1,2024-01-01,csi,4,1,5,overall\n"
        + "C1,2024-01-01,csi,1,,,price\nC1,2024-01-01,csi,99,,,\nC9,2024-01-01,csi,3,,,\nC2,2024-01-01,csi,5,0,10,\nC2,2024-01-02,csi,3,5,5,\n",
      "complaints.csv":
        "customer_id,opened_on,closed_on,severity,satisfied\nC3,2024-01-05,2024-01-09,3,否\nC1,2024-01-01,,x,\n",
      "contacts.csv":
        "customer_id,at,outcome\nC3,2024-01-05 23:59:59,reached\nC1,2024-01-01T20:00:00Z,NO_ANSWER\n",
      "packages.csv": "vin,bought_on,visits_total\n\(Self.vinB),2024-01-01,\n\(Self.vinA),2024-01-01,4\n",
      "advisers.csv": "adviser_id,active_to\nA1,2023-01-01\nA2,\n,2023-01-01\n",
    ]).load()
    #expect(histories.surveys.starts.values.map { $0 } == [0, 2, 3, 3])
    #expect((0..<3).map { histories.surveys.scores[$0] } == [0.75, 1, 0.5])
    #expect(histories.report.count(of: "score: outside its scale") == 2)
    #expect(histories.surveys.items.starts.values.map { $0 } == [0, 1, 1, 1])
    #expect(
      histories.surveys.items.scores[0] == 0 && histories.surveys.items.days[0].description == "2024-01-01")
    #expect((0..<2).map { histories.complaints.satisfied[$0] } == [2, 0])
    #expect((0..<2).map { histories.complaints.severities[$0] } == [0, 3])
    #expect((0..<2).map { histories.contacts.days[$0].description } == ["2024-01-02", "2024-01-05"])
    #expect((0..<2).map { histories.contacts.outcomes[$0] } == [1, 0])
    #expect((0..<2).map { histories.packages.visits[$0] } == [4, -1])
    #expect(histories.advisers.activeTo[0].description == "2023-01-01")
    #expect(histories.report.tables.first { $0.table == "advisers" }?.used == 2)
  }
}
