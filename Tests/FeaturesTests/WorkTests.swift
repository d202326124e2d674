import Features
import Histories
import Testing

@Suite("Work, insurance and potential")
struct WorkTests {
  /// The features of the first relation of some more tables.
  private static func features(
    _ data: SmallData, _ more: [String: String], asOf: String
  ) throws -> (Feature) -> Double {
    let histories = try data.load(more)
    let values = AsOfView(histories: histories, asOf: Day(asOf)!).features(of: [0])
    return { values[0, $0.rawValue] }
  }

  private static func items(_ rows: [String]) -> [String: String] {
    ["visit_items": (["visit_id,job_category,amount,declined"] + rows).joined(separator: "\n") + "\n"]
  }

  private static let ofItems: [Feature] = [
    .jobBreadth730, .tyreBrakeBattHere, .declinedN365, .declinedValueOpen,
  ]

  @Test("without their tables the features are missing, with empty tables they are zero")
  func missingTables() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01", "accident", paid: "0")
    let insurance: [Feature] = [.insDays, .insHere, .insLost, .insPotential]
    let without = try data.features(asOf: "2023-06-01")
    for feature in Self.ofItems + insurance + [
      .recallOpen, .referralN, .tradePotential, .ticketVsPeer, .priceBand,
    ] {
      #expect(without(feature).isNaN, "\(feature.name)")
    }
    let empty = try Self.features(
      data,
      [
        "visit_items": "visit_id,job_category\n", "recalls": "vin,campaign,opened_on\n",
        "insurance": "vin,starts_on,ends_on,sold_here\n", "purchases": "customer_id,vin,date,referred_by\n",
      ], asOf: "2025-06-01")
    for feature in Self.ofItems + [.insHere, .insLost, .recallOpen, .referralN] {
      #expect(empty(feature) == 0, "\(feature.name)")
    }
    #expect(empty(.insDays).isNaN && empty(.insPotential).isNaN)
  }

  @Test("orders without any item tell nothing of items; one order with items speaks for the window")
  func unknownItems() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01")
    data.add("R2", "2022-08-01")
    for feature in Self.ofItems {
      #expect(try Self.features(data, Self.items([]), asOf: "2022-09-01")(feature).isNaN)
    }
    let row = try Self.features(
      data, Self.items(["R1,oil,380,false", "R1,filter,95,"]), asOf: "2022-09-01")
    #expect(row(.jobBreadth730) == 2 && row(.tyreBrakeBattHere) == 1 && row(.declinedN365) == 0)
  }

  @Test(
    "declined work is open until its category is done on a later day; the latest day's recommendation counts")
  func openDeclines() throws {
    var data = SmallData()
    for (id, day) in [("R1", "2022-02-01"), ("R2", "2022-05-01"), ("R3", "2022-08-01"), ("R4", "2022-11-01")]
    {
      data.add(id, day)
    }
    let items = Self.items([
      "R1,tyre,1000,true", "R1,battery,500,true", "R1,brake,300,true", "R1,brake,50,false",
      "R2,tyre,1200,true", "R2,tyre,30,true", "R3,battery,480,false", "R4,oil,380,false",
    ])
    #expect(try Self.features(data, items, asOf: "2022-02-01")(.declinedValueOpen) == 1800)
    #expect(try Self.features(data, items, asOf: "2022-05-01")(.declinedValueOpen) == 1230 + 500 + 300)
    let later = try Self.features(data, items, asOf: "2022-12-01")
    #expect(later(.declinedValueOpen) == 1230 + 300)
    #expect(later(.declinedN365) == 5)
    #expect(try Self.features(data, items, asOf: "2023-04-30")(.declinedN365) == 2)
    #expect(try Self.features(data, items, asOf: "2024-02-01")(.declinedValueOpen) == 1230, "R1 is too old")
  }

  @Test("a repair soon after work of the same category is a comeback, unless the car has been driven far")
  func comebacks() throws {
    var data = SmallData()
    data.add("R1", "2022-05-01", km: "20000")
    data.add("R2", "2022-05-20", "repair", km: "20900")
    data.add("R3", "2022-07-01", "repair", km: "24000")
    func count(_ items: [String]) throws -> Double {
      try Self.features(data, Self.items(items), asOf: "2022-08-01")(.rework365)
    }
    #expect(try count(["R1,brake,1,false", "R2,brake,1,false"]) == 1)
    #expect(try count(["R1,brake,1,true", "R2,brake,1,false"]) == 0, "it was declined before")
    #expect(try count(["R1,other,1,false", "R2,other,1,false"]) == 0)
    #expect(try count(["R1,oil,1,false"]) == 0, "a repair after maintenance, of which no work is told")
    data.visits[1] = data.visits[1].replacing("20900", with: "21001")
    #expect(try count(["R1,brake,1,false", "R2,brake,1,false"]) == 0)
    data.visits[1] = data.visits[1].replacing("21001", with: "")
    #expect(try count(["R1,brake,1,false", "R2,brake,1,false"]) == 1)
  }

  @Test("the inspection follows the rule of use and age, to the end of the month")
  func inspection() throws {
    func next(_ use: String, _ delivered: String, _ asOf: String) throws -> String {
      var data = SmallData()
      data.vehicles = ["\(SmallData.vin),C1,Aster,ICE,\(use),\(delivered)"]
      data.owners = ["\(SmallData.vin),C1,\(delivered),,"]
      data.add("R1", delivered)
      data.add("R2", "2034-01-01")
      let row = try data.features(asOf: asOf)
      return (Day(asOf)! + Int(row(.inspDays))).description
    }
    #expect(try next("private", "2020-02-29", "2020-03-01") == "2026-02-28")
    #expect(try next("private", "2020-02-29", "2026-02-28") == "2026-02-28")
    #expect(try next("private", "2020-02-29", "2026-03-01") == "2030-02-28")
    #expect(try next("", "2020-12-15", "2031-01-01") == "2031-12-31")
    #expect(try next("private", "2020-12-15", "2032-01-01") == "2032-12-31")
    #expect(try next("taxi", "2020-12-15", "2020-12-20") == "2021-12-31")
    #expect(try next("ride_hailing", "2020-12-15", "2025-12-31") == "2025-12-31")
    #expect(try next("commercial", "2020-12-15", "2026-01-01") == "2026-06-30")
    #expect(try next("commercial", "2020-12-15", "2026-07-01") == "2026-12-31")
  }

  @Test("insurance is judged by the policies begun by the date")
  func insurance() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01")
    let policies = [
      "insurance":
        "vin,starts_on,ends_on,sold_here,premium,commission\n"
        + "\(SmallData.vin),2022-01-01,2022-12-31,true,3000,300\n"
        + "\(SmallData.vin),2023-01-01,2023-12-31,false,2000,\n"
    ]
    let first = try Self.features(data, policies, asOf: "2022-12-31")
    #expect(first(.insDays) == 0 && first(.insHere) == 1 && first(.insLost) == 0)
    #expect(first(.insPotential) == 300, "3000 × 300 / 3000")
    let second = try Self.features(data, policies, asOf: "2023-01-01")
    #expect(second(.insDays) == 364 && second(.insHere) == 0 && second(.insLost) == 1)
    #expect(second(.insPotential) == 0)
    let late = try Self.features(data, policies, asOf: "2023-12-31")
    #expect(late(.insLost) == 1 && late(.insPotential) == 0, "nothing was earned in the last year")
    #expect(try Self.features(data, policies, asOf: "2024-01-01")(.insLost) == 0, "too long ago")
    #expect(try Self.features(data, policies, asOf: "2024-01-10")(.insDays) == -10)
  }

  @Test("who sold the car is not in the population until it is bought back, and a natural loss before")
  func boughtBack() throws {
    var data = SmallData()
    data.owners = [
      "\(SmallData.vin),C1,2022-01-01,2022-07-01,sold", "\(SmallData.vin),C1,2023-01-01,,",
    ]
    for month in 1...9 { data.add("R\(month)", "2022-0\(month)-05", month <= 5 ? "maintenance" : "accident") }
    data.add("S1", "2023-01-20")
    data.add("S2", "2023-06-01", "accident")
    #expect(try data.population(asOf: "2022-06-30").count == 1)
    #expect(try data.outcome(asOf: "2022-06-05", .fixed(days: 90)) == .naturalLoss)
    for day in ["2022-07-01", "2022-12-31"] { #expect(try data.population(asOf: day).count == 0) }
    #expect(try data.population(asOf: "2023-01-01").count == 1)
    #expect(try data.features(asOf: "2023-02-01")(.nVehicles) == 1)
  }

  @Test("a thousand orders on one day are one visit")
  func crowd() throws {
    var data = SmallData()
    for index in 0..<1000 { data.add("R\(index)", "2022-04-01", paid: "2") }
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.nQ365) == 1 && row(.cp365) == 2000 && row(.rework365) == 0)
  }
}
