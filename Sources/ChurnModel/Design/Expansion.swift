internal import CVectorLoops
import LinearAlgebra

/// The precompiled way from raw rows to standardised design columns.
struct Expansion: Sendable {
  /// What one feature writes into the panel.
  fileprivate struct Step {
    let feature: Int
    let isLogarithm: Bool
    /// Panel columns, or -1.
    var value = -1
    var missing = -1
    var term = VectorTerm.unbounded
    var presentMark = 0.0
    var missingMark = 0.0
    /// Panel columns of levels with their two values.
    var dummies: [(column: Int, absent: Double, present: Double)] = []
    /// For each level of the feature the position in `dummies`, or -1.
    var dummyOfLevel: [Double] = []

    /// Whether the term is linear and all there is of the feature.
    var isPlain: Bool { !isLogarithm && missing < 0 }
  }

  /// Features side by side whose raw values may be transposed together.
  fileprivate struct Group {
    /// A vector register of 512 bits.
    static let width = 8
    /// Fewer numbers among the features are gathered one by one.
    static let leastNumbers = 4

    /// The steps of its features.
    let steps: Range<Int>
    let firstFeature: Int
    /// For each of `width` features from the first the panel column of its value, or -1; empty when values are gathered.
    let targets: [Int]
    /// For each of them its linear term; that of what is finished later leaves the values as they are.
    let terms: [VectorTerm]

    var isTransposed: Bool { !targets.isEmpty }
  }

  private let steps: [Step]
  private let groups: [Group]
  private let featureCount: Int
  /// Panel columns: the intercept's column of ones, then one a design column.
  let panelColumns: Int

  init(features: [FeatureColumn], columns: [DesignColumn]) {
    featureCount = features.count
    panelColumns = columns.count + 1
    var steps: [Step] = []
    for (index, feature) in features.enumerated() {
      var step = Step(feature: index, isLogarithm: feature.kind == .logarithm)
      if case .category(let levels) = feature.kind {
        step.dummyOfLevel = Array(repeating: -1, count: levels.count)
      }
      var isUsed = false
      for (position, column) in columns.enumerated() where column.feature == index {
        step.add(column, panelColumn: position + 1)
        isUsed = true
      }
      if isUsed { steps.append(step) }
    }
    self.steps = steps
    groups = stride(from: 0, to: features.count, by: Group.width).map {
      Group(features: $0..<min($0 + Group.width, features.count), featureCount: features.count, steps: steps)
    }
  }

  /// Writes the intercept's ones into a panel; `expand` leaves them.
  func prepare(_ panel: Panel) {
    panel.column(0).update(repeating: 1)
  }

  /// Writes the design columns of `count` rows into the panel.
  ///
  /// - Parameters:
  ///   - first: the first raw value of the first row.
  ///   - stride: distance between successive rows in `values`, in elements.
  func expand(first: UnsafePointer<Double>, stride: Int, count: Int, into panel: Panel) {
    if stride == featureCount { vector_prefetch(first, count * featureCount) }
    for group in groups {
      if group.isTransposed { transpose(group, first, stride, count, panel) }
      for step in steps[group.steps] {
        let source = first + step.feature
        if step.value >= 0, group.isTransposed {
          if !step.isPlain { finish(step, count, panel) }
        } else {
          // A category has a mark of missing values, too.
          if !step.dummyOfLevel.isEmpty { expandCategory(step, source, stride, count, panel) }
          gather(step, source, stride, count, panel)
        }
      }
    }
  }

