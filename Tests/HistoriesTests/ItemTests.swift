import Testing

@testable import Histories

@Suite("Items of repair orders")
struct ItemTests {
  private static let vin = SmallGroup.vinA

  private static func load(_ items: [String], visits: [String]? = nil) throws -> Histories {
    try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        visits ?? [
          "V1,C1,\(vin),2024-03-05,maintenance,settled", "V2,C1,\(vin),2024-06-05,repair,settled",
          "V3,C2,\(SmallGroup.vinB),2024-04-01,maintenance,settled", "V4,C1,\(vin),2024-07-01,repair,void",
          "V5,C1,\(vin),2024-08-01,counter_sale,settled",
        ], columns: "visit_id,customer_id,vin,opened_at,classes,status"),
      "visit_items.csv": (["visit_id,job_category,amount,declined"] + items).joined(separator: "\n") + "\n",
    ]).load()
  }

  /// Category, amount in minor units and whether declined, of each item of one order.
  private static func items(_ histories: Histories, _ customer: String, _ vin: String, _ order: Int)
    -> [String]
  {
    guard let run = histories.run(customer, vin), order < run.count else { return [] }
    let index = run.lowerBound + order
    let items = histories.items
    return (Int(items.starts[index])..<Int(items.starts[index + 1])).map { item in
      let word = Vocabularies.jobCategory.word(UInt8(items.codes[item].category)) ?? "?"
      let amount = items.amounts[item] == Money.none ? "" : "\(items.amounts[item])"
      return "\(word) \(amount)\(items.codes[item].isDeclined ? " declined" : "")"
    }
  }

  @Test("items stand in one run per order, in the order of the file, however the rows are mixed")
  func runs() throws {
    let histories = try Self.load([
      "V2,brake,620.5,false", "V1,oil,380,false", "V3,filter,95,", "V1,Filter,95.25,否", "V2,tyre,,true",
      "V1,tyre,1100,是",
    ])
    #expect(histories.items.count == 6)
    #expect(Self.items(histories, "C1", Self.vin, 0) == ["oil 38000", "filter 9525", "tyre 110000 declined"])
    #expect(Self.items(histories, "C1", Self.vin, 1) == ["brake 62050", "tyre  declined"])
    #expect(Self.items(histories, "C2", SmallGroup.vinB, 0) == ["filter 9500"])
    let run = try #require(histories.run("C1", Self.vin))
    #expect(histories.items.jobs[run.lowerBound] == [.oil, .filter, .hasItems, .hasDeclined])
    #expect(histories.items.jobs[run.lowerBound + 1] == [.brake, .hasItems, .hasDeclined])
    #expect(histories.report.findings.isEmpty == false, "the void order and the counter sale are told")
    #expect(
      histories.report.tables.first { $0.table == "visit_items" }.map { [$0.rows, $0.used] } == [6, 6])
  }

  @Test("without the table there are no runs, not even empty ones")
  func noTable() throws {
    let histories = try SmallGroup.files().load()
    #expect(!histories.items.isPresent && histories.items.jobs.count == 0)
    #expect(histories.report.absentTables.contains("visit_items"))
    let empty = try Self.load([])
    #expect(empty.items.isPresent && empty.items.count == 0)
    #expect(empty.items.starts.values.allSatisfy { $0 == 0 })
  }

  @Test(
    "a negative amount is missing, an unknown category is other, an item without order or category is dropped"
  )
  func badItems() throws {
    let histories = try Self.load([
      "V1,oil,-5,false", "V1,oil,99999999999,false", "V1,upholstery,10,false", "V1,,10,false",
      ",oil,10,false", "V9,oil,10,false", "V9,oil,11,false", "V4,oil,10,false", "V5,tyre,10,false",
    ])
    #expect(Self.items(histories, "C1", Self.vin, 0) == ["oil ", "oil ", "other 1000"])
    let report = histories.report
    #expect(report.count(of: "amount: negative or too large", in: "visit_items") == 2)
    #expect(report.count(of: "job_category: unknown, taken as other") == 1)
    #expect(report.count(of: "job_category is missing") == 1)
    #expect(report.count(of: "visit_id is missing", in: "visit_items") == 1)
    #expect(report.count(of: "visit_id: not among the visits") == 2)
    #expect(report.count(of: "visit_id: of an order that is not used") == 2)
    #expect(report.examples(of: "visit_id: not among the visits").map(\.row) == [6])
    #expect(report.tables.first { $0.table == "visit_items" }.map { [$0.rows, $0.used] } == [9, 3])
  }

  @Test(
    "of two orders under one number the one that was known first has the items, whatever the file's order")
  func reusedNumber() throws {
    let earlier = "V1,C2,\(SmallGroup.vinB),2023-05-05,maintenance,settled"
    let later = "V1,C1,\(Self.vin),2024-03-05,maintenance,settled"
    for visits in [[earlier, later], [later, earlier]] {
      let histories = try Self.load(["V1,oil,10,false"], visits: visits)
      #expect(Self.items(histories, "C2", SmallGroup.vinB, 0) == ["oil 1000"])
      #expect(Self.items(histories, "C1", Self.vin, 0).isEmpty)
    }
  }

  @Test("the same order twice has its items once")
  func twins() throws {
    let order = "V1,C1,\(Self.vin),2024-03-05,maintenance,settled"
    let histories = try Self.load(["V1,oil,10,false"], visits: [order, order])
    let run = try #require(histories.run("C1", Self.vin))
    let usable = run.filter { !histories.orders.flags[$0].contains(.unusable) }
    #expect(usable.count == 1)
    #expect(histories.items.jobs[usable[0]] == [.oil, .hasItems] && histories.items.count == 1)
  }

  @Test("the members of a job set are the words of the vocabulary")
  func members() {
    let named: [(JobSet, String)] = [
      (.oil, "oil"), (.filter, "filter"), (.tyre, "tyre"), (.brake, "brake"), (.battery, "battery"),
      (.wiper, "wiper"), (.other, "other"),
    ]
    for (set, word) in named { #expect(set == JobSet(category: Int(Vocabularies.jobCategory.code(word)))) }
    #expect(JobSet.everyCategory.count == Vocabularies.jobCategory.words.count)
    #expect(JobSet.wearParts.count == 5 && JobSet.wearParts.isSubset(of: .everyCategory))
    #expect(JobSet.everyCategory.isDisjoint(with: [.hasItems, .hasDeclined]))
  }

  @Test("an order is found by its hash, and by no other, in crowded tables too")
  func finder() {
    var random = TestRandom(state: 5)
    let identities = Buffer<UInt64>()
    // Few distinct low bits: long probes.
    for _ in 0..<3000 { identities.append(random.next() & ~0xFFF | UInt64.random(in: 0..<4, using: &random)) }
    let finder = OrderFinder(identities: identities, isIncluded: { $0 % 3 != 0 })
    let found = Buffer<Int32>(repeating: -2, count: 3000)
    for start in stride(from: 0, to: 3000, by: OrderFinder.blockSize) {
      finder.find(
        identities.base + start, count: min(OrderFinder.blockSize, 3000 - start), into: found.base + start)
    }
    #expect((0..<3000).allSatisfy { found[$0] == ($0 % 3 == 0 ? -1 : Int32($0)) })
  }
}
