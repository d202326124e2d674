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

  /// Features side by side whose raw values are transposed together.
  fileprivate struct Groups {
    static let width = Int(vector_group_width)
    /// Fewer numbers among the features are gathered one by one.
    static let leastNumbers = 4

    var firstFeatures: [Int] = []
    /// Those of what is finished later leave the values as they are.
    var terms: [VectorTermGroup] = []
    /// Panel columns of the values, `width` a group; -1 where there is none.
    var targets: [Int] = []
  }

  private let groups: Groups
  /// Steps that have more to do than the groups do for them, or are in none.
  private let transposedSteps: [Step]
  private let gatheredSteps: [Step]
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
    var groups = Groups()
    var (transposedSteps, gatheredSteps) = ([Step](), [Step]())
    for first in stride(from: 0, to: features.count, by: Groups.width) {
      let own = steps.filter { first..<first + Groups.width ~= $0.feature }
      let isTransposed = groups.add(own, from: min(first, features.count - Groups.width))
      for step in own where !(isTransposed && step.value >= 0 && step.isPlain) {
        if isTransposed, step.value >= 0 { transposedSteps.append(step) } else { gatheredSteps.append(step) }
      }
    }
    (self.groups, self.transposedSteps, self.gatheredSteps) = (groups, transposedSteps, gatheredSteps)
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
    if !gatheredSteps.isEmpty, stride == featureCount { vector_prefetch(first, count * featureCount) }
    transpose(first, stride, count, panel)
    for step in transposedSteps { finish(step, count, panel) }
    for step in gatheredSteps {
      let source = first + step.feature
      // A category has a mark of missing values, too.
      if !step.dummyOfLevel.isEmpty { expandCategory(step, source, stride, count, panel) }
      gather(step, source, stride, count, panel)
    }
  }

  /// Writes the values of the groups' features into their columns: finished where they are plain, else raw.
  private func transpose(_ first: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ panel: Panel) {
    guard !groups.terms.isEmpty else { return }
    withUnsafeTemporaryAllocation(
      of: UnsafeMutablePointer<Double>?.self, capacity: groups.targets.count
    ) { targets in
      for (index, column) in groups.targets.enumerated() {
        let target = column < 0 ? panel.spareColumn : panel.column(column)
        targets.initializeElement(at: index, to: target.baseAddress)
      }
      vector_transpose(
        first, stride, count, groups.terms.count, groups.firstFeatures, groups.terms, targets.baseAddress)
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

extension Expansion.Groups {
  /// Adds a group of features; where they are fewer than `width` at the end, it starts earlier and leaves those of its
  /// neighbour alone.
  ///
  /// - Parameter steps: of the features that are the group's own.
  /// - Returns: whether there are enough numbers among them, and enough features at all.
  fileprivate mutating func add(_ steps: [Expansion.Step], from first: Int) -> Bool {
    let numbers = steps.filter { $0.value >= 0 }
    guard first >= 0, numbers.count >= Self.leastNumbers else { return false }
    var columns = [Int](repeating: -1, count: Self.width)
    var plain = [VectorTerm](repeating: .unchanged, count: Self.width)
    for step in numbers {
      columns[step.feature - first] = step.value
      if step.isPlain { plain[step.feature - first] = step.term }
    }
    firstFeatures.append(first)
    targets += columns
    terms.append(VectorTermGroup(plain))
    return true
  }
}

extension VectorTermGroup {
  /// - Parameter terms: eight of them.
  init(_ terms: [VectorTerm]) {
    func eight(_ constant: KeyPath<VectorTerm, Double>) -> EightDoubles {
      let values = terms.map { $0[keyPath: constant] }
      return (values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7])
    }
    self.init(
      lower: eight(\.lower), upper: eight(\.upper), centre: eight(\.centre), slope: eight(\.slope),
      offset: eight(\.offset), missing: eight(\.missing))
  }
}

/// An array of eight in C.
private typealias EightDoubles = (Double, Double, Double, Double, Double, Double, Double, Double)

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
