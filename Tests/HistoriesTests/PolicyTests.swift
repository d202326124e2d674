import Testing

@testable import Histories

@Suite("Policies, recalls, sales and margins")
struct PolicyTests {
  private static let vinA = SmallGroup.vinA
  private static let vinB = SmallGroup.vinB

  private static func vehicle(_ histories: Histories, _ vin: String) throws -> Int {
    Int(try #require(histories.vehicles.vins.code(of: vin)))
  }

  @Test("policies stand in one run per vehicle by day; impossible ones are dropped and counted")
  func policies() throws {
    let histories = try SmallGroup.files([
      "insurance.csv": """
      vin,starts_on,ends_on,sold_here,premium,commission
      \(Self.vinA),2022-01-10,2023-01-09,false,2000,
      \(Self.vinB),2021-02-20,2022-02-19,true,3000,360
      \(Self.vinA),2020-01-05,2021-01-09,,-3,abc
      \(Self.vinA),2021-01-10,2021-01-09,true,1,1
      \(Self.vinA),2019-12-01,2020-11-30,true,1,1
      \(Self.vinA),2023-01-10,2099-12-31,true,1,1
      \(Self.vinA),2024-01-10,,true,1,1
      NOBODY,2024-01-10,2025-01-10,true,1,1

      """
    ]).load()
    let policies = histories.policies
    let a = try Self.vehicle(histories, Self.vinA)
    let run = Int(policies.starts[a])..<Int(policies.starts[a + 1])
    #expect(run.map { policies.beginsOn[$0].description } == ["2020-01-05", "2022-01-10"])
    #expect(run.map { policies.soldHere[$0] } == [2, 0])
    #expect(run.map { policies.premiums[$0] } == [Money.none, 200_000])
    #expect(run.map { policies.commissions[$0] } == [Money.none, Money.none])
    let report = histories.report
    #expect(report.count(of: "ends before it begins", in: "insurance") == 1)
    #expect(report.count(of: "runs for more than five years") == 1)
    #expect(report.count(of: "dated before the vehicle's delivery", in: "insurance") == 1)
    #expect(report.count(of: "starts_on or ends_on is missing") == 1)
    #expect(report.count(of: "vin: missing or not among the vehicles", in: "insurance") == 1)
    #expect(report.count(of: "premium: negative or too large") == 1)
    #expect(report.count(of: "commission: unreadable number") == 1)
    #expect(report.tables.first { $0.table == "insurance" }.map { [$0.rows, $0.used] } == [8, 3])
  }

  @Test("a recall that was done before it was opened is done from its opening on")
  func recalls() throws {
    let histories = try SmallGroup.files([
      "recalls.csv": """
      vin,campaign,opened_on,done_on
      \(Self.vinA),R2,2024-03-01,2024-02-01
      \(Self.vinA),R1,2023-03-01,
      \(Self.vinB),R1,2023-03-01,2023-04-01
      \(Self.vinB),R3,,2023-04-01

      """
    ]).load()
    let recalls = histories.recalls
    let a = try Self.vehicle(histories, Self.vinA)
    let run = Int(recalls.starts[a])..<Int(recalls.starts[a + 1])
    #expect(run.map { recalls.openedOn[$0].description } == ["2023-03-01", "2024-03-01"])
    #expect(run.map { recalls.doneOn[$0].description } == ["", "2024-03-01"])
    #expect(histories.report.count(of: "done before it was opened, taken as done on that day") == 1)
    #expect(histories.report.count(of: "opened_on is missing", in: "recalls") == 1)
  }

  @Test(
    "sales stand by buyer and by who recommended it; losses are margins, and nobody recommends to himself")
  func sales() throws {
    let histories = try SmallGroup.files([
      "purchases.csv": """
      customer_id,vin,date,dealer_id,gross_margin,referred_by
      C1,\(Self.vinA),2020-01-10,D1,-1500.5,C2
      C2,\(Self.vinB),2021-02-20,D2,2000,C2
      C2,\(Self.vinA),2022-02-20,,,C9

      """
    ]).load()
    let purchases = histories.purchases
    #expect((0...2).map { purchases.starts[$0] } == [0, 1, 3])
    #expect((0..<3).map { purchases.grossMargins[$0] } == [-150_050, 200_000, Money.none])
    #expect((0..<3).map { purchases.dealers[$0] >= 0 } == [true, true, false])
    #expect((0...2).map { histories.referrals.starts[$0] } == [0, 0, 1])
    #expect(histories.referrals.buyers[0] == 0)
    #expect(histories.report.count(of: "referred_by: the buyer, or not among the customers") == 2)
    let plain = try SmallGroup.files([
      "purchases.csv": "customer_id,vin,date\nC1,\(Self.vinA),2020-01-10\n"
    ]).load()
    #expect(plain.purchases.days.count == 1 && plain.referrals.starts.count == 0)
  }

  @Test("an order's margin is what all payers paid less the cost, missing without payment or cost")
  func margins() throws {
    let histories = try SmallGroup.files([
      "visits.csv": SmallGroup.visits(
        [
          "V1,C1,\(Self.vinA),2024-03-01,repair,100,20,300.5,7,150",
          "V2,C1,\(Self.vinA),2024-03-02,repair,100,,,,150",
          "V3,C1,\(Self.vinA),2024-03-03,repair,,20,300,7,150",
          "V4,C1,\(Self.vinA),2024-03-04,repair,100,20,300,7,",
          "V5,C1,\(Self.vinA),2024-03-05,repair,100,20,300,7,-4",
        ],
        columns:
          "visit_id,customer_id,vin,opened_at,classes,customer_paid,package_paid,warranty_paid,insurance_paid,cost"
      )
    ]).load()
    let run = try #require(histories.run("C1", Self.vinA))
    #expect(run.map { histories.orders.margins[$0] } == [27_750, -5000, Money.none, Money.none, Money.none])
    #expect(histories.report.count(of: "cost: negative or too large") == 1)
  }
}
