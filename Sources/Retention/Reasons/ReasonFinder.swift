public import ChurnModel
public import Features
import Histories

/// Finds the topics that raise a relation's risk most, and the feature of each that says it best.
///
/// A contribution is the difference in log-odds to the average customer of the training data. Features that say the
/// same thing share a topic, and their contributions are added, so that no reason stands twice in other words.
public struct ReasonFinder: Sendable {
  /// One topic with the feature that speaks for it.
  public struct Reason: Sendable {
    public let topic: ReasonTopic
    public let feature: Feature
    public let value: Double
    /// The topic's share in the log-odds.
    public let contribution: Double
  }

  private let model: AnyModel
  /// Whether a positive contribution of the feature means what the catalogue's sentence says.
  private let speaks: [Bool]

  public init(model: AnyModel) {
    self.model = model
    let trends = model.trends
    speaks = Catalogue.all.map { definition in
      guard definition.reason != nil else { return false }
      return switch definition.direction {
      case .raises: trends[definition.feature.rawValue] > 0
      case .lowers: trends[definition.feature.rawValue] < 0
      case .byCategory: true
      case .unclear: false
      }
    }
  }

  /// The strongest topics that raise the risk of one row.
  ///
  /// - Parameter row: `Feature.count` raw values.
  /// - Complexity: O(features).
  public func reasons(row: UnsafeBufferPointer<Double>, limit: Int = 3) -> [Reason] {
    let contributions = model.contributions(row: row)
    var sums: [ReasonTopic: Double] = [:]
    var best: [ReasonTopic: (feature: Feature, contribution: Double)] = [:]
    for definition in Catalogue.all {
      let index = definition.feature.rawValue
      sums[definition.topic, default: 0] += contributions[index]
      guard speaks[index], contributions[index] > 0, ReasonRules.holds(definition.feature, in: row) else {
        continue
      }
      if contributions[index] > best[definition.topic]?.contribution ?? 0 {
        best[definition.topic] = (definition.feature, contributions[index])
      }
    }
    let ranked = ReasonTopic.allCases.compactMap { topic -> Reason? in
      guard let sum = sums[topic], sum > 0, let lead = best[topic] else { return nil }
      return Reason(topic: topic, feature: lead.feature, value: row[lead.feature.rawValue], contribution: sum)
    }
    .sorted { $0.contribution > $1.contribution }
    return Array(ranked.prefix(limit))
  }
}

/// When a feature's sentence is true: a value may raise the risk against the average without being bad in itself.
enum ReasonRules {
  static func holds(_ feature: Feature, in row: UnsafeBufferPointer<Double>) -> Bool {
    let value = row[feature.rawValue]
    guard !value.isNaN else { return false }
    func isKnown(_ other: Feature) -> Bool { !row[other.rawValue].isNaN }
    return switch feature {
    case .recQDays, .recPaidDays, .recAnyDays: value >= 90
    case .daysOverTime, .daysOverDue: value >= 1
    case .kmOver: value >= 500
    case .overdueRatio: value >= 1
    case .neverServiced, .firstServiceLate, .missedCycles, .cmpOpen, .cmpOpenDays, .cmp365, .cmpSev,
      .cmpReopen,
      .arrears, .onlyUnpaid730, .onlyAccident730, .rework365, .skippedKmCycles, .saChangedLast,
      .saLeft, .declinedN365, .insLost:
      value >= 1
    case .declinedValueOpen: value >= 1
    // A new car needs no wear parts.
    case .tyreBrakeBattHere: value == 0 && row[Feature.ageMonths.rawValue] >= 24
    // Without any visit there is no last one to have complained after.
    case .cmpAfterLast: value >= 1 && isKnown(.lastClass)
    // The flag is also set by a loan that ends, of which the sentence does not speak.
    case .replWindow: value >= 1 && (36...72).contains(row[Feature.ageMonths.rawValue])
    // A habit takes two visits; before that the schedule stands in for it.
    case .recOverOwnGap, .recZ: value >= 1.2 && isKnown(.gapMedian)
    case .nQTrend: value < 0
    case .cpTrend: value < -0.1
    case .csiTrend: value < -0.05
    case .csiLast, .csiMean730: value < 0.8
    case .ontimeRate, .walletShare, .shPaid730, .apptRate730: value < 0.8
    case .billShock, .ticketVsPeer, .kmDayChange: value > 0.1
    case .estimateOverrun: value > 0.02
    case .gapCv: value > 0.3
    case .gapLastRatio, .tatLastRatio: value > 1.2
    case .shWarranty730, .otherStoreShare, .promiseMiss730: value > 0.1
    case .saDistinct4: value >= 0.75
    case .wtyExt, .boughtHere, .insHere, .pkgVisitsLeft, .pkgDaysLeft: value == 0
    case .ownerSeq: value >= 2
    case .npsClass: value == 2
    case .loanMonthsLeft: value <= 12
    case .tenureDays: value < 730
    case .distKm: value >= 15
    case .moved365, .plateAway, .noshow365, .promiseBroken, .odoConflict: value >= 1
    case .phoneOk: value == 0
    case .ctUnansStreak: value >= 2
    // More likely gone than not: above that the sentence would alarm about somebody who is there.
    case .pAlive: value < 0.5
    case .csiMinItem, .ctReach365: value < 0.6
    case .svyRate, .respRate365: value < 0.4
    case .peerLapse, .storeLapse: value >= 0.3
    case .wtyDaysLeft, .wtyEffDaysLeft: value < 365
    default: true
    }
  }
}
