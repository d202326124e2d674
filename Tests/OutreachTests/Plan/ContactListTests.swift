import ContactQueue
import Foundation
import Histories
import Outreach
import Tables
import Testing

@Suite("Lists")
struct ContactListTests {
  private func outcomes(_ group: SmallGroup, _ list: ContactList) throws -> [String] {
    let plan = Planner(ledger: try group.ledger(), policy: try Policies.with(""), purpose: .service).plan(
      list)
    return plan.lines.indices.map { row in
      let shown = plan.shown(row, time: LocalTime(.gmt))
      return "\(shown.customer ?? "") \(shown.priority) \(shown.tier ?? "") \(shown.decision)"
    }
  }

  private func group() throws -> SmallGroup {
    let group = try SmallGroup()
    for number in 0...2 { group.person(number) }
    return group
  }

  @Test("CSV and the forms of JSON read alike")
  func formats() throws {
    let group = try group()
    let rows = (1...2).map { (customer: "C\($0)", vin: SmallGroup.vin($0), priority: "\($0).5") }
    let csv =
      "customer_id,vin,priority,value_tier\n"
      + rows.map { "\($0.customer),\($0.vin),\($0.priority),vip\n" }.joined()
    let objects = rows.map {
      #"{"customer_id":"\#($0.customer)","vin":"\#($0.vin)","priority":\#($0.priority),"value_tier":"vip"}"#
    }
    let expected = try outcomes(group, try group.list(csv))
    #expect(expected == ["C1 1.5 vip now", "C2 2.5 vip now"])
    let document =
      #"{"schema":"revisit.at-risk/1","as_of":"2026-06-30","rows":["# + objects.joined(separator: ",") + "]}"
    for (name, text) in [
      ("document.json", document), ("array.json", "[" + objects.joined(separator: ",") + "]"),
      ("lines.json", objects.joined(separator: "\n")),
    ] {
      #expect(try outcomes(group, try group.list(text, name: name)) == expected, "\(name)")
    }
  }

  @Test("Columns may have other names")
  func names() throws {
    let group = try group()
    let list = try group.list(
      "who,car,rank,class\nC1,\(SmallGroup.vin(1)),3,vip\n",
      columns: .init(customer: "who", vehicle: "car", priority: "rank", tier: "class"))
    #expect(try outcomes(group, list) == ["C1 3.0 vip now"])
  }

  @Test("Ids are folded as those of the histories are")
  func folded() throws {
    let group = try group()
    let list = try group.list("customer_id,vin,priority\n Ｃ1 ,\(SmallGroup.vin(1).lowercased()),3\n")
    #expect(try outcomes(group, list)[0].hasSuffix("now"))
  }

  @Test("A missing priority is 0 and counted")
  func withoutPriority() throws {
    let group = try group()
    let list = try group.list(
      "customer_id,vin,priority\nC1,\(SmallGroup.vin(1)),\nC2,\(SmallGroup.vin(2)),2\n")
    #expect(list.withoutPriority == 1)
  }

  @Test("What is no list says what is missing")
  func wrong() throws {
    let group = try group()
    let error = #expect(throws: TableError.self) { try group.list("customer,vin,priority\nC1,V1,1\n") }
    #expect(error?.description.contains("Did you mean \"customer\"?") == true)
    #expect(throws: TableError.self) { try group.list("customer_id,vin,priority\nC1,V1,high\n") }
    #expect(throws: TableError.self) {
      try group.list("a,priority\nC1,1\n", columns: .init(customer: "a", vehicle: "a"))
    }
    #expect(throws: OutreachError.self) { try ContactList("no/such/list.csv") }
    let json = #expect(throws: OutreachError.self) { try group.list("{\"rows\": [", name: "broken.json") }
    #expect(json?.code == .badData)
  }
}
