/// A model turned into flat arrays: what each feature adds to the margin.
struct ScoringPlan: Sendable {
  /// How a feature's raw value is read.
  enum Reading: Sendable {
    case linear, logarithm, category, unused
  }

  /// What one feature adds. Numbers add offset + slope·(t(x) − centre), levels what stands in the table.
  struct Step: Sendable {
    var reading = Reading.unused
    var lower = -Double.greatestFiniteMagnitude
    var upper = Double.greatestFiniteMagnitude
    var centre = 0.0
    var slope = 0.0
    var offset = 0.0
    /// Added when the value is missing.
    var missing = 0.0
    /// Added for a value that is no level.
    var unseen = 0.0
    /// Where the levels' additions stand in `table`.
    var table = 0..<0
  }

  let steps: [Step]
  let table: [Double]
  let intercept: Double

  init(features: [FeatureColumn], columns: [DesignColumn], intercept: Double) {
    self.intercept = intercept
    var table: [Double] = []
    var steps: [Step] = []
    for (index, feature) in features.enumerated() {
      let own = columns.filter { $0.feature == index }
      if own.isEmpty {
        steps.append(Step())
      } else if case .category(let levels) = feature.kind {
        let step = Self.category(levels.count, own, start: table.count)
        table += (0..<levels.count).map { level in Self.addition(own) { $0.contains(level: level) } }
        steps.append(step)
      } else {
        steps.append(Self.number(isLogarithm: feature.kind == .logarithm, own))
      }
    }
    self.steps = steps
    self.table = table
  }

  private static func number(isLogarithm: Bool, _ columns: [DesignColumn]) -> Step {
    var step = Step(reading: isLogarithm ? .logarithm : .linear)
    for column in columns {
      let slope = column.coefficient / column.scale
      switch column.term {
      case .value(let lower, let upper, let fill):
        step.lower = lower ?? step.lower
        step.upper = upper ?? step.upper
        step.centre = column.mean
        step.slope = slope
        step.missing += slope * (fill - column.mean)
      case .missing:
        step.offset -= slope * column.mean
        step.missing += slope * (1 - column.mean)
      case .level, .otherLevels: break
      }
    }
    return step
  }

  private static func category(_ levels: Int, _ columns: [DesignColumn], start: Int) -> Step {
    var step = Step(reading: .category, table: start..<start + levels)
    step.missing = addition(columns) { $0.term == .missing }
    // A value that is no level counts as a rare one; where none were pooled, as the base level.
    step.unseen = addition(columns) { $0.isPool }
    return step
  }

  /// Sum over indicator columns of coefficient × standardised indicator.
  private static func addition(_ columns: [DesignColumn], isOn: (DesignColumn) -> Bool) -> Double {
    var sum = 0.0
    for column in columns {
      sum += column.coefficient * ((isOn(column) ? 1 : 0) - column.mean) / column.scale
    }
    return sum
  }

  /// What one raw value adds to the margin.
  @inline(__always)
  func addition(_ step: Step, _ value: Double) -> Double {
    switch step.reading {
    case .unused: 0
    case .linear: Self.linear(step, value)
    case .logarithm: Self.logarithm(step, value)
    case .category: level(step, value)
    }
  }

  @inline(__always)
  static func bounded(_ step: Step, _ value: Double) -> Double {
    let raised = value < step.lower ? step.lower : value
    return raised > step.upper ? step.upper : raised
  }

  @inline(__always)
  static func linear(_ step: Step, _ value: Double) -> Double {
    finish(step, bounded(step, value))
  }

  @inline(__always)
  static func logarithm(_ step: Step, _ value: Double) -> Double {
    finish(step, ElementaryFunctions.signedLogarithm(bounded(step, value)))
  }

  /// Only NaN is not equal to itself: it passed through the bounds and the transformation.
  @inline(__always)
  private static func finish(_ step: Step, _ transformed: Double) -> Double {
    let addition = step.offset + step.slope * (transformed - step.centre)
    return addition.isNaN ? step.missing : addition
  }

  @inline(__always)
  func level(_ step: Step, _ value: Double) -> Double {
    if value.isNaN { return step.missing }
    guard value >= 0, value < Double(step.table.count) else { return step.unseen }
    return table[step.table.lowerBound + Int(value)]
  }
}

extension DesignColumn {
  fileprivate func contains(level: Int) -> Bool {
    term.levels.contains(level)
  }

  /// Whether the column stands for the pooled rare levels.
  fileprivate var isPool: Bool {
    if case .otherLevels = term { true } else { false }
  }
}
