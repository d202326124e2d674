import ChurnModel
import Features
import Foundation
import Histories
import Testing

@testable import Retention

@Suite("Reasons")
struct ReasonTests {
  private static let relations = RetentionSet.english.rows.map(RetentionSet.relation)
  private static let values = RetentionSet.view.features(of: relations)

  private static func reasons(_ row: Int, _ model: AnyModel = RetentionSet.model) -> [ReasonFinder.Reason] {
    values.withUnsafeRows(row..<row + 1) { ReasonFinder(model: model).reasons(row: $0) }
  }

  @Test(
    "at most three reasons, each of another topic, the strongest first, from positive contributions",
    arguments: RetentionSet.models)
  func reasons(model: AnyModel) {
    var count = 0
    for row in Self.relations.indices {
      let found = Self.reasons(row, model)
      #expect(found.count <= 3)
      #expect(Set(found.map(\.topic)).count == found.count)
      #expect(found.map(\.contribution) == found.map(\.contribution).sorted(by: >))
      let contributions = Self.values.withUnsafeRows(row..<row + 1) { model.contributions(row: $0) }
      for reason in found {
        let definition = Catalogue.definition(of: reason.feature)
        #expect(definition.topic == reason.topic && definition.reason != nil)
        #expect(reason.value == Self.values[row, reason.feature.rawValue])
        #expect(contributions[reason.feature.rawValue] > 0)
        let sum = Catalogue.all.filter { $0.topic == reason.topic }
          .map { contributions[$0.feature.rawValue] }.reduce(0, +)
        #expect(abs(sum - reason.contribution) < 1e-12 && sum > 0)
        count += 1
      }
    }
    #expect(count > Self.relations.count, "most rows have reasons")
  }

  /// What must be so for the sentence of a feature to be true; `nil` for sentences that only state the value.
  private static func truth(_ feature: Feature, _ row: (Feature) -> Double) -> Bool? {
    let value = row(feature)
    switch feature {
    case .recQDays, .recPaidDays, .recAnyDays: return value >= 90
    case .neverServiced, .firstServiceLate, .onlyUnpaid730, .onlyAccident730, .saChangedLast, .saLeft,
      .arrears:
      return value == 1
    case .daysOverTime, .daysOverDue, .kmOver: return value > 0
    case .overdueRatio, .missedCycles, .skippedKmCycles, .rework365, .cmp365, .cmpOpen, .cmpOpenDays, .cmpSev,
      .cmpReopen:
      return value >= 1
    case .recOverOwnGap, .recZ, .gapLastRatio, .tatLastRatio:
      return value > 1 && (feature == .tatLastRatio || !row(.gapMedian).isNaN)
    case .nQTrend, .cpTrend, .csiTrend: return value < 0
    case .billShock, .kmDayChange, .estimateOverrun: return value > 0
    case .ontimeRate, .walletShare, .shPaid730, .apptRate730, .csiLast, .csiMean730: return value < 0.8
    case .wtyExt, .boughtHere, .pkgVisitsLeft, .pkgDaysLeft: return value == 0
    case .ownerSeq: return value >= 2
    case .replWindow: return (36...72).contains(row(.ageMonths))
    case .cmpAfterLast: return value == 1 && !row(.lastClass).isNaN
    default: return nil
    }
  }

  @Test("every sentence is true of its row", arguments: RetentionSet.models)
  func areTrue(model: AnyModel) {
    var judged = Set<Feature>()
    for row in Self.relations.indices {
      for reason in Self.reasons(row, model) {
        guard let isTrue = Self.truth(reason.feature, { Self.values[row, $0.rawValue] }) else { continue }
        judged.insert(reason.feature)
        #expect(isTrue, "\(reason.feature.name) = \(reason.value)")
      }
    }
    #expect(judged.count >= 8)
  }

  @Test("the list speaks these reasons, in both languages, without a placeholder left")
  func sentences() {
    let lists = [(Language.english, RetentionSet.english), (.chinese, RetentionSet.chinese)]
    for (language, list) in lists {
      let text = ReasonText(language: language, currency: RetentionSet.histories.currency)
      #expect(list.rows.map(RetentionSet.relation) == Self.relations)
      for (index, row) in list.rows.enumerated() {
        #expect(row.reasons == Self.reasons(index).map(text.sentence))
        for sentence in row.reasons {
          #expect(!sentence.isEmpty && !sentence.contains("{") && !sentence.contains("}"))
          let words = sentence.lowercased().split { !$0.isLetter }
          #expect(!words.contains("nan") && !words.contains("inf"))
          let hasHan = sentence.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
          #expect(hasHan == (language == .chinese), "\(sentence)")
        }
      }
    }
  }

  @Test("numbers in sentences are those of the row, in the feature's unit")
  func numbers() {
    func sentence(_ feature: Feature, _ value: Double, _ language: Language = .english) -> String {
      ReasonText(language: language, currency: "CNY").sentence(
        .init(topic: Catalogue.definition(of: feature).topic, feature: feature, value: value, contribution: 1)
      )
    }
    #expect(sentence(.recQDays, 1234).contains("1,234 days"))
    #expect(sentence(.kmOver, 12_345).contains("12,300 km"))
    #expect(sentence(.walletShare, 0.456).contains("46 %"))
    #expect(sentence(.cp365, 1_234_567.4).contains("CNY 1,234,567"))
    #expect(sentence(.billShock, 0.6931).contains("2.0 times"))
    #expect(sentence(.overdueRatio, 1.26).contains("1.3"))
    #expect(sentence(.lastClass, 0).contains("accident"))
    #expect(sentence(.lastClass, 0, .chinese).contains("事故"))
    #expect(sentence(.nQTrend, -2).contains("(-2)"))
    #expect(sentence(.wtyDaysLeft, 40) == "Warranty ends in 40 days")
    #expect(sentence(.wtyEffDaysLeft, -1040) == "Warranty ended 1,040 days ago")
    #expect(sentence(.wtyDaysLeft, -3, .chinese).contains("3天"))
  }

  @Test("rules refuse a habit without visits, a loan for the age of replacement, a missing value")
  func rules() {
    func holds(_ feature: Feature, _ values: [Feature: Double]) -> Bool {
      let row = Feature.allCases.map { values[$0] ?? .nan }
      return row.withUnsafeBufferPointer { ReasonRules.holds(feature, in: $0) }
    }
    #expect(!holds(.recOverOwnGap, [.recOverOwnGap: 2]))
    #expect(holds(.recOverOwnGap, [.recOverOwnGap: 2, .gapMedian: 180]))
    #expect(!holds(.recOverOwnGap, [.recOverOwnGap: 1.1, .gapMedian: 180]))
    #expect(!holds(.replWindow, [.replWindow: 1, .ageMonths: 20]))
    #expect(holds(.replWindow, [.replWindow: 1, .ageMonths: 40]))
    #expect(!holds(.cmpAfterLast, [.cmpAfterLast: 1]))
    #expect(holds(.cmpAfterLast, [.cmpAfterLast: 1, .lastClass: 5]))
    for feature in Feature.allCases { #expect(!holds(feature, [:])) }
  }
}
