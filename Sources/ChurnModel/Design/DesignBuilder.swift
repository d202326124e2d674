import LinearAlgebra

/// Decides which design columns the features give, and measures their means and scales.
struct DesignBuilder {
  private let data: TrainingData
  private let options: LogisticOptions
  private let summaries: [FeatureSummary]
  /// One column a feature that is a number, with the moments of a sample.
  private let values: [DesignColumn?]
  private(set) var dropped: [DroppedFeature] = []

  /// - Parameters:
  ///   - data: the rows that the summaries are of.
  ///   - values: see `valueColumns`.
  init(
    data: TrainingData, options: LogisticOptions, summaries: [FeatureSummary], values: [DesignColumn?]
  ) {
    self.data = data
    self.options = options
    self.summaries = summaries
    self.values = values
  }

  // MARK: Provisional columns

  /// The columns standardised by the moments of a sample, coefficients zero.
  mutating func provisionalColumns() -> [DesignColumn] {
    dropped = []
    var columns: [DesignColumn] = []
    var patterns: [UInt64: String] = [:]
    for (index, feature) in data.features.enumerated() where feature.kind != .unused {
      let summary = summaries[index]
      guard summary.missingWeight < data.totalWeight, summary.hasValues else {
        drop(feature.name, "no training row has a value")
        continue
      }
      if case .category(let levels) = feature.kind {
        appendLevels(index, levels, to: &columns)
        continue
      }
      let isConstant = summary.least == summary.greatest
      if !isConstant, let column = values[index] { columns.append(column) }
      let hasIndicator = appendIndicator(index, &patterns, to: &columns)
      // A mark that is written as 1 or nothing speaks by its indicator.
      if isConstant, !hasIndicator {
        drop(feature.name, "it has the same value in every training row that has one")
      }
    }
    return columns
  }

  /// Neighbours in one cache line.
  private static let featuresReadTogether = 8

  /// One value column a feature that is a number, else nil; bounds and moments are those of a sample.
  static func valueColumns(_ data: TrainingData, _ options: LogisticOptions) -> [DesignColumn?] {
    let sample = BoundSample(data: data, options: options)
    let features = data.features
    var columns = [DesignColumn?](repeating: nil, count: features.count)
    columns.withUnsafeMutableBufferPointer { columns in
      // Each call writes its own elements only.
      nonisolated(unsafe) let columns = columns
      options.parallel.forEachBlock(count: features.count, blockSize: featuresReadTogether) { block in
        for (feature, column) in zip(block.range, sample.valueColumns(block.range)) {
          columns[feature] = column
        }
      }
    }
    return columns
  }

  /// Adds the column that marks missing values of a feature, where there are enough of them and no other feature has it;
  /// whether it did.
  private mutating func appendIndicator(
    _ index: Int, _ patterns: inout [UInt64: String], to columns: inout [DesignColumn]
  ) -> Bool {
    let summary = summaries[index]
    let share = summary.missingWeight / data.totalWeight
    guard share > 0, share >= options.indicatorShare, share <= 1 - options.indicatorShare else {
      return false
    }
    let feature = data.features[index].name
    let name = feature + "_na"
    if let owner = patterns[summary.missingPattern] {
      drop(feature, column: name, "it is missing in the same rows as \(owner), which carries the indicator")
      return false
    }
    patterns[summary.missingPattern] = feature
    columns.append(indicator(name, index, .missing, share: share))
    return true
  }

