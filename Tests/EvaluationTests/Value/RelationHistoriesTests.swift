import BuyTillYouDie
import CustomerValue
import Evaluation
import Features
import Foundation
import Histories
import Testing

/// What relations of a dealer group that is older than its data say of their visits.
@Suite("Histories of relations")
struct RelationHistoriesTests {
  private static let asOf = Day("2025-06-30")!
  /// The exports of Lakeside begin then.
  private static let dataBegin = Day("2022-06-30")!

  private static let histories: Histories = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try! Histories.load(root.appendingPathComponent("datasets/lakeside").path)
  }()
  private static let view = AsOfView(histories: histories, asOf: asOf, scope: .riskModel)
  private static let relations = RelationHistories(view)

  private static func fitted(_ kind: RepeatModelKind) throws -> ValueAssessment {
    var options = RepeatFitOptions()
    options.priorDeviation = VisitModels.priorDeviation
    let models = try VisitModels(relations, choice: .kind(kind), options: options)
    return try ValueAssessment(relations.histories, models: models, options: ValueOptions())
  }

  @Test(
    "relations older than the data begin with their first visit in it, or stay silent since its first days")
  func origins() throws {
    let (relations, visits) = Self.view.relationVisits()
    let starts = relations.map { Self.histories.relations.startsOn[Int($0)] }
    var (moved, silent) = (0, 0)
    for (start, own) in zip(starts, visits) {
      if start < Self.dataBegin {
        #expect(own.origin >= Self.dataBegin)
        if own.wasThere { moved += 1 } else { silent += 1 }
        #expect(own.history.repeats == Int(own.sinceStart) - (own.wasThere ? 1 : 0))
      }
      #expect(own.origin >= start && own.wasThere || own.sinceStart == 0)
      #expect(own.history.age == Double(Self.asOf - own.origin) / 7)
    }
    #expect(moved > 500 && silent > 50)
    #expect(Self.relations.histories.isFitted?.count { !$0 } == visits.count { !$0.wasThere })
  }

  @Test("the calendar counts the visits that models are fitted to")
  func calendar() throws {
    let calendar = try #require(Self.relations.histories.calendar)
    let fitted = Self.relations.histories.fittedVisits()
    #expect(calendar.origins.reduce(0) { $0 + Int($1) } == fitted.count)
    let repeats = calendar.repeats.prefix(calendar.calibrationDays).reduce(0) { $0 + Int($1) }
    #expect(repeats == fitted.reduce(0) { $0 + $1.repeats })
  }

  @Test(
    "what is expected of them follows what they do, from the first year on",
    arguments: [.bgNBD, .mbgNBD, .mbgCNBDk] as [RepeatModelKind])
  func tracking(kind: RepeatModelKind) throws {
    let assessment = try Self.fitted(kind)
    let tracking = try #require(assessment.tracking)
    var (actual, expected) = (0.0, 0.0)
    for (week, time) in tracking.weeks.enumerated() {
      actual += tracking.actual[week]
      expected += tracking.expected[week]
      if time >= 52 { #expect(abs(expected / actual - 1) < 0.08, "\(kind) after \(time) weeks") }
    }
  }

  @Test("regular visits foretell how many come in the hold-out")
  func holdOut() throws {
    let holdOut = try #require(try Self.fitted(.mbgCNBDk).holdOut)
    #expect(abs(holdOut.predictedTotal / Double(holdOut.actualTotal) - 1) < 0.08)
  }
}
