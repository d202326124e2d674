/// Which rows are fitted and which are held out to judge the fit.
public enum CrossValidationFolds: Sendable, Equatable {
  /// The rows of a group, such as those of one customer, stay together; groups are dealt to so many folds of about as many
  /// groups each, by a hash of their ids. Each fold is held out once. One id a row.
  case grouped([Int32], folds: Int)
  /// One period a row, later ones greater. Each period but the first is held out once, and only rows of earlier periods
  /// are fitted: forward chaining.
  case forward([Int32])

  /// Rows by group and what is fitted and held out.
  struct Plan: Sendable {
    /// One a row.
    let groupOfRow: [Int]
    let groups: Int
    let folds: [Fold]
  }

  struct Fold: Sendable {
    let fitted: [Int]
    let heldOut: Int
    /// How messages call it.
    let name: String
  }

  /// - Throws: `ChurnModelError` (`lengthMismatch`, `invalidOption`, `oneClass`).
  /// - Complexity: that of `RowRanks`
  func plan(_ data: TrainingData) throws(ChurnModelError) -> Plan {
    let plan: Plan
    switch self {
    case .grouped(let ids, let folds): plan = try Self.grouped(ids, folds, data)
    case .forward(let periods): plan = try Self.forward(periods, data)
    }
    try Self.check(plan, data)
    return plan
  }

  private static func grouped(
    _ ids: [Int32], _ folds: Int, _ data: TrainingData
  ) throws(ChurnModelError) -> Plan {
    try checkLength(ids, "group ids", data)
    guard folds >= 2 else {
      throw ChurnModelError(.invalidOption, "cross-validation needs at least 2 folds, not \(folds)")
    }
    // SplitMix64's mixer: neighbouring ids get far hashes, different ones different hashes.
    let ranked = RowRanks(ids, weights: data.weights) { SplitMix64.number(UInt64(UInt32(bitPattern: $0))) }
    guard ranked.keys.count >= folds else {
      throw ChurnModelError(
        .invalidOption,
        "there are \(ranked.keys.count) groups of rows, too few for \(folds) folds; ask for fewer folds")
    }
    return Plan(
      groupOfRow: ranked.ranks.map { $0 < 0 ? 0 : Int($0) % folds }, groups: folds,
      folds: (0..<folds).map { fold in
        Fold(fitted: (0..<folds).filter { $0 != fold }, heldOut: fold, name: "fold \(fold + 1)")
      })
  }

  private static func forward(_ periods: [Int32], _ data: TrainingData) throws(ChurnModelError) -> Plan {
    try checkLength(periods, "periods", data)
    let least = Int64(Int32.min)
    let ranked = RowRanks(periods, weights: data.weights) { UInt64(Int64($0) - least) }
    let distinct = ranked.keys.map { Int64($0) + least }
    guard distinct.count >= 2 else {
      throw ChurnModelError(
        .invalidOption, "all rows are of one period, so none is later than another; give two at least")
    }
    return Plan(
      groupOfRow: ranked.ranks.map { max(Int($0), 0) }, groups: distinct.count,
      folds: (1..<distinct.count).map { index in
        Fold(fitted: Array(0..<index), heldOut: index, name: "period \(distinct[index])")
      })
  }

  private static func checkLength(
    _ values: [Int32], _ what: String, _ data: TrainingData
  ) throws(ChurnModelError) {
    guard values.count == data.rows else {
      throw ChurnModelError(
        .lengthMismatch,
        "the table has \(data.rows) rows, but there are \(values.count) \(what); give one for every row")
    }
  }

  private static func check(_ plan: Plan, _ data: TrainingData) throws(ChurnModelError) {
    var rows = [Int](repeating: 0, count: plan.groups)
    var positives = rows
    for (row, group) in plan.groupOfRow.enumerated() where data.weights[row] > 0 {
      rows[group] += 1
      positives[group] += data.outcomes[row] > 0 ? 1 : 0
    }
    for fold in plan.folds {
      let count = fold.fitted.reduce(0) { $0 + rows[$1] }
      let found = fold.fitted.reduce(0) { $0 + positives[$1] }
      guard found > 0, found < count else {
        throw ChurnModelError(
          .oneClass,
          "without the rows held out for \(fold.name), the \(count) rows to fit have one class only; use fewer folds "
            + "or more rows")
      }
    }
  }
}
