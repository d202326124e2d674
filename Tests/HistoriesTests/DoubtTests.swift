import Testing

@testable import Histories

@Suite("Doubtful events have a rule, and are counted")
struct DoubtTests {
  private static let vinA = SmallGroup.vinA
  private static let vinB = SmallGroup.vinB

  @Test("an order before the car's model year was built is dropped where no delivery is known")
  func beforeBuilt() throws {
    let histories = try SmallGroup.files([
      "vehicles.csv":
        "vin,customer_id,model_year,delivered_on\n\(Self.vinA),C1,2020,\n\(Self.vinB),C2,2020,2020-06-01\nX,C2,20,\n",
      "visits.csv": SmallGroup.visits([
        "V1,C1,\(Self.vinA),2018-12-31,repair", "V2,C1,\(Self.vinA),2019-01-01,repair",
        "V3,C2,\(Self.vinB),2020-05-01,repair", "V4,C2,\(Self.vinB),2020-05-02,repair",
        "V5,C2,\(Self.vinB),2020-05-12,repair",
      ]),
    ]).load()
    #expect(histories.usableDays("C1", Self.vinA) == ["2019-01-01"])
    #expect(histories.usableDays("C2", Self.vinB) == ["2020-05-02", "2020-05-12"])
    #expect(histories.report.count(of: "dated before the vehicle's delivery", in: "visits") == 2)
    #expect(histories.report.count(of: "model_year: not between 1950 and 2100") == 1)
  }

  @Test("events long after the last order are told, those of the days of the export are not")
  func afterTheFile() throws {
    let histories = try SmallGroup.files([
      "surveys.csv":
        "customer_id,date,score\nC1,2024-03-20,4\nC1,2024-04-05,4\nC1,2024-04-06,4\nC1,2099-01-01,4\n",
      "recalls.csv": "vin,campaign,opened_on\n\(Self.vinA),R1,2030-01-01\n",
    ]).load()
    #expect(histories.dataEnd.description == "2024-03-05")
    let reason = "dated more than 31 days after the end of the data"
    #expect(histories.report.count(of: reason, in: "surveys") == 2)
    #expect(histories.report.count(of: reason, in: "recalls") == 1)
    #expect(histories.surveys.days.count == 4, "they stay: no earlier date sees them")
  }

