import Features
import Foundation
import Histories
import LinearAlgebra
import Statistics
import Testing

@testable import Evaluation

@Suite("Description of features")
struct DescriptionTests {
  private static let histories = TrainedSet.histories
  private static let date = TrainedSet.testDate
  private static let description = FeatureDescription(histories, dates: [date], label: .due)

  private static let table: (values: Matrix, outcomes: [LapseOutcome]) = {
    let view = AsOfView(histories: histories, asOf: date)
    let population = view.population(label: .due)
    return (view.features(of: population.relations), population.outcomes)
  }()

  private static func column(_ feature: Feature) -> [Double] {
    (0..<table.values.rows).map { table.values[$0, feature.rawValue] }
  }

  @Test("counts, extremes, quantiles and areas are those of the whole table while it is small")
  func figures() {
    let description = Self.description
    #expect(description.rows == Self.table.outcomes.count && description.sampled == description.rows)
    let labelled = Self.table.outcomes.indices.filter {
      [.stayed, .lapsed].contains(Self.table.outcomes[$0])
    }
    #expect(description.labelled == labelled.count && description.labelled < description.rows)
    #expect(description.positives == Self.table.outcomes.count { $0 == .lapsed })
    #expect(description.profiles.map(\.feature) == Feature.allCases)
    for (definition, profile) in zip(Catalogue.all, description.profiles) {
      let values = Self.column(definition.feature)
      let known = values.filter { !$0.isNaN }
      #expect(profile.rows == values.count && profile.missing == values.count - known.count)
      if case .category(let levels) = definition.kind {
        #expect(profile.levels.map(\.name) == levels.map(\.name))
        #expect(profile.levels.map(\.rows).reduce(0, +) == known.count)
        #expect(profile.auc.isNaN && profile.found == .none && !profile.isContrary)
        continue
      }
      guard !known.isEmpty else {
        #expect(profile.minimum.isNaN && profile.auc.isNaN && profile.quantiles.allSatisfy(\.isNaN))
        continue
      }
      #expect(profile.minimum == known.min() && profile.maximum == known.max(), "\(definition.name)")
      for (probability, quantile) in zip(FeatureProfile.probabilities, profile.quantiles) {
        #expect(quantile == Quantiles.quantile(known, at: probability))
      }
      let rows = labelled.filter { !values[$0].isNaN }
      let area = ROC.area(
        scores: rows.map { values[$0] }, labels: rows.map { Self.table.outcomes[$0] == .lapsed })
      #expect(profile.auc == area || profile.auc.isNaN && area.isNaN)
    }
  }

  @Test("what drives lapse in the simulation is found in the expected direction")
  func direction() {
    let overdue = Self.description.profiles[Feature.daysOverDue.rawValue]
    #expect(overdue.found == .raises && overdue.auc > 0.55 && overdue.informationValue > 0.02)
    #expect(!overdue.isContrary)
    let contrary = Self.description.profiles.filter(\.isContrary).map(\.feature.name)
    #expect(contrary.count < Feature.count / 10, "\(contrary)")
  }

