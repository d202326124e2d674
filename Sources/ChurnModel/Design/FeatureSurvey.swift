internal import CVectorLoops
import LinearAlgebra

/// What one pass over the raw table tells about a feature.
struct FeatureSummary: Sendable {
  /// Least and greatest value among the rows with a weight; infinite signs reversed when all are missing.
  var least = Double.infinity
  var greatest = -Double.infinity
  /// Weight of the rows that miss the feature.
  var missingWeight = 0.0
  /// Equal for two features only when they are missing in the same rows (up to a collision of 64 bits).
  var missingPattern: UInt64 = 0
  /// Weight of the rows at each level of a category.
  var levelWeights: [Double] = []
}

/// Checks the raw values and counts what is missing and how often each level occurs.
enum FeatureSurvey {
  /// Blocks with a partial result each.
  private static let blocks = 64

  /// One summary a feature, from one pass over the table.
  ///
  /// - Throws: `ChurnModelError` for infinite values, unknown levels and flags that are neither 0 nor 1.
  static func run(_ data: TrainingData, parallel: Parallel) throws(ChurnModelError) -> [FeatureSummary] {
    let blockSize = Parallel.blockSize(count: data.rows, blocks: blocks, multipleOf: 1024)
    let partials = (0..<Parallel.blockCount(count: data.rows, blockSize: blockSize)).map { _ in
      Partial(data.features)
    }
    data.values.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: data.rows, blockSize: blockSize) { block in
        partials[block.index].add(block.range, elements, data)
      }
    }
    return try merge(partials, data.features)
  }

  /// What the blocks found together, added up in their order.
  ///
  /// - Throws: as `run`.
  static func merge(
    _ partials: [Partial], _ features: [FeatureColumn]
  ) throws(ChurnModelError) -> [FeatureSummary] {
    var summaries = features.map(FeatureSummary.init(of:))
    for partial in partials {
      if let problem = partial.problem { throw problem.error(features) }
      partial.merge(into: &summaries)
    }
    return summaries
  }

  /// A value that cannot be used.
  fileprivate struct Problem {
    let row: Int
    let feature: Int
    let value: Double

    func error(_ features: [FeatureColumn]) -> ChurnModelError {
      let feature = features[feature]
      let place = "feature \"\(feature.name)\" in row \(row + 1)"
      if value.isInfinite {
        return ChurnModelError(.infiniteValue, "\(place) is infinite; write NaN where a value is not known")
      }
      switch feature.kind {
      case .category(let levels):
        return ChurnModelError(
          .invalidValue,
          "\(place) is \(value), which is not the index of one of its \(levels.count) levels; list all levels"
        )
      default:
        return ChurnModelError(.invalidValue, "\(place) is \(value), but a flag is 0, 1 or NaN")
      }
    }
  }

  /// Counts of one block of rows.
  final class Partial: @unchecked Sendable {
    fileprivate private(set) var problem: Problem?
    private var least: [Double]
    private var greatest: [Double]
    private var missingWeight: [Double]
    private var missingPattern: [UInt]
    /// Indices of the features whose values must be looked at one by one, with where their levels are counted.
    private let discrete: [(feature: Int, levels: Int?, offset: Int)]
    private var levelWeights: [Double]

    init(_ features: [FeatureColumn]) {
      least = Array(repeating: .infinity, count: features.count)
      greatest = Array(repeating: -.infinity, count: features.count)
      missingWeight = Array(repeating: 0, count: features.count)
      missingPattern = Array(repeating: 0, count: features.count)
      var discrete: [(feature: Int, levels: Int?, offset: Int)] = []
      var offset = 0
      for (index, feature) in features.enumerated() {
        switch feature.kind {
        case .category(let levels):
          discrete.append((index, levels.count, offset))
          offset += levels.count
        case .flag: discrete.append((index, nil, 0))
        case .numeric, .logarithm, .unused: break
        }
      }
      self.discrete = discrete
      levelWeights = Array(repeating: 0, count: offset)
    }

    func add(_ range: Range<Int>, _ elements: UnsafeBufferPointer<Double>, _ data: TrainingData) {
      let (count, stride) = (data.features.count, data.rowStride)
      addRanges(range, elements, data)
      if !discrete.isEmpty {
        for row in range {
          addDiscrete(
            UnsafeBufferPointer(rebasing: elements[row * stride..<row * stride + count]),
            weight: data.weights[row],
            row: row)
        }
      }
      for feature in 0..<count
      where problem == nil && data.features[feature].kind != .unused
        && (least[feature].isInfinite || greatest[feature].isInfinite)
      {
        for row in range where elements[row * stride + feature].isInfinite && data.weights[row] > 0 {
          problem = Problem(row: row, feature: feature, value: elements[row * stride + feature])
          break
        }
      }
    }

    private func addRanges(_ range: Range<Int>, _ elements: UnsafeBufferPointer<Double>, _ data: TrainingData)
    {
      guard let base = elements.baseAddress else { return }
      let columns = data.features.count
      data.weights.withUnsafeBufferPointer { weights in
        guard let weight = weights.baseAddress else { return }
        vector_survey(
          base + range.lowerBound * data.rowStride, data.rowStride, columns, range.count,
          weight + range.lowerBound, range.lowerBound, &least, &greatest, &missingWeight, &missingPattern)
      }
    }

    @inline(__always)
    private func addDiscrete(_ values: UnsafeBufferPointer<Double>, weight: Double, row: Int) {
      for (feature, levels, offset) in discrete {
        let value = values[feature]
        guard weight > 0, !value.isNaN else { continue }
        if let levels {
          guard value >= 0, value < Double(levels), Double(Int(value)) == value else {
            problem = problem ?? Problem(row: row, feature: feature, value: value)
            continue
          }
          levelWeights[offset + Int(value)] += weight
        } else if value != 0 && value != 1 {
          problem = problem ?? Problem(row: row, feature: feature, value: value)
        }
      }
    }

    fileprivate func merge(into summaries: inout [FeatureSummary]) {
      for feature in summaries.indices {
        summaries[feature].least = min(summaries[feature].least, least[feature])
        summaries[feature].greatest = max(summaries[feature].greatest, greatest[feature])
        summaries[feature].missingWeight += missingWeight[feature]
        summaries[feature].missingPattern &+= UInt64(missingPattern[feature])
      }
      for (feature, levels, offset) in discrete {
        for level in 0..<(levels ?? 0) {
          summaries[feature].levelWeights[level] += levelWeights[offset + level]
        }
      }
    }
  }
}

extension FeatureSummary {
  fileprivate init(of feature: FeatureColumn) {
    if case .category(let levels) = feature.kind { levelWeights = Array(repeating: 0, count: levels.count) }
  }
}
