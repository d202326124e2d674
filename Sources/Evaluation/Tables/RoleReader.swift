import Histories
import Tables

/// Reads what is no feature of a table: label, weights, folds, ids.
struct RoleReader {
  let table: Table
  let path: String

  private func index(_ name: String) -> Int {
    guard let index = table.index(of: name) else { preconditionFailure("roles were checked before loading") }
    return index
  }

  func label(_ roles: TableRoles) throws(TableError) -> LabelColumn {
    try LabelColumn(table, column: index(roles.label), asked: roles.positive)
  }

  func notices(_ label: LabelColumn, _ column: String) -> [TableNotice] {
    var notices: [TableNotice] = []
    let unlabelled = label.labels.count { $0 == nil }
    if unlabelled > 0, let first = label.labels.firstIndex(where: { $0 == nil }) {
      notices.append(
        TableNotice(
          .unlabelledRows, [column],
          "\(unlabelled) rows without a label (\"\(column)\"; first row \(first + 1)) are left out.",
          "\(unlabelled) 行没有标签（“\(column)”，首见第 \(first + 1) 行），已略去。"))
    }
    if label.rule == .rarer {
      notices.append(
        TableNotice(
          .positiveIsRarer, [column],
          "Of the label's values \"\(label.values.positive)\" is predicted, the rarer one; --positive chooses the other.",
          "标签取值中预测较少的“\(label.values.positive)”；可用 --positive 选择另一个。"))
    }
    return notices
  }

  /// - Throws: `TableError` for weights that are missing, negative or infinite, with the row.
  func weights(_ name: String) throws(TableError) -> [Double] {
    let weights = try table.numbers(index(name), role: "--weight", advice: Self.weightAdvice)
    if let row = weights.firstIndex(where: { !($0 >= 0) }) {
      let found = weights[row].isNaN ? "missing" : "negative"
      throw TableError(
        .badData, "The weight \"\(name)\" is \(found) in row \(row + 1). \(Self.weightAdvice)")
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw TableError(.badData, "All weights \"\(name)\" are 0. Give rows a positive weight.")
    }
    return weights
  }

  /// - Throws: `TableError` for offsets that are missing, with the row.
  func offsets(_ name: String, format: NumberFormat? = nil) throws(TableError) -> [Double] {
    let offsets = try table.numbers(
      index(name), role: "offset", format: format, advice: Self.offsetAdvice)
    if let row = offsets.firstIndex(where: \.isNaN) {
      throw TableError(
        .badData,
        "The offset \"\(name)\" is missing in row \(table.rowsBefore + row + 1). \(Self.offsetAdvice)")
    }
    return offsets
  }

  private static let weightAdvice = "Weights are finite numbers of 0 or more; 0 leaves a row out."
  private static let offsetAdvice = "Give every row a finite number; 0 adds nothing."

  /// More folds than this are not meant.
  private static let mostFolds = 100

  /// - Throws: `TableError` for a missing fold, a single one, too many, and folds of one class.
  func folds(
    _ name: String, rows: [Int], labels: [Bool], weights: [Double]?
  ) throws(TableError) -> TrainingTable.Folds {
    let column = index(name)
    guard let dictionary = table.columns[column].dictionary else {
      preconditionFailure("folds are read as text")
    }
    let texts = (0..<dictionary.count).map { LabelValues.canonical(dictionary.texts[$0]) }
    let codes = table.values(of: column)
    if let row = rows.first(where: { codes[$0].isNaN || MissingText.isMissing(texts[Int(codes[$0])]) }) {
      throw TableError(
        .badData,
        "The fold \"\(name)\" is missing in row \(row + 1). Give every row a fold, or leave --folds out.")
    }
    let names = Set(rows.map { texts[Int(codes[$0])] }).sorted(by: Self.precedes)
    guard names.count > 1 else {
      throw TableError(
        .badData, "The fold column \"\(name)\" has one value only. Give it two or more, or leave --folds out."
      )
    }
    guard names.count <= Self.mostFolds else {
      throw TableError(
        .badData,
        "The fold column \"\(name)\" has \(names.count) values, more than \(Self.mostFolds). Name another column with --folds."
      )
    }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    let fold = rows.map { places[texts[Int(codes[$0])]] ?? 0 }
    for place in names.indices {
      let own = fold.indices.filter { fold[$0] == place && (weights?[$0] ?? 1) > 0 }
      let positives = own.count { labels[$0] }
      guard positives > 0, positives < own.count else {
        let what = own.isEmpty ? "has no row with a weight" : "has rows of one class only"
        throw TableError(
          .badData,
          "Fold \"\(names[place])\" (\(place + 1) of \(names.count)) in \"\(name)\" \(what), so nothing can be judged in it. "
            + "Deal both classes to every fold.")
      }
    }
    return TrainingTable.Folds(column: name, names: names, fold: fold)
  }

  /// Numbers by their size, texts after them.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    switch (Double(left), Double(right)) {
    case (let left?, let right?): left < right
    case (.some, nil): true
    case (nil, .some): false
    case (nil, nil): left < right
    }
  }

  /// A number for each id that does not depend on the order of rows.
  func groups(_ name: String) -> [Int32] {
    let column = index(name)
    guard let dictionary = table.columns[column].dictionary else {
      preconditionFailure("ids are read as text")
    }
    let groups = (0..<dictionary.count).map { GroupNumbers.of(KeyHash.hash(dictionary.texts.bytes($0))) }
    return table.values(of: column).map { $0.isNaN ? 0 : groups[Int($0)] }
  }
}
