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

    var isNumber: Bool { reading == .linear || reading == .logarithm }
  }

  /// One a feature.
  let steps: [Step]
  /// Numbers whose additions are made for whole rows.
  let numbers: Numbers
  /// Features that are looked at one after the other beside them.
  let others: [Int]
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
    let numbers = Numbers(steps)
    self.numbers = numbers
    // Numbers before categories, in groups or not: other features in the table change no bit of a margin.
    others =
      (numbers.isEmpty ? steps.indices.filter { steps[$0].isNumber } : [])
      + steps.indices.filter { steps[$0].reading == .category }
  }

  /// What the numbers among the features add, in groups that fill a vector register.
  struct Numbers: Sendable {
    private var firstFeatures: [Int] = []
    private var terms: [VectorTermGroup] = []
    /// A bit for each feature of a group.
    private var logarithms: [UInt8] = []

    private static let width = Int(vector_group_width)

    /// Rows of fewer features than a register holds have no groups.
    var isEmpty: Bool { terms.isEmpty }

    fileprivate init(_ steps: [Step]) {
      guard steps.count >= Self.width else { return }
      for start in stride(from: 0, to: steps.count, by: Self.width) {
        // The last group reaches back to features that another one has added.
        let first = min(start, steps.count - Self.width)
        let own = (first..<first + Self.width).map { $0 < start ? Step() : steps[$0] }
        guard own.contains(where: \.isNumber) else { continue }
        firstFeatures.append(first)
        terms.append(VectorTermGroup(own.map { $0.isNumber ? $0.term : .none }))
        logarithms.append(
          own.indices.reduce(0) { own[$1].reading == .logarithm ? $0 | 1 << UInt8($1) : $0 })
      }
    }

    /// Adds to the margins of `count` rows, `stride` apart.
    func add(
      _ rows: UnsafePointer<Double>, stride: Int, count: Int, to margins: UnsafeMutablePointer<Double>
    ) {
      vector_add_rows(rows, stride, count, terms.count, firstFeatures, terms, logarithms, margins)
    }
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