  private mutating func appendLevels(_ index: Int, _ levels: [String], to columns: inout [DesignColumn]) {
    let feature = data.features[index].name
    let weights = summaries[index].levelWeights
    var cells: [(name: String, term: DesignColumn.Term, share: Double)] = []
    var (rare, rareShare) = ([Int](), 0.0)
    for (level, name) in levels.enumerated() {
      let share = weights[level] / data.totalWeight
      if share == 0 || share < options.rareLevelShare {
        rare.append(level)
        rareShare += share
      } else {
        cells.append(("\(feature)=\(name)", .level(level), share))
      }
    }
    if rareShare > 0 { cells.append(("\(feature)=other", .otherLevels(rare), rareShare)) }
    if summaries[index].missingWeight > 0 {
      cells.append(("\(feature)=missing", .missing, summaries[index].missingWeight / data.totalWeight))
    }
    guard cells.count > 1 else {
      drop(feature, "all training rows have the same level")
      return
    }
    let greatest = cells.map(\.share).max() ?? 0
    let base = cells.firstIndex { $0.share == greatest }
    for (position, cell) in cells.enumerated() where position != base {
      columns.append(indicator(cell.name, index, cell.term, share: cell.share))
    }
  }

  private func indicator(
    _ name: String, _ feature: Int, _ term: DesignColumn.Term, share: Double
  ) -> DesignColumn {
    DesignColumn(
      name: name, feature: feature, term: term, mean: share, scale: (share * (1 - share)).squareRoot())
  }

  // MARK: Exact moments

  /// The design with the moments of all rows, without columns that say the same as others.
  ///
  /// - Parameters:
  ///   - columns: `provisionalColumns()`.
  ///   - moments: of the same columns, in units of a sample's moments.
  /// - Returns: the design and the positions of its columns among `columns`.
  mutating func design(
    _ columns: [DesignColumn], _ moments: DesignMoments
  ) -> (design: Design, kept: [Int]) {
    withoutCorrelated(standardise(columns, moments), moments)
  }

  private func standardise(_ columns: [DesignColumn], _ moments: DesignMoments) -> [DesignColumn] {
    columns.enumerated().map { position, column in
      guard case .value(let lower, let upper, _) = column.term else { return column }
      let present = data.totalWeight - summaries[column.feature].missingWeight
      // Missing rows stand at the provisional mean, which is 0 in these sums, and move to the exact one.
      let shift = moments.sums[position] / present
      let variance = (moments.squares[position] - present * shift * shift) / data.totalWeight
      let mean = column.mean + shift * column.scale
      return DesignColumn(
        name: column.name, feature: column.feature, term: .value(lower: lower, upper: upper, fill: mean),
        mean: mean, scale: max(variance, 0).squareRoot() * column.scale)
    }
  }

  private mutating func withoutCorrelated(
    _ columns: [DesignColumn], _ moments: DesignMoments
  ) -> (design: Design, kept: [Int]) {
    var kept: [Int] = []
    for (position, column) in columns.enumerated() {
      guard column.scale > 0, column.scale.isNormal else {
        drop(data.features[column.feature].name, column: column.name, "it is constant up to rounding")
        continue
      }
      let twin = kept.first { moments.correlation($0, position).magnitude > options.correlationLimit }
      guard let twin else {
        kept.append(position)
        continue
      }
      let percent = Int(moments.correlation(twin, position).magnitude * 1000)
      let figure = "\(moments.correlation(twin, position) < 0 ? "-" : "")0.\(percent == 1000 ? 999 : percent)"
      drop(
        data.features[column.feature].name, column: column.name,
        "it says the same as \(columns[twin].name) (correlation beyond \(figure))")
    }
    let correlations = Matrix(rows: kept.count, columns: kept.count) { elements in
      for (row, later) in kept.enumerated() {
        for (column, earlier) in kept[...row].enumerated() {
          let value = row == column ? 1 : moments.correlation(earlier, later)
          elements[row * kept.count + column] = value
          elements[column * kept.count + row] = value
        }
      }
    }
    return (Design(columns: kept.map { columns[$0] }, correlations: correlations), kept)
  }

  private mutating func drop(_ feature: String, column: String? = nil, _ reason: String) {
    dropped.append(DroppedFeature(feature: feature, column: column ?? feature, reason: reason))
  }
}

extension FeatureSummary {
  /// Whether any row with a weight has a value.
  fileprivate var hasValues: Bool { least <= greatest }
}
