import Features
import Histories
import Testing

@Suite("Labels of the first and second service and of the end of the warranty")
struct ServiceLabelTests {
  private static func data(
    _ orders: [(day: String, classes: String)], paid: String = "500", owned: String = ",",
    warranty: String = ""
  ) -> SmallData {
    var data = SmallData()
    data.owners = ["\(SmallData.vin),C1,2022-01-01,\(owned)"]
    data.vehicles = ["\(SmallData.vin),C1,Aster,ICE,private,2022-01-01\(warranty)"]
    for (index, order) in orders.enumerated() {
      data.add("S\(index)", order.day, order.classes, paid: paid)
    }
    return data
  }

  // MARK: First service: due after 91 days, given up 90 days later, on 2022-07-01

  private static func first(
    _ orders: [(day: String, classes: String)], asOf: String = "2022-02-01", owned: String = ",",
    dataUntil: String = "2024-01-01"
  ) throws -> LapseOutcome? {
    try LabelTests.outcome(
      data(orders, owned: owned), .firstService, asOf: asOf, dataUntil: dataUntil)
  }

  @Test("the first service, or a maintenance, is to come by its months and 90 days")
  func firstService() throws {
    #expect(try Self.first([]) == .lapsed)
    #expect(try Self.first([("2022-07-01", "first_service")]) == .stayed)
    #expect(try Self.first([("2022-07-02", "first_service")]) == .lapsed)
    #expect(try Self.first([("2022-03-01", "maintenance")]) == .stayed)
    #expect(try Self.first([("2022-03-01", "repair")]) == .lapsed)
    // The visit begun on the day is no service, what follows the next day is.
    #expect(try Self.first([("2022-02-01", "accessory"), ("2022-02-02", "first_service")]) == .stayed)
  }

  @Test("who had it, drives a used car or was given up is not in the population of the first service")
  func firstServicePopulation() throws {
    #expect(try Self.first([("2022-01-20", "first_service")]) == nil)
    #expect(try Self.first([], asOf: "2022-06-30") == .lapsed)
    #expect(try Self.first([], asOf: "2022-07-01") == nil)
    var used = Self.data([])
    used.vehicles = ["\(SmallData.vin),C1,Aster,ICE,private,2020-01-01"]
    #expect(try LabelTests.outcome(used, .firstService, asOf: "2022-02-01") == nil)
    var standing = Self.data([])
    standing.add("O", "2022-02-01", "accessory", closed: "2022-02-05")
    #expect(try LabelTests.outcome(standing, .firstService, asOf: "2022-02-01") == nil)
  }

  @Test("natural loss and censoring hold for the first service")
  func firstServiceEnds() throws {
    #expect(try Self.first([], owned: "2022-07-01,sold") == .naturalLoss)
    #expect(try Self.first([], owned: "2022-07-02,sold") == .lapsed)
    #expect(try Self.first([("2022-03-01", "maintenance")], owned: "2022-05-01,sold") == .stayed)
    #expect(try Self.first([], dataUntil: "2022-06-30") == .censored)
    #expect(try Self.first([], dataUntil: "2022-07-01") == .lapsed)
  }

  // MARK: Second service: first on 2022-04-01, due 2022-09-30, given up 91 days later, on 2022-12-30

  private static func second(
    _ orders: [(day: String, classes: String)], asOf: String = "2022-06-01", owned: String = ",",
    dataUntil: String = "2024-01-01"
  ) throws -> LapseOutcome? {
    try LabelTests.outcome(
      data([("2022-04-01", "first_service")] + orders, owned: owned), .secondService, asOf: asOf,
      dataUntil: dataUntil)
  }

  @Test("a maintenance is to follow the first service by its due date and half the interval")
  func secondService() throws {
    #expect(try Self.second([]) == .lapsed)
    #expect(try Self.second([("2022-12-30", "maintenance")]) == .stayed)
    #expect(try Self.second([("2022-12-31", "maintenance")]) == .lapsed)
    #expect(try Self.second([("2022-09-01", "repair")]) == .lapsed)
    #expect(try Self.second([("2022-09-01", "first_service")]) == .lapsed)
    // The next day's order belongs to the visit of the first service.
    #expect(try Self.second([("2022-04-02", "maintenance")], asOf: "2022-04-01") == .lapsed)
  }