  @Test("a reading that fell but goes on when taken for miles is told apart, and missing all the same")
  func miles() throws {
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(Self.vinA),2024-01-01,repair,50000", "V2,C1,\(Self.vinA),2024-02-01,repair,32000",
          "V3,C1,\(Self.vinA),2024-03-01,repair,53000", "V4,C1,\(Self.vinA),2024-04-01,repair,20000",
        ], columns: "visit_id,customer_id,vin,opened_at,classes,odometer_km")
    ]).load()
    let run = try #require(histories.run("C1", Self.vinA))
    #expect(run.map { histories.orders.odometers[$0] } == [50_000, -1, 53_000, -1])
    #expect(histories.report.count(of: "odometer_km: lower than before, but right if in miles") == 1)
    #expect(histories.report.count(of: "odometer_km: lower than before") == 1)
  }

  @Test("one survey twice counts once, the earliest, on whatever scale; other kinds and other surveys stay")
  func surveyTwins() throws {
    let header = "survey_id,customer_id,date,kind,score,scale_min,scale_max"
    let histories = try SmallGroup.files([
      "surveys.csv": """
      \(header)
      S1,C1,2024-01-05,csi,8,0,10
      S1,C1,2024-01-03,csi,5,1,5
      S1,C1,2024-01-05,csi,80,0,100
      S1,C1,2024-01-05,nps,9,0,10
      S2,C1,2024-01-06,csi,3,1,5
      S1,C2,2024-01-07,csi,2,1,5
      ,C2,2024-01-07,csi,4,1,5
      ,C2,2024-01-07,csi,4,1,5

      """
    ]).load()
    let surveys = histories.surveys
    #expect((0...2).map { surveys.starts[$0] } == [0, 3, 6])
    #expect((0..<6).map { surveys.scores[$0] } == [1, 0.9, 0.5, 0.25, 0.75, 0.75])
    #expect((0..<6).map { surveys.kinds[$0] } == [0, 2, 0, 0, 0, 0])
    #expect(surveys.days.count == 6)
    #expect(histories.report.count(of: "the same survey twice") == 2)
    #expect(histories.report.tables.first { $0.table == "surveys" }.map { [$0.rows, $0.used] } == [8, 6])
  }

  @Test(
    "who sold a car and bought it back is one relation with an interruption; before, the sale is all that is known"
  )
  func boughtBack() throws {
    let rows = [
      "\(Self.vinA),C1,2020-01-01,2021-01-01,sold", "\(Self.vinA),C2,2021-01-01,2022-01-01,sold",
      "\(Self.vinA),C1,2022-01-01,2023-01-01,scrapped", "\(Self.vinA),C1,2022-06-01,2022-09-01,moved_away",
    ]
    for rows in [rows, rows.reversed()] {
      let histories = try SmallGroup.files([
        "ownerships.csv": (["vin,customer_id,from,to,end_reason"] + rows).joined(separator: "\n") + "\n"
      ]).load()
      let relation = try #require(histories.relation("C1", Self.vinA))
      let relations = histories.relations
      func end(_ day: String) -> String {
        let day = Day(day) ?? .none
        let word = Vocabularies.endReason.word(relations.endReason(of: relation, asOf: day)) ?? ""
        return "\(relations.end(of: relation, asOf: day)) \(word)"
      }
      #expect(relations.startsOn[relation].description == "2020-01-01")
      #expect(end("2020-06-01") == "2021-01-01 sold")
      #expect(end("2021-06-01") == "2021-01-01 sold")
      #expect(end("2022-01-01") == "2023-01-01 scrapped")
      #expect(end("2024-01-01") == "2023-01-01 scrapped")
      #expect(relations.interruptions.count == 1)
      #expect(histories.report.count(of: "sold and bought back: one relation, interrupted") == 1)
      let other = try #require(histories.relation("C2", Self.vinA))
      #expect(relations.end(of: other, asOf: Day("2021-06-01") ?? .none).description == "2022-01-01")
    }
  }

  @Test("ownerships that follow each other or overlap are no interruption")
  func noInterruption() throws {
    let histories = try SmallGroup.files([
      "ownerships.csv": """
      vin,customer_id,from,to
      \(Self.vinA),C1,2020-01-01,2021-01-01
      \(Self.vinA),C1,2021-01-01,2022-01-01
      \(Self.vinA),C1,2021-06-01,

      """
    ]).load()
    let relation = try #require(histories.relation("C1", Self.vinA))
    #expect(histories.relations.interruptions.count == 0)
    #expect(histories.relations.end(of: relation, asOf: Day("2020-06-01") ?? .none).isNone)
  }

  @Test("a thousand orders of one car on one day load as they stand, and are told")
  func crowd() throws {
    let rows = (0..<1000).map { "V\($0),C1,\(Self.vinA),2024-03-05,maintenance" }
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(rows + ["W1,C1,\(Self.vinA),2024-03-06,repair"])
    ]).load()
    #expect(histories.usableDays("C1", Self.vinA)?.count == 1001)
    #expect(histories.report.count(of: "more than 50 orders of one car on one day") == 1000)
  }

  @Test("a day with 20 times the usual number of orders, a thousand at least, is told")
  func crowdedDay() {
    let first = Day(year: 2023, month: 1, day: 1)
    let usual = (0..<300).flatMap { day in (0..<60).map { _ in first + day } }
    func crowded(_ further: Int) -> Int {
      (usual + Array(repeating: first + 400, count: further)).withUnsafeBufferPointer {
        CrowdedDays.orders($0)
      }
    }
    #expect(crowded(1200) == 0)
    #expect(crowded(1201) == 1201)
    let few = Array(repeating: first, count: 1000) + [first + 1, first + 2]
    #expect(few.withUnsafeBufferPointer { CrowdedDays.orders($0) } == 0, "a thousand are no crowd yet")
    #expect([Day]().withUnsafeBufferPointer { CrowdedDays.orders($0) } == 0)
  }
}
