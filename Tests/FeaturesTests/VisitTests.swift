import Features
import Histories
import Testing

@Suite("Visits")
struct VisitTests {
  @Test("orders of one store opened at most a day apart are one visit, a chain of them too")
  func splitOrders() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01", paid: "300")
    data.add("R2", "2022-04-01", "repair", paid: "200")
    data.add("R3", "2022-04-02", "accessory", paid: "50")
    data.add("R4", "2022-04-03", "accessory", paid: "25")
    data.add("R5", "2022-04-05", "repair", paid: "10")
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.nQ365) == 2)
    #expect(row(.cp365) == 585)
    #expect(row(.gapMedian) == 4)
    #expect(row(.rework365) == 1, "a repair two days after the visit's last order")
  }

  @Test("two stores on one day are two visits, however their orders lie in the file", arguments: 0..<6)
  func twoStores(turn: Int) throws {
    var data = SmallData()
    let ids = [
      ["A", "B", "C"], ["A", "C", "B"], ["B", "A", "C"], ["B", "C", "A"], ["C", "A", "B"], ["C", "B", "A"],
    ]
    data.add("R\(ids[turn][0])", "2022-04-01", paid: "300", dealer: "D1")
    data.add("R\(ids[turn][1])", "2022-04-01", paid: "200", dealer: "D2")
    data.add("R\(ids[turn][2])", "2022-04-01", paid: "100", dealer: "D1")
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.nQ365) == 2)
    #expect(row(.otherStoreShare) == 0.5)
    #expect(row(.cpAvg730) == 300)
  }

  @Test("an order opened after the date adds nothing to the visit begun before it")
  func straddling() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01", "warranty", paid: "0")
    data.add("R2", "2022-04-02", "maintenance", paid: "400")
    let before = try data.features(asOf: "2022-04-01")
    #expect(before(.nQ365) == 0 && before(.cp365) == 0 && before(.neverServiced) == 1)
    let after = try data.features(asOf: "2022-04-02")
    #expect(after(.nQ365) == 1 && after(.cp365) == 400 && after(.recQDays) == 1)
  }

  @Test("an order counts from the day on which it is closed and known")
  func closedAndKnown() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01", closed: "2022-04-05")
    data.add("R2", "2022-07-01", recorded: "2022-07-20 08:00:00")
    #expect(try data.features(asOf: "2022-04-04")(.nQ365) == 0)
    #expect(try data.features(asOf: "2022-04-05")(.nQ365) == 1)
    #expect(try data.features(asOf: "2022-07-19")(.nQ365) == 1)
    #expect(try data.features(asOf: "2022-07-20")(.nQ365) == 2)
  }

  @Test("a car in the workshop is not in the population until it has left")
  func inShop() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01", closed: "2022-04-05")
    #expect(try data.population(asOf: "2022-04-04").count == 0)
    #expect(try data.population(asOf: "2022-04-05").count == 1)
    data.add("R2", "2022-08-01", status: "open")
    #expect(try data.population(asOf: "2022-07-31").count == 1)
    #expect(try data.population(asOf: "2022-08-01").count == 0)
  }

  @Test(
    "void, presale, internal and counter-sale orders are no visits; an unpaid repair does not reset the clock"
  )
  func whatIsNoVisit() throws {
    var data = SmallData()
    data.add("R1", "2022-04-01")
    data.add("R2", "2022-05-01", status: "void")
    data.add("R3", "2022-05-02", "presale")
    data.add("R4", "2022-05-03", "internal|counter_sale")
    let row = try data.features(asOf: "2022-06-01")
    #expect(row(.recAnyDays) == 61)
    data.add("R5", "2022-05-10", "repair", paid: "0")
    data.add("R6", "2022-05-20", "warranty|recall", paid: "0")
    let unpaid = try data.features(asOf: "2022-06-01")
    #expect(unpaid(.recQDays) == 61 && unpaid(.recPaidDays) == 61 && unpaid(.recAnyDays) == 12)
    #expect(unpaid(.lastClass) == 1, "recall leads before warranty")
    data.add("R7", "2022-05-25", "repair", paid: "")
    #expect(try data.features(asOf: "2022-06-01")(.recQDays) == 7, "without amounts a repair counts as paid")
  }

  @Test("windows hold the last n days, the as-of date with them")
  func windows() throws {
    var data = SmallData()
    data.add("R1", "2022-06-01")
    #expect(try data.features(asOf: "2023-05-31")(.nQ365) == 1)
    #expect(try data.features(asOf: "2023-06-01")(.nQ365) == 0)
    #expect(try data.features(asOf: "2024-05-30")(.nQ730) == 1)
    #expect(try data.features(asOf: "2024-05-31")(.nQ730) == 0)
    #expect(try data.features(asOf: "2022-06-01")(.nQ365) == 1)
  }
}
