import Features
import Foundation
import Histories
import Testing

@Suite("Declared targets")
struct TargetTests {
  private static let other = "1HGCR2F81GA042534"

  /// The customer C1 with a car from 2022-01-01 and maintenance on 2022-04-01; the data reach to 2024.
  private static func data(
    _ target: String, files: [String: String] = [:], owned: String = ","
  ) -> SmallData {
    var data = SmallData()
    data.owners = ["\(SmallData.vin),C1,2022-01-01,\(owned)"]
    data.add("R1", "2022-04-01")
    var day = Day("2022-05-02")!
    while day < Day("2024-01-01")! {
      data.add("W\(day.number)", day.description, "accident", paid: "0")
      day = day + 20
    }
    data.add("WE", "2024-01-01", "accident", paid: "0")
    data.files = files
    data.files["revisit.yaml"] = "targets:\n  x:\n" + target
    data.targets = ["x"]
    return data
  }

  private static func outcome(_ data: SmallData, asOf: String = "2022-06-01") throws -> LapseOutcome? {
    let histories = try data.load()
    let label = LapseLabel.target(try Target("x", in: histories))
    #expect(label.description == "target:x" && label.isTarget)
    let population = AsOfView(histories: histories, asOf: Day(asOf)!).population(label: label)
    return population.relations.firstIndex(of: 0).map { population.outcomes[$0] }
  }

  private static let purchases = "customer_id,vin,date,condition\n"
  private static let tradeIn = """
        event: {table: purchases, where: "condition in (new, certified_used)", match: other_vehicle}
        window: 365
    """

  @Test("trade-in: another vehicle bought in the window, new or certified")
  func tradeIn() throws {
    func outcome(_ row: String, owned: String = ",", asOf: String = "2022-06-01") throws -> LapseOutcome? {
      try Self.outcome(
        Self.data(Self.tradeIn, files: ["purchases.csv": Self.purchases + row], owned: owned), asOf: asOf)
    }
    #expect(try outcome("C1,\(Self.other),2023-06-01,new\n") == .lapsed)
    #expect(try outcome("C1,\(Self.other),2022-06-02,CERTIFIED_USED\n") == .lapsed)
    #expect(try outcome("C1,\(Self.other),2023-06-02,new\n") == .stayed, "a day after the window")
    #expect(try outcome("C1,\(Self.other),2022-06-01,new\n") == .stayed, "known by the date")
    #expect(try outcome("C1,\(Self.other),2023-01-01,used\n") == .stayed)
    #expect(try outcome("C1,\(Self.other),2023-01-01,\n") == .stayed, "missing is no match")
    #expect(try outcome("C1,\(SmallData.vin),2023-01-01,new\n") == .stayed, "the same vehicle")
    #expect(try outcome("C1,,2023-01-01,new\n") == .stayed, "no vehicle")
    #expect(try outcome("C2,\(Self.other),2023-01-01,new\n") == .stayed, "somebody else")
    #expect(try outcome(" Ｃ１ ,\(Self.other),2023-01-01,new\n") == .lapsed, "keys are folded")
    #expect(try outcome("", owned: "2022-12-01,sold") == .naturalLoss)
    #expect(try outcome("C1,\(Self.other),2023-01-01,new\n", owned: "2022-12-01,sold") == .lapsed)
    #expect(try outcome("C1,\(Self.other),2023-06-01,new\n", asOf: "2023-02-01") == .censored)
    #expect(try outcome("", owned: "2022-05-01,sold") == nil, "gone by the date")
    #expect(try outcome("", asOf: "2023-05-01") == nil, "without a population: the active ones")
  }

  @Test("insurance renewal: by the vehicle, with a yes-or-no column")
  func insurance() throws {
    func outcome(_ row: String) throws -> LapseOutcome? {
      let yaml = """
            population: active = 1 and started_on >= 2022-01-01
            event: {table: insurance, where: sold_here = true and premium >= 100}
            window: 300
        """
      let header = "vin,starts_on,ends_on,sold_here,premium\n"
      return try Self.outcome(Self.data(yaml, files: ["insurance.csv": header + row]))
    }
    #expect(try outcome("\(SmallData.vin.lowercased()),2022-12-01,2023-12-01,是,\"1,200\"\n") == .lapsed)
    #expect(try outcome("\(SmallData.vin),2022-12-01,2023-12-01,false,1200\n") == .stayed)
    #expect(try outcome("\(SmallData.vin),2022-12-01,2023-12-01,,1200\n") == .stayed)
    #expect(try outcome("\(SmallData.vin),2022-12-01,2023-12-01,true,99\n") == .stayed)
    #expect(try outcome("\(Self.other),2022-12-01,2023-12-01,true,1200\n") == .stayed)
    #expect(try outcome("\(SmallData.vin),2022-05-01,2023-12-01,true,1200\n") == .stayed)
  }

