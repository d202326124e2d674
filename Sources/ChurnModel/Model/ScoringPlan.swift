internal import CVectorLoops

/// A model turned into flat arrays: what each feature adds to the margin.
struct ScoringPlan: Sendable {
  /// How a feature's raw value is read.
  enum Reading: Sendable {
    case linear, logarithm, category, unused
  }

  /// What one feature adds. Numbers add offset + slope·(t(x) − centre), levels what stands in the table.
  struct Step: Sendable {
    var reading = Reading.unused
    /// What a number adds; a missing value of a category adds its `missing`, too.
    var term = VectorTerm.none
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
        step.term.lower = lower ?? step.term.lower
        step.term.upper = upper ?? step.term.upper
        step.term.centre = column.mean
        step.term.slope = slope
        step.term.missing += slope * (fill - column.mean)
      case .missing:
        step.term.offset -= slope * column.mean
        step.term.missing += slope * (1 - column.mean)
      case .level, .otherLevels: break
      }
    }
    return step
  }

  private static func category(_ levels: Int, _ columns: [DesignColumn], start: Int) -> Step {
    var step = Step(reading: .category, table: start..<start + levels)
    step.term.missing = addition(columns) { $0.term == .missing }
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

  /// Writes what one feature adds to the margins of `count` rows, whose values are `stride` apart.
  func write(
    _ step: Step, _ source: UnsafePointer<Double>, stride: Int, count: Int,
    to target: UnsafeMutablePointer<Double>
  ) {
    switch step.reading {
    case .unused: target.update(repeating: 0, count: count)
    case .linear:
      withUnsafePointer(to: step.term) { vector_linear_term(source, stride, count, $0, target) }
    case .logarithm:
      withUnsafePointer(to: step.term) { vector_logarithm_term(source, stride, count, $0, target) }
    case .category:
      table.withUnsafeBufferPointer { table in
        guard let base = table.baseAddress else { return }
        vector_lookup(
          source, stride, count, base + step.table.lowerBound, step.table.count, step.term.missing,
          step.unseen,
          target)
      }
    }
  }
}

extension VectorTerm {
  /// Adds nothing.
  fileprivate static let none = VectorTerm(
    lower: -greatestValue, upper: greatestValue, centre: 0, slope: 0, offset: 0,
    missing: 0)
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
