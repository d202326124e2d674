import Features
import Histories
import Testing

@Suite("Labels")
struct LabelTests {
  /// The last maintenance before 2022-06-01 was two months earlier; the data go on to 2024 with another customer's car.
  private static func data(later: [(String, String)] = [], owned: String = ",") -> SmallData {
    var data = SmallData()
    data.owners = ["\(SmallData.vin),C1,2022-01-01,\(owned)"]
    data.add("R1", "2022-04-01")
    for (index, order) in later.enumerated() { data.add("L\(index)", order.0, order.1) }
    return data
  }

  /// Lets the data reach further by orders that are not qualified.
  static func outcome(
    _ data: SmallData, _ label: LapseLabel, asOf: String = "2022-06-01", dataUntil: String = "2024-01-01"
  ) throws -> LapseOutcome? {
    var data = data
    var day = Day("2022-05-02")!
    let end = Day(dataUntil)!
    while day < end {
      data.add("W\(day.number)", day.description, "accident", paid: "0")
      day = day + 20
    }
    data.add("WE", dataUntil, "accident", paid: "0")
    return try data.outcome(asOf: asOf, label)
  }

  @Test("names of labels are read back, and out of range none is made")
  func names() throws {
    for text in [
      "due", "fixed:30", "fixed:365", "fixed:1095", "first_service", "second_service", "postwarranty",
    ] {
      #expect(LapseLabel(text)?.description == text)
    }
    for text in [
      "", "Due", "fixed", "fixed:", "fixed:29", "fixed:1096", "fixed:9x", "365", "target:", "target:x",
    ] {
      #expect(LapseLabel(text) == nil)
    }
    let histories = try Self.data().load()
    #expect(LapseLabel.due.longestHorizon(in: histories) == 540)
    #expect(LapseLabel.fixed(days: 90).longestHorizon(in: histories) == 90)
    // 3 months and 90 days; 6 months and half of them; half a year ahead and a year.
    #expect(LapseLabel.firstService.longestHorizon(in: histories) == 91 + 90)
    #expect(LapseLabel.secondService.longestHorizon(in: histories) == 182 + 91)
    #expect(LapseLabel.postwarranty.longestHorizon(in: histories) == 180 + 365)
  }

  @Test("a fixed window ends on its last day")
  func fixed() throws {
    let label = LapseLabel.fixed(days: 180)  // to 2022-11-28
    #expect(try Self.outcome(Self.data(), label) == .lapsed)
    #expect(try Self.outcome(Self.data(later: [("2022-11-28", "maintenance")]), label) == .stayed)
    #expect(try Self.outcome(Self.data(later: [("2022-11-29", "maintenance")]), label) == .lapsed)
    #expect(try Self.outcome(Self.data(later: [("2022-08-01", "warranty")]), label) == .lapsed)
  }

  @Test("the due window is the days to due and half the interval, from 180 days on")
  func due() throws {
    // Due on 2022-09-30, 121 days on; half of 182.6 days is 91: the window ends after 212 days, on 2022-12-30.
    #expect(try Self.outcome(Self.data(later: [("2022-12-30", "maintenance")]), .due) == .stayed)
    #expect(try Self.outcome(Self.data(later: [("2022-12-31", "maintenance")]), .due) == .lapsed)
    // On 2022-09-01 only 29 days are left to due: 180 days, to 2023-02-28.
    let late = Self.data(later: [("2023-02-28", "maintenance")])
    #expect(try Self.outcome(late, .due, asOf: "2022-09-01") == .stayed)
    let later = Self.data(later: [("2023-03-01", "maintenance")])
    #expect(try Self.outcome(later, .due, asOf: "2022-09-01") == .lapsed)
  }

  @Test("a window that ends after the data is censored, even when the customer came")
  func censored() throws {
    let label = LapseLabel.fixed(days: 180)
    let data = Self.data(later: [("2022-08-01", "maintenance")])
    #expect(try Self.outcome(data, label, dataUntil: "2022-11-28") == .stayed)
    #expect(try Self.outcome(data, label, dataUntil: "2022-11-27") == .censored)
    #expect(try Self.outcome(Self.data(), .due, dataUntil: "2022-12-29") == .censored)
    #expect(try Self.outcome(Self.data(), .due, dataUntil: "2022-12-30") == .lapsed)
  }

  @Test("an ownership that ends within the window is a natural loss, unless the customer came first")
  func naturalLoss() throws {
    let label = LapseLabel.fixed(days: 180)
    #expect(try Self.outcome(Self.data(owned: "2022-11-28,sold"), label) == .naturalLoss)
    #expect(try Self.outcome(Self.data(owned: "2022-11-29,sold"), label) == .lapsed)
    let came = Self.data(later: [("2022-08-01", "maintenance")], owned: "2022-10-01,scrapped")
    #expect(try Self.outcome(came, label) == .stayed)
    #expect(try Self.outcome(Self.data(owned: "2022-06-01,sold"), label) == nil, "gone by the date")
  }

  @Test(
    "further orders of a visit begun by the date are no return; another store, or a first service work, is")
  func begunVisit() throws {
    let label = LapseLabel.fixed(days: 180)
    let begun = Self.data(later: [("2022-06-02", "repair"), ("2022-06-03", "maintenance")])
    var data = begun
    data.add("R2", "2022-06-01")
    #expect(try Self.outcome(data, label) == .lapsed)
    var elsewhere = data
    elsewhere.add("R3", "2022-06-02", dealer: "D2")
    #expect(try Self.outcome(elsewhere, label) == .stayed)
    var unqualified = begun
    unqualified.add("R2", "2022-06-01", "accessory")
    #expect(try Self.outcome(unqualified, label) == .stayed)
  }
}
