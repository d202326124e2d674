import Foundation
import Retention
import Testing

@testable import Reports

@Suite("JSON")
struct JSONTests {
  private func object(_ list: AtRiskList) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(list.json())) as? [String: Any])
  }

  @Test("the document says what it is, and its rows carry the column names of the CSV")
  func document() throws {
    let object = try object(SampleList.chinese)
    #expect(object["schema"] as? String == "revisit.at-risk/1")
    #expect(object["as_of"] as? String == "2026-06-30")
    #expect(object["dealer_group"] as? String == "湖畔汽车集团")
    #expect(object["model"] as? String == "lakeside@1")
    #expect(object["currency"] as? String == "CNY")
    #expect(object["active_relations"] as? Int == 48_210)
    #expect(object["matching_relations"] as? Int == 1312)
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.count == 60)
    #expect(rows.allSatisfy { Set($0.keys) == Set(AtRiskColumn.allCases.map(\.rawValue)) })
    #expect(rows[0]["rank"] as? Int == 1)
    #expect(rows[0]["open_complaint"] is Bool)
    #expect(rows[0]["last_visit_on"] as? String == SampleList.chinese.rows[0].lastVisitOn?.description)
  }

  @Test("texts come back as they were, whatever is in them; formulas are no matter here")
  func hostileTexts() throws {
    let list = SampleList.hostile
    let object = try object(list)
    #expect(object["dealer_group"] as? String == list.dealerGroup)
    let row = try #require((object["rows"] as? [[String: Any]])?.first)
    #expect(row["name"] as? String == list.rows[0].name)
    #expect(row["model"] as? String == list.rows[0].model)
    #expect(row["plate"] as? String == list.rows[0].plate)
    #expect(row["last_contact_outcome"] as? String == "back\\slash\u{1}\ttab")
  }

  @Test("what is missing is null, and an empty list is still a document")
  func missing() throws {
    var list = SampleList.make(language: .english, rows: 1)
    list.rows[0].name = nil
    list.rows[0].daysOverdue = nil
    list.rows[0].boughtHere = nil
    list.rows[0].lastVisitOn = nil
    list.rows[0].valueAtStake = .nan
    list.rows[0].reasons = ["only one"]
    let row = try #require((try object(list)["rows"] as? [[String: Any]])?.first)
    for name in ["name", "days_overdue", "bought_here", "last_visit_on", "value_at_stake", "reason_2"] {
      #expect(row[name] is NSNull, "\(name)")
    }
    list.rows = []
    list.dealerGroup = nil
    let empty = try object(list)
    #expect((empty["rows"] as? [Any])?.isEmpty == true)
    #expect(empty["dealer_group"] is NSNull)
  }
}