  @Test("an answered invitation: a time column, words, and the relation's own vehicle")
  func invitation() throws {
    func outcome(_ match: String, _ row: String) throws -> LapseOutcome? {
      let yaml = """
            event:
              table: contacts
              where: outcome in (reached, promised, booked) and not channel = post
              match: \(match)
            window: 30
        """
      return try Self.outcome(
        Self.data(yaml, files: ["contacts.csv": "customer_id,vin,at,channel,outcome\n" + row]))
    }
    #expect(try outcome("customer", "C1,,2022-07-01 23:59:59,phone,booked\n") == .lapsed)
    #expect(try outcome("customer", "C1,,2022-07-02 00:00:00,phone,booked\n") == .stayed)
    #expect(try outcome("customer", "C1,,2022-06-10 10:00:00,post,booked\n") == .stayed)
    #expect(try outcome("customer", "C1,,2022-06-10 10:00:00,phone,refused\n") == .stayed)
    #expect(try outcome("relation", "C1,,2022-06-10 10:00:00,phone,booked\n") == .stayed)
    #expect(try outcome("relation", "C1,\(SmallData.vin),2022-06-10 10:00:00,phone,booked\n") == .lapsed)
  }

  @Test("classes hold several words, of which one must be listed; other date columns may be taken")
  func setsAndDates() throws {
    func outcome(_ filter: String) throws -> LapseOutcome? {
      var data = Self.data(
        "    event: {table: visits, where: \"\(filter)\", date: closed_at, match: relation}\n    window: 60\n"
      )
      data.add("T", "2022-06-10", "repair|accessory", closed: "2022-07-30")
      return try Self.outcome(data)
    }
    #expect(try outcome("classes = accessory") == .lapsed)
    #expect(try outcome("classes in (recall, repair) and status = settled") == .lapsed)
    #expect(try outcome("classes != repair and classes != accident") == .stayed)
    #expect(try outcome("classes = recall") == .stayed)
  }

  @Test("the population reads features, levels, stores, models, days and missing values as of the date")
  func population() throws {
    func isIn(_ filter: String) throws -> Bool {
      let yaml = "    population: \"\(filter)\"\n    event: {table: visits}\n    window: 30\n"
      return try Self.outcome(Self.data(yaml)) != nil
    }
    for filter in [
      "rec_q_days = 61", "n_q_365 >= 1 and powertrain in (ICE, HEV)", "model = aster", "dealer_id != D2",
      "delivered_on < 2022-02-01", "list_price is missing", "cp_365 > 100 or list_price > 5", "active = yes",
      "last_class != maintenance", "not (never_serviced = 1)",
    ] {
      #expect(try isIn(filter), "\(filter)")
    }
    for filter in [
      "rec_q_days = 60", "powertrain = BEV", "model in (Rose)", "dealer_id = D2", "list_price > 5",
      "not list_price > 5", "active = 0", "warranty_ends_on > 2020-01-01",
    ] {
      #expect(try !isIn(filter), "\(filter)")
    }
  }

  static let mistakes: [(String, String)] = [
    ("    window: 30\n", "needs an `event`"),
    ("    event: {table: contacts}\n", "targets.x.window must be a number of days"),
    ("    event: {table: contacts}\n    window: 0\n", "from 1 to 1095"),
    ("    event: {table: contact}\n    window: 9\n", "Did you mean `contacts`?"),
    ("    event: {table: dealers}\n    window: 9\n", "table of dated events"),
    (
      "    event: {table: contacts, when: at}\n    window: 9\n", "targets.x.event has an unknown entry `when`"
    ),
    ("    event: {table: contacts, date: outcome}\n    window: 9\n", "Use one of at, promised_on"),
    ("    event: {table: insurance, match: customer}\n    window: 9\n", "Use one of vehicle"),
    (
      "    event: {table: contacts, where: \"outcome = reachd\"}\n    window: 9\n",
      "targets.x.event.where, character 11: outcome is never `reachd`; did you mean `reached`?"
    ),
    (
      "    event: {table: contacts, where: \"outcom = reached\"}\n    window: 9\n",
      "character 1: `contacts` has no column `outcom`; did you mean `outcome`?"
    ),
    (
      "    population: n_q_365 >= 1 andd x = 3\n    event: {table: contacts}\n    window: 9\n",
      "targets.x.population, character 14: `and`, `or` or the end is expected here, not `andd`"
    ),
    ("    populaton: a = 1\n    event: {table: contacts}\n    window: 9\n", "Did you mean `population`?"),
    (
      "    population: n_q_356 >= 1\n    event: {table: visits}\n    window: 9\n",
      "targets.x.population, character 1: there is no feature or fact `n_q_356`; did you mean `n_q_365`?"
    ),
    (
      "    population: powertrain = PHEW\n    event: {table: visits}\n    window: 9\n",
      "character 14: powertrain is never `PHEW`; did you mean `PHEV`?"
    ),
    ("    event: {table: insurance}\n    window: 9\n", "needs the table `insurance`"),
    ("    event: {table: visits, where: labour > 3}\n    window: 9\n", "needs the column `labour`"),
  ]

  @Test("a mistake is named with its place and what would be right", arguments: mistakes)
  func mistake(yaml: String, says: String) {
    let error = #expect(throws: HistoriesError.self) { try Self.outcome(Self.data(yaml)) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test("a target that is not declared is refused with those that are")
  func unknown() {
    var data = Self.data("    event: {table: visits}\n    window: 9\n")
    data.targets = ["y"]
    let error = #expect(throws: HistoriesError.self) { try data.load() }
    #expect(error?.code == .unknownTarget && error?.description.contains("Declared: x") == true)
  }
}