  @Test("information value and direction of a made-up feature are what paper and pencil say")
  func madeUp() {
    // 40 rows: the flag is 1 for 15 of 20 lapsed and 5 of 20 stayed.
    let outcomes = (0..<40).map { $0 < 20 ? LapseOutcome.lapsed : .stayed } + [.censored]
    let sample = FeatureSample(outcomes: outcomes)
    let rows = UnsafeMutableBufferPointer<Double>.allocate(capacity: 41 * Feature.count)
    defer { rows.deallocate() }
    rows.initialize(repeating: .nan)
    for row in 0..<40 {
      let isSet = row < 15 || (20..<25).contains(row)
      rows[row * Feature.count + Feature.arrears.rawValue] = isSet ? 1 : 0
      // Fewer visits should raise the risk; here more do.
      rows[row * Feature.count + Feature.nQ365.rawValue] = Double(row < 20 ? 40 - row : row - 20)
      rows[row * Feature.count + Feature.gapCv.rawValue] = row % 2 == 0 ? 3 : 5
    }
    sample.add(0..<41, UnsafeBufferPointer(rows), places: (0..<41).map(Int32.init))
    func profile(_ feature: Feature) -> FeatureProfile {
      FeatureProfile(Catalogue.definition(of: feature), sample, rows: 41, label: .due)
    }
    // Two bins with half a row added to each of the four cells: (15.5 − 5.5)/21 · ln(15.5/5.5), twice.
    let expected = 2 * (10.0 / 21) * 1.0360919316867758
    #expect(abs(profile(.arrears).informationValue - expected) < 1e-12)
    #expect(profile(.arrears).auc == 0.75 && profile(.arrears).found == .raises)
    #expect(profile(.arrears).missing == 1)
    #expect(profile(.nQ365).found == .raises && profile(.nQ365).isContrary)
    #expect(profile(.gapCv).found == .neither && !profile(.gapCv).isContrary)
    #expect(profile(.cp365).found == .none && profile(.cp365).informationValue.isFinite)
  }

  @Test("features of one group are joined by correlations beyond the limit, others are not")
  func groups() {
    let columns = Catalogue.all.map { definition -> [Double] in
      if case .category = definition.kind { return [] }
      let isLong = if case .logarithm = definition.kind { true } else { false }
      return Self.column(definition.feature).map { isLong ? ($0 < 0 ? -log1p(-$0) : log1p($0)) : $0 }
    }
    let groups = Self.description.profiles.map(\.correlationGroup)
    var joined = 0
    for a in columns.indices where !columns[a].isEmpty {
      for b in (a + 1)..<columns.count where !columns[b].isEmpty {
        let correlation = CorrelationGroups.correlation(columns[a], columns[b])
        guard abs(correlation) > 0.9001 else { continue }
        joined += 1
        #expect(groups[a] != nil && groups[a] == groups[b])
      }
    }
    #expect(joined > 0)
    for group in Set(groups.compactMap { $0 }) {
      let members = groups.indices.filter { groups[$0] == group }
      #expect(members.count > 1)
      for member in members {
        #expect(
          members.contains {
            $0 != member && abs(CorrelationGroups.correlation(columns[member], columns[$0])) > 0.8999
          })
      }
    }
  }

  @Test("correlation over the common rows of a straight line is 1, of few rows nothing")
  func correlation() {
    let line = (0..<40).map(Double.init)
    let gaps = line.map { $0 < 5 ? .nan : 3 - 2 * $0 }
    #expect(abs(CorrelationGroups.correlation(line, gaps) + 1) < 1e-12)
    #expect(CorrelationGroups.correlation(Array(line.prefix(29)), Array(line.prefix(29))) == 0)
    #expect(CorrelationGroups.correlation(line, line.map { _ in 4 }) == 0)
  }

  @Test("a sample is drawn by customer, bounds the memory, and keeps what is counted over all rows exact")
  func sampling() {
    let some = FeatureDescription(Self.histories, dates: [Self.date], label: .due, sampleRows: 600)
    #expect(some.rows == Self.description.rows && some.labelled == Self.description.labelled)
    #expect((480...720).contains(some.sampled))
    for (a, b) in zip(some.profiles, Self.description.profiles) {
      #expect(a.missing == b.missing)
      #expect(a.minimum == b.minimum || a.minimum.isNaN && b.minimum.isNaN)
    }
  }

  @Test("the number of threads changes nothing")
  func threads() {
    let one = FeatureDescription(
      Self.histories, dates: [Self.date], label: .due, parallel: Parallel(threads: 1))
    for (a, b) in zip(one.profiles, Self.description.profiles) {
      #expect(a.quantiles.map(\.bitPattern) == b.quantiles.map(\.bitPattern))
      #expect(a.informationValue.bitPattern == b.informationValue.bitPattern)
      #expect(a.auc.bitPattern == b.auc.bitPattern && a.correlationGroup == b.correlationGroup)
    }
  }
}
