import Foundation
import Testing

@testable import CustomerValue

@Suite("Rules of segments and tiers")
struct SegmentRulesTests {
  private static func name(_ recency: UInt8, _ frequency: UInt8, _ monetary: UInt8) -> String {
    SegmentRules.ten.segment(recency: recency, frequency: frequency, monetary: monetary).name
  }

  @Test("the first matching rule wins")
  func firstRuleWins() {
    #expect(Self.name(5, 5, 5) == "Champions")
    #expect(Self.name(3, 3, 3) == "Potential Loyalist")
    #expect(Self.name(2, 4, 4) == "Loyal Customers")
    #expect(Self.name(1, 4, 4) == "Can't Lose Them")
  }

  @Test("exactly ten combinations fall under none of the ten rules, and no rule is idle")
  func uncoveredCombinations() {
    let uncovered = SegmentRules.ten.uncovered.map { [$0.recency, $0.frequency, $0.monetary] }
    #expect(
      uncovered == [
        [2, 1, 5], [2, 4, 1], [2, 5, 1], [2, 5, 2], [3, 4, 1], [3, 5, 1], [4, 4, 1], [4, 5, 1], [5, 4, 1],
        [5, 5, 1],
      ])
    #expect(uncovered.allSatisfy { Self.name($0[0], $0[1], $0[2]) == "Others" })
    #expect(SegmentRules.ten.idle.isEmpty && SegmentRules.ten.segments.count == 11)
    #expect(
      SegmentRules.ten.segments.allSatisfy {
        $0.label.chinese.contains { ("\u{4E00}"..."\u{9FFF}").contains($0) }
      })
  }

  @Test("a file may leave out labels, ranges and bins, and says what is idle")
  func shortFile() throws {
    let yaml = """
      segments:
        - {name: good, recency: 3+, money: 2 - 3}
        - {name: same, recency: 4, money: 2}
        - {name: rest, frequency: any}
      """
    let rules = try #require(try RulesDocument(yaml: yaml, file: "r.yaml", bins: 4).segments)
    #expect(rules.counts == ScoreCounts(4) && rules.uncovered.isEmpty)
    #expect(rules.idle.map(\.segment.name) == ["same"])
    #expect(rules.segment(recency: 4, frequency: 1, monetary: 2).name == "good")
    #expect(rules.segment(recency: 4, frequency: 1, monetary: 4).label.chinese == "rest")
  }

  @Test("scores may have different numbers of bins, and cut-offs may stand in the file")
  func counts() throws {
    let yaml = """
      bins: {recency: 2, frequency: 3, money: 4}
      segments: [{name: top, recency: 2, frequency: 3, money: 4}]
      others: {name: rest, zh: 其余}
      cut_offs: {recency: [365], money: [10, 100, 1000]}
      """
    let document = try RulesDocument(yaml: yaml, file: "r.yaml")
    let rules = try #require(document.segments)
    #expect(rules.counts.combinations == 24 && rules.uncovered.count == 23)
    #expect(rules.segment(recency: 2, frequency: 3, monetary: 4).name == "top")
    #expect(rules.segment(recency: 2, frequency: 3, monetary: 3).label.chinese == "其余")
    #expect(document.cutOffs.recency == [365] && document.cutOffs.frequency == nil)
  }

  @Test(
    "a wrong file is an error that names the line and what to do",
    arguments: [
      ("segments:\n  - {name: a, recency: 6}", "line 2", "`6`. Write a score from 1 to 5"),
      ("segments:\n  - {name: a, recency: 4-2}", "line 2", "4-2"),
      ("segments:\n  - {name: a}\n  - {recency: 1}", "line 3", "`name` is missing"),
      ("segments:\n  - {name: a, recensy: 1}", "line 2", "Did you mean `recency`?"),
      ("bins: 1\nsegments:\n  - {name: a}", "line 1", "2 to 9"),
      ("bins: 3\nsegments:\n  - {name: a, money: 4}", "line 3", "from 1 to 3"),
      ("segments: a", "line 1", "list is expected"),
      ("segments:\n  - {name: a, zh: 甲}\n  - {name: a, zh: 乙}", "line 3", "other labels"),
      ("tiers:\n  - {name: a}\n  - {name: b}", "line 2", "needs either"),
      (
        "tiers:\n  - {name: a, share: 0.6}\n  - {name: b, share: 0.6}\n  - {name: c}", "line 2", "sum up to 1"
      ),
      ("tiers:\n  - {name: a, from: 5}\n  - {name: b, from: 9}\n  - {name: c}", "line 2", "best tier first"),
      ("tiers:\n  - {name: a, share: x}\n  - {name: c}", "line 2", "`x` is no number"),
      ("cut_offs: {money: [3, 1]}\ntiers:\n  - {name: a, share: 1}\n  - {name: c}", "line 1", "must rise"),
      ("segments: [", "not valid YAML", "line"),
      ("others: {name: a}", "r.yaml", "belongs to `segments`"),
      ("bins: 5", "r.yaml", "neither"),
      ("just text", "r.yaml", "no entries"),
    ])
  func wrongFiles(yaml: String, place: String, what: String) {
    do {
      _ = try RulesDocument(yaml: yaml, file: "r.yaml")
      Issue.record("no error: \(yaml)")
    } catch {
      #expect(error.code == .badData)
      #expect(error.message.contains("r.yaml") && error.message.contains(place), "\(error)")
      #expect(error.message.contains(what), "\(error)")
    }
  }

  @Test("bins that the rules are not made for are refused")
  func otherBins() {
    do {
      _ = try RulesDocument(yaml: BuiltInRules.ten, file: "r.yaml", bins: 4)
      Issue.record("no error")
    } catch {
      #expect(error.code == .contradiction && error.message.contains("Leave --bins out"))
    }
  }
}