  @Test("only who had just the first service is in the population of the second")
  func secondServicePopulation() throws {
    #expect(try Self.second([], asOf: "2022-03-31") == nil, "none yet")
    #expect(try Self.second([("2022-05-01", "maintenance")]) == nil, "the second is done")
    #expect(try Self.second([], asOf: "2022-12-29") == .lapsed)
    #expect(try Self.second([], asOf: "2022-12-30") == nil, "given up")
    var used = Self.data([("2022-04-01", "maintenance")])
    used.vehicles = ["\(SmallData.vin),C1,Aster,ICE,private,2020-01-01"]
    #expect(try LabelTests.outcome(used, .secondService) == nil)
  }

  @Test("natural loss and censoring hold for the second service")
  func secondServiceEnds() throws {
    #expect(try Self.second([], owned: "2022-12-30,scrapped") == .naturalLoss)
    #expect(try Self.second([], owned: "2022-12-31,scrapped") == .lapsed)
    #expect(try Self.second([], dataUntil: "2022-12-29") == .censored)
  }

  // MARK: Warranty to 2022-09-01

  private static func after(
    _ orders: [(day: String, classes: String)], asOf: String = "2022-06-01", paid: String = "500",
    owned: String = ",", warranty: String = ",2022-09-01,100000", dataUntil: String = "2024-02-01"
  ) throws -> LapseOutcome? {
    try LabelTests.outcome(
      data([("2022-04-01", "maintenance")] + orders, paid: paid, owned: owned, warranty: warranty),
      .postwarranty, asOf: asOf, dataUntil: dataUntil)
  }

  @Test("a paid visit is to come in the 365 days after the warranty's end")
  func postwarranty() throws {
    #expect(try Self.after([]) == .lapsed)
    #expect(try Self.after([("2022-08-01", "maintenance")]) == .lapsed, "within the warranty")
    #expect(try Self.after([("2022-09-01", "repair")]) == .lapsed)
    #expect(try Self.after([("2022-09-02", "repair")]) == .stayed)
    #expect(try Self.after([("2023-09-01", "accessory")]) == .stayed)
    #expect(try Self.after([("2023-09-02", "maintenance")]) == .lapsed)
    #expect(try Self.after([("2022-10-01", "maintenance")], paid: "0") == .lapsed, "nothing paid")
    // A visit that began within the warranty goes on after it.
    #expect(try Self.after([("2022-09-01", "repair"), ("2022-09-02", "repair")]) == .lapsed)
  }

  @Test("the population of the warranty's end: half a year before, or after it with nothing paid since")
  func postwarrantyPopulation() throws {
    #expect(try Self.after([], asOf: "2022-04-01") == .lapsed, "153 days ahead")
    #expect(try Self.after([], asOf: "2022-04-05", warranty: ",2022-10-02,100000") == .lapsed)
    #expect(try Self.after([], asOf: "2022-04-04", warranty: ",2022-10-02,100000") == nil, "181 days")
    #expect(try Self.after([], asOf: "2022-10-01") == .lapsed)
    #expect(try Self.after([("2022-09-10", "repair")], asOf: "2022-10-01") == nil, "came already")
    #expect(try Self.after([], asOf: "2023-04-01") == nil, "not active any more")
    #expect(try Self.after([], warranty: "") == nil, "no warranty is known")
  }

  @Test("kilometres may end the warranty before its date")
  func postwarrantyByKilometres() throws {
    // 100 km a day, 14,000 km on 2022-05-02: 30 days to 17,000 km.
    func outcome(_ day: String?) throws -> LapseOutcome? {
      var data = Self.data([], warranty: ",2025-01-01,17000")
      data.add("K1", "2022-02-01", km: "5000")
      data.add("K2", "2022-04-02", km: "11000")
      if let day { data.add("K3", day) }
      return try LabelTests.outcome(data, .postwarranty, asOf: "2022-05-02")
    }
    #expect(try outcome("2022-06-01") == .lapsed)
    #expect(try outcome("2022-06-02") == .stayed)
    #expect(try outcome("2023-06-01") == .stayed)
    #expect(try outcome("2023-06-02") == .lapsed)
  }

  @Test("natural loss and censoring hold for the warranty's end")
  func postwarrantyEnds() throws {
    #expect(try Self.after([], owned: "2023-09-01,sold") == .naturalLoss)
    #expect(try Self.after([], owned: "2023-09-02,sold") == .lapsed)
    #expect(try Self.after([], owned: "2022-08-01,sold") == .naturalLoss)
    #expect(try Self.after([], dataUntil: "2023-08-31") == .censored)
  }
}
