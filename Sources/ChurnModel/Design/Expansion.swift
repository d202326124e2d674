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
    var lower = -Double.greatestFiniteMagnitude
    var upper = Double.greatestFiniteMagnitude
    var mean = 0.0
    var inverseScale = 1.0
    var standardisedFill = 0.0
    var presentMark = 0.0
    var missingMark = 0.0
    /// Panel columns of levels with their two values.
    var dummies: [(column: Int, absent: Double, present: Double)] = []
    /// For each level of the feature the position in `dummies`, or -1.
    var dummyOfLevel: [Int] = []
  }

  private let steps: [Step]
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
    for step in steps {
      let source = first + step.feature
      if !step.dummyOfLevel.isEmpty {
        expandCategory(step, source, stride, count, panel)
      } else if step.value >= 0 {
        expandValue(step, source, stride, count, panel)
      }
      if step.missing >= 0 {
        let target = panel.column(step.missing)
        for row in 0..<count {
          target[row] = source[row * stride].isNaN ? step.missingMark : step.presentMark
        }
      }
    }
  }

  private func expandValue(
    _ step: Step, _ source: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ panel: Panel
  ) {
    let target = panel.column(step.value)
    let (lower, upper, fill) = (step.lower, step.upper, step.standardisedFill)
    let (mean, inverseScale) = (step.mean, step.inverseScale)
    // NaN fails both comparisons and passes through to the last step.
    for row in 0..<count {
      let value = source[row * stride]
      let bounded = value < lower ? lower : value
      target[row] = bounded > upper ? upper : bounded
    }
    if step.isLogarithm {
      for row in 0..<count { target[row] = ElementaryFunctions.signedLogarithm(target[row]) }
    }
    for row in 0..<count {
      let value = (target[row] - mean) * inverseScale
      target[row] = value.isNaN ? fill : value
    }
  }

  private func expandCategory(
    _ step: Step, _ source: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ panel: Panel
  ) {
    for dummy in step.dummies {
      let target = panel.column(dummy.column)
      for row in 0..<count { target[row] = dummy.absent }
    }
    for row in 0..<count {
      let value = source[row * stride]
      guard value >= 0, value < Double(step.dummyOfLevel.count) else { continue }
      let position = step.dummyOfLevel[Int(value)]
      if position >= 0 {
        let dummy = step.dummies[position]
        panel.column(dummy.column)[row] = dummy.present
      }
    }
  }
}

extension Expansion.Step {
  fileprivate mutating func add(_ column: DesignColumn, panelColumn: Int) {
    switch column.term {
    case .value(let lower, let upper, let fill):
      value = panelColumn
      self.lower = lower ?? self.lower
      self.upper = upper ?? self.upper
      mean = column.mean
      inverseScale = 1 / column.scale
      standardisedFill = (fill - column.mean) / column.scale
    case .missing:
      missing = panelColumn
      presentMark = -column.mean / column.scale
      missingMark = (1 - column.mean) / column.scale
    case .level(let level): add([level], column, panelColumn)
    case .otherLevels(let levels): add(levels, column, panelColumn)
    }
  }

  private mutating func add(_ levels: [Int], _ column: DesignColumn, _ panelColumn: Int) {
    for level in levels { dummyOfLevel[level] = dummies.count }
    dummies.append((panelColumn, -column.mean / column.scale, (1 - column.mean) / column.scale))
  }
}
