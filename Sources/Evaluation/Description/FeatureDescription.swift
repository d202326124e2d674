public import Features
public import Histories
public import LinearAlgebra

/// Describes every feature over the relations of one or several dates: what is missing, how values lie, how they go with
/// a label, and which features say the same.
///
/// Missing shares, least and greatest values are exact. All else comes from a sample of at most `sampleRows` rows, drawn
/// by a hash of the customers' ids, so that no table of all rows is in memory: one block of rows a thread, and the sample.
public struct FeatureDescription: Sendable {
  /// Rows that quantiles, information values and areas are taken from at most.
  public static let sampleRows = 100_000
  /// Of them, those that correlations are taken from at most.
  static let correlationRows = 20_000

  public let label: LapseLabel
  public let asOf: [Day]
  /// Relations of the label's population, over all dates.
  public let rows: Int
  /// Those whose label is known, and those of them whose label is positive.
  public let labelled: Int
  public let positives: Int
  /// Rows of the sample.
  public let sampled: Int
  /// One a feature, in the catalogue's order.
  public let profiles: [FeatureProfile]

  /// - Complexity: O(orders + relations × dates), and O(features · sample · log sample).
  public init(
    _ histories: Histories, dates: [Day], label: LapseLabel, sampleRows: Int = Self.sampleRows,
    parallel: Parallel = .standard, progress: (String) -> Void = { _ in }
  ) {
    let dates = Array(Set(dates)).sorted()
    self.label = label
    asOf = dates
    let sweep = FeatureSweep(histories: histories, dates: dates, parallel: parallel)
    let populations = sweep.populations(label: label)
    let outcomes = populations.flatMap(\.outcomes)
    rows = outcomes.count
    labelled = outcomes.count(where: ChurnTraining.isLabelled)
    positives = outcomes.count { $0 == .lapsed }

    let share = rows > sampleRows ? Double(sampleRows) / Double(rows) : 1
    let sides = CustomerSides(histories: histories, testShare: 0)
    let sample = FeatureSample(
      outcomes: populations.flatMap { population in
        zip(population.relations, population.outcomes).filter {
          share == 1 || sides.isSampled($0.0, share: share)
        }.map(\.1)
      })
    var first = 0
    progress("features of \(dates.map(\.description).joined(separator: ", "))")
    let places = populations.map { population in
      Self.places(population, first: &first) { share == 1 || sides.isSampled($0, share: share) }
    }
    sweep.forEachBlock(of: populations.map(\.relations)) { date, range, values in
      sample.add(range, values, places: places[date])
    }
    sampled = sample.count
    progress("statistics")
    profiles = Self.profiles(sample, rows: rows, label: label, parallel)
  }

  /// Where each row of a population stands in the sample, −1 for those that do not.
  private static func places(
    _ population: Population, first: inout Int, isSampled: (Int32) -> Bool
  ) -> [Int32] {
    population.relations.map { relation in
      guard isSampled(relation) else { return -1 }
      defer { first += 1 }
      return Int32(first)
    }
  }

  private static func profiles(
    _ sample: FeatureSample, rows: Int, label: LapseLabel, _ parallel: Parallel
  ) -> [FeatureProfile] {
    let definitions = Catalogue.all
    var profiles = [FeatureProfile?](repeating: nil, count: definitions.count)
    profiles.withUnsafeMutableBufferPointer { profiles in
      // Each call writes its own element only.
      nonisolated(unsafe) let profiles = profiles
      parallel.forEachBlock(count: definitions.count, blockSize: 1) { block in
        profiles[block.index] = FeatureProfile(definitions[block.index], sample, rows: rows, label: label)
      }
    }
    var described = profiles.compactMap { $0 }
    for (group, members) in CorrelationGroups.find(sample, parallel).enumerated() {
      for feature in members { described[feature].correlationGroup = group + 1 }
    }
    return described
  }
}