  /// Writes the values of a group's features into their columns: finished where they are plain, else raw.
  private func transpose(
    _ group: Group, _ first: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ panel: Panel
  ) {
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Double>?.self, capacity: Group.width) { targets in
      for (index, column) in group.targets.enumerated() {
        let target = column < 0 ? panel.spareColumn : panel.column(column)
        targets.initializeElement(at: index, to: target.baseAddress)
      }
      vector_transpose(first + group.firstFeature, stride, count, group.terms, targets.baseAddress)
    }
  }

  /// Makes design columns of raw values that stand in the panel.
  private func finish(_ step: Step, _ count: Int, _ panel: Panel) {
    let target = panel.column(step.value).baseAddress
    if step.missing >= 0 {
      vector_missing_mark(
        target, 1, count, step.presentMark, step.missingMark, panel.column(step.missing).baseAddress)
    }
    withUnsafePointer(to: step.term) { term in
      if step.isLogarithm {
        vector_logarithm_in_place(count, term, target)
      } else {
        vector_linear_in_place(count, term, target)
      }
    }
  }

  /// Makes design columns of raw values that stand `stride` apart.
  private func gather(
    _ step: Step, _ source: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ panel: Panel
  ) {
    if step.value >= 0 {
      let target = panel.column(step.value).baseAddress
      withUnsafePointer(to: step.term) { term in
        if step.isLogarithm {
          vector_logarithm_term(source, stride, count, term, target)
        } else {
          vector_linear_term(source, stride, count, term, target)
        }
      }
    }
    if step.missing >= 0 {
      let target = panel.column(step.missing).baseAddress
      vector_missing_mark(source, stride, count, step.presentMark, step.missingMark, target)
    }
  }

  private func expandCategory(
    _ step: Step, _ source: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ panel: Panel
  ) {
    let levels = step.dummyOfLevel.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { positions in
      guard let position = positions.baseAddress else { return }
      vector_lookup(source, stride, count, step.dummyOfLevel, levels, -1, -1, position)
      for (index, dummy) in step.dummies.enumerated() {
        let target = panel.column(dummy.column).baseAddress
        vector_position_mark(position, count, Double(index), dummy.present, dummy.absent, target)
      }
    }
  }
}

extension Expansion.Group {
  /// - Parameter features: the group's own; where they are fewer than `width` at the end, the group starts earlier and
  ///   leaves those of its neighbour alone.
  fileprivate init(features: Range<Int>, featureCount: Int, steps: [Expansion.Step]) {
    let own = steps.indices.filter { features.contains(steps[$0].feature) }
    self.steps = own.isEmpty ? 0..<0 : own[0]..<own[own.count - 1] + 1
    firstFeature = min(features.lowerBound, featureCount - Self.width)
    let columns = own.filter { steps[$0].value >= 0 }
      .reduce(into: [Int: Int]()) { $0[steps[$1].feature] = steps[$1].value }
    guard firstFeature >= 0, columns.count >= Self.leastNumbers else {
      (targets, terms) = ([], [])
      return
    }
    let plain = own.filter { steps[$0].isPlain }
      .reduce(into: [Int: VectorTerm]()) { $0[steps[$1].feature] = steps[$1].term }
    terms = (firstFeature..<firstFeature + Self.width).map { plain[$0] ?? .unchanged }
    targets = (firstFeature..<firstFeature + Self.width).map { columns[$0] ?? -1 }
  }
}

extension Expansion.Step {
  fileprivate mutating func add(_ column: DesignColumn, panelColumn: Int) {
    switch column.term {
    case .value(let lower, let upper, let fill):
      value = panelColumn
      term = VectorTerm(
        lower: lower ?? term.lower, upper: upper ?? term.upper, centre: column.mean, slope: 1 / column.scale,
        offset: 0, missing: (fill - column.mean) / column.scale)
    case .missing:
      missing = panelColumn
      presentMark = -column.mean / column.scale
      missingMark = (1 - column.mean) / column.scale
    case .level(let level): add([level], column, panelColumn)
    case .otherLevels(let levels): add(levels, column, panelColumn)
    }
  }

  private mutating func add(_ levels: [Int], _ column: DesignColumn, _ panelColumn: Int) {
    for level in levels { dummyOfLevel[level] = Double(dummies.count) }
    dummies.append((panelColumn, -column.mean / column.scale, (1 - column.mean) / column.scale))
  }
}

extension VectorTerm {
  /// Where values without bounds end: products of two of them are still finite, so that the infinite value of a row
  /// with weight 0 adds 0 to every sum.
  static let greatestValue = 1e150

  /// Every value as it is.
  static let unchanged = VectorTerm(
    lower: -.infinity, upper: .infinity, centre: 0, slope: 1, offset: 0, missing: .nan)

  /// Adds the value as it is, and nothing when it is missing.
  static let unbounded = VectorTerm(
    lower: -greatestValue, upper: greatestValue, centre: 0, slope: 1, offset: 0,
    missing: 0)
}
