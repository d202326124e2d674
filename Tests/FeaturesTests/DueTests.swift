import Features
import Histories
import Testing

@Suite("Due dates, usage and the population")
struct DueTests {
  private static func dueOn(_ data: SmallData, asOf: String) throws -> Day {
    AsOfView(histories: try data.load(), asOf: Day(asOf)!).facts(of: 0).dueOn
  }

  @Test("a new car is due by the first service's months, and late 30 days later")
  func firstService() throws {
    var data = SmallData()
    data.add("R0", "2022-01-20", "accessory")
    // 3 months of 30.44 days: 91 days.
    #expect(try Self.dueOn(data, asOf: "2022-02-01") == SmallData.start + 91)
    #expect(try data.features(asOf: "2022-05-02")(.firstServiceLate) == 0)
    #expect(try data.features(asOf: "2022-05-03")(.firstServiceLate) == 1)
    data.add("R1", "2022-05-01", "first_service", paid: "0")
    let row = try data.features(asOf: "2022-05-03")
    #expect(row(.firstServiceLate) == 0 && row(.neverServiced) == 0)
    // Then 6 months: 182 days.
    #expect(try Self.dueOn(data, asOf: "2022-05-03") == Day("2022-05-01")! + 182)
  }

  @Test("a car that was used when the relation began owes no first service")
  func usedCar() throws {
    var data = SmallData()
    data.vehicles = ["\(SmallData.vin),C1,Aster,ICE,private,2019-06-01"]
    data.add("R0", "2022-01-20", "accessory", km: "41000")
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.firstServiceLate) == 0)
    #expect(row(.kmOver).isNaN)
    #expect(try Self.dueOn(data, asOf: "2022-06-01") == SmallData.start + 182)
  }

  @Test("a later owner follows the regular schedule from the day of taking over")
  func laterOwner() throws {
    var data = SmallData()
    data.customers.append("C2,D1")
    data.owners = ["\(SmallData.vin),C2,2020-01-01,2021-12-20,sold", "\(SmallData.vin),C1,2022-01-01,,"]
    data.add("R0", "2022-02-01", "accessory")
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.ownerSeq) == 2 && row(.ownChangeDays) == 151 && row(.firstServiceLate) == 0)
    #expect(try Self.dueOn(data, asOf: "2022-06-01") == SmallData.start + 182)
  }

  @Test("who drives much is due by kilometres before the months are over")
  func byKilometres() throws {
    var data = SmallData()
    data.add("R1", "2022-02-01", km: "5000")
    data.add("R2", "2022-04-02", km: "11000")  // 60 days, 100 km a day
    let row = try data.features(asOf: "2022-05-02")
    #expect(row(.kmDay) == 100)
    #expect(row(.odoHat) == 14_000)
    #expect(row(.kmOver) == 14_000 - 18_500)
    #expect(try Self.dueOn(data, asOf: "2022-05-02") == Day("2022-04-02")! + 75)
    #expect(row(.daysOverDue) == -45)
    #expect(row(.daysOverTime) == 30 - 182)
    #expect(row(.overdueRatio) == 30.0 / 75)
    #expect(try data.features(asOf: "2022-12-01")(.missedCycles) == 2)
  }

  @Test("one reading, or two within 30 days, make no rate")
  func noRate() throws {
    var data = SmallData()
    data.add("R1", "2022-02-01", km: "5000")
    data.add("R2", "2022-03-02", km: "8000")
    let row = try data.features(asOf: "2022-05-02")
    #expect(row(.kmDay).isNaN)
    #expect(row(.odoHat) == 8000)
  }

  @Test("readings before and after a replaced odometer are not compared", arguments: ["", "20"])
  func replacedOdometer(reading: String) throws {
    var data = SmallData()
    data.add("R1", "2022-02-01", km: "50000")
    data.add("R2", "2022-04-02", km: "53000")
    data.add("R3", "2022-04-20", "repair", km: reading, replaced: true)
    data.add("R4", "2022-05-01", "repair", km: "600")
    data.add("R5", "2022-06-30", "repair", km: "3600")
    let row = try data.features(asOf: "2022-07-01")
    #expect(abs(row(.kmDay) - 50) < 0.6)
    #expect(abs(row(.odoHat) - 3650) < 1)
  }

  @Test("an odometer that falls or leaps is not believed")
  func odometerErrors() throws {
    var data = SmallData()
    data.add("R1", "2022-02-01", km: "5000")
    data.add("R2", "2022-04-02", km: "500")
    data.add("R3", "2022-04-20", km: "990000")
    data.add("R4", "2022-06-01", km: "11000")
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.kmDay) == 50 && row(.odoHat) == 11_000)
  }

  @Test("active is who came within a year, and the newcomer who is not long overdue")
  func population() throws {
    var data = SmallData()
    data.add("R0", "2022-01-20", "accessory")
    #expect(try data.population(asOf: "2021-12-31").count == 0, "not yet begun")
    #expect(try data.population(asOf: "2022-01-25").count == 1)
    // Due after 91 days, 180 more; within 274 days of the start.
    #expect(try data.population(asOf: "2022-09-28").count == 1)
    #expect(try data.population(asOf: "2022-09-29").count == 0)
    // Between them, lest the data be taken to end with the first.
    data.add("R2", "2022-06-10", "accident", paid: "0")
    data.add("R1", "2022-10-10")
    data.add("R3", "2023-03-10", "accident", paid: "0")
    #expect(try data.population(asOf: "2022-10-10").count == 1)
    #expect(try data.population(asOf: "2023-10-09").count == 1)
    #expect(try data.population(asOf: "2023-10-10").count == 0)
    data.owners = ["\(SmallData.vin),C1,2022-01-01,2022-12-01,sold"]
    #expect(try data.population(asOf: "2022-11-30").count == 1)
    #expect(try data.population(asOf: "2022-12-01").count == 0, "sold")
  }

  @Test("a relation of which nothing was known at the date is not there")
  func unknownRelation() throws {
    var data = SmallData()
    data.owners = []
    data.vehicles = []
    data.add("R1", "2022-04-01", recorded: "2022-04-20 10:00:00")
    #expect(try data.population(asOf: "2022-04-10").count == 0)
    #expect(try data.population(asOf: "2022-04-20").count == 1)
  }

  @Test("who sold the car and bought it back is no owner in between, and was one before whatever came later")
  func boughtBack() throws {
    var data = SmallData()
    data.owners = [
      "\(SmallData.vin),C1,2022-01-01,2022-06-01,sold", "\(SmallData.vin),C1,2022-09-01,2023-03-01,sold",
      "\(SmallData.vin),C1,2023-02-01,,",
    ]
    for month in 2...9 { data.add("R\(month)", "2022-0\(month)-01") }
    data.add("R10", "2023-05-01")
    func isIn(_ day: String) throws -> Bool { try data.population(asOf: day).count == 1 }
    #expect(try isIn("2022-05-31"))
    #expect(try !isIn("2022-06-01"))
    #expect(try !isIn("2022-08-31"))
    #expect(try isIn("2022-09-01"))
    #expect(try isIn("2023-03-02"), "the next ownership had begun by then")
    let label = LapseLabel.fixed(days: 60)
    data.visits.removeAll { $0.hasPrefix("R6") || $0.hasPrefix("R7") }
    #expect(try data.outcome(asOf: "2022-05-20", label) == .naturalLoss)
  }

  @Test("packages count from the day bought to the day they end")
  func packages() throws {
    var data = SmallData()
    data.packages = ["\(SmallData.vin),2022-03-01,4,2023-03-01"]
    data.add("R1", "2022-04-01")
    let before = try data.features(asOf: "2022-02-28")
    #expect(before(.pkgVisitsLeft) == 0 && before(.pkgDaysLeft) == 0)
    let after = try data.features(asOf: "2022-04-01")
    #expect(after(.pkgVisitsLeft) == 4 && after(.pkgDaysLeft) == 334)
    #expect(try data.features(asOf: "2023-03-01")(.pkgDaysLeft) == 0)
  }
}
