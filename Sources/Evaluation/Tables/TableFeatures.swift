import ChurnModel
import LinearAlgebra
import Tables

/// The columns of a table that a model can learn from, and what is wrong with the others.
struct TableFeatures {
  private(set) var features: [FeatureColumn] = []
  private(set) var readings: [ColumnReading] = []
  private(set) var days: [String] = []
  /// Features with another whole number in every row.
  private(set) var distinct: [String] = []
  private(set) var notices: [TableNotice] = []

  /// - Parameter roles: columns that are no features.
  init(_ table: Table, without roles: Set<String>) throws(TableError) {
    for (index, column) in table.columns.enumerated() where !roles.contains(column.name) {
      add(column.name, try table.decide(index))
    }
  }

  private mutating func add(_ name: String, _ decision: ColumnDecision) {
    let kind: FeatureColumn.Kind
    switch decision.kind {
    case .number: kind = .numeric
    case .flag: kind = .flag
    case .category(let levels): kind = .category(levels: levels)
    case .day:
      kind = .numeric
      days.append(name)
      notices.append(
        TableNotice(
          .day, [name], "Column \"\(name)\" holds dates; it is read as a number of days.",
          "“\(name)”列为日期，按天数读取。"))
    case .identifier(let levels):
      notices.append(
        TableNotice(
          .identifier, [name],
          "Column \"\(name)\" is left out: it has \(levels) different texts, nearly one a row, as identifiers have.",
          "“\(name)”列有 \(levels) 个不同文本，几乎每行一个，视为标识，已略去。"))
      return
    case .unusable(let type):
      notices.append(
        TableNotice(
          .unusable, [name], "Column \"\(name)\" is left out: values of type \(type) cannot be used.",
          "“\(name)”列的类型 \(type) 不可用，已略去。"))
      return
    }
    if let stray = decision.stray { notices.append(Self.notice(name, stray)) }
    features.append(FeatureColumn(name: name, kind: kind))
    readings.append(decision.reading)
    if decision.isDistinct { distinct.append(name) }
  }

  /// What is said of texts among numbers: their place, for their content may be personal.
  private static func notice(_ name: String, _ stray: StrayTexts) -> TableNotice {
    let (cells, row) = (stray.cells, stray.firstRow)
    return TableNotice(
      .strayTexts, [name],
      "Column \"\(name)\" holds numbers, but text in \(cells == 1 ? "row \(row)" : "\(cells) rows, first in row \(row)"); "
        + "what is no number is read as missing. Correct or empty \(cells == 1 ? "that cell" : "these cells").",
      "“\(name)”列为数字，但有 \(cells) 个单元格为文本（首见第 \(row) 行），按缺失处理。请更正或清空。")
  }

  /// Rows without a value that can be read, one count a feature.
  func missing(_ table: Table) -> [Int] {
    readings.map {
      let counts = $0.counts(in: table)
      return counts.missing + counts.unseen
    }
  }

  /// Warns of more columns than rows.
  func widthNotice(rows: Int) -> [TableNotice] {
    let columns = features.reduce(0) { sum, feature in
      if case .category(let levels) = feature.kind { sum + max(levels.count - 1, 1) } else { sum + 1 }
    }
    guard columns > rows else { return [] }
    return [
      TableNotice(
        .moreColumnsThanRows, [],
        "There are more columns (\(columns), levels counted) than rows (\(rows)): only the penalty decides between many models that fit. "
          + "Trust the figures of --folds alone, or leave columns out with --drop.",
        "列数（含类别取值共 \(columns)）多于行数（\(rows)）：只能靠惩罚项取舍。请以 --folds 的结果为准，或用 --drop 略去部分列。")
    ]
  }
}

/// What there is to say about a file as such.
enum FileNotices {
  static func of(_ file: TableFile) -> [TableNotice] {
    var notices: [TableNotice] = []
    if file.isGuessedGB18030 {
      notices.append(
        TableNotice(
          .encoding, [], "\(file.path) is not UTF-8; it is read as GB18030.",
          "\(file.path) 不是 UTF-8，按 GB18030 读取。"))
    }
    if file.unreadableBytes > 0 {
      notices.append(
        TableNotice(
          .unreadableBytes, [],
          "\(file.path): \(file.unreadableBytes) bytes fit no encoding and are replaced.",
          "\(file.path)：\(file.unreadableBytes) 个字节无法解读，已替换。"))
    }
    for column in file.renamedColumns {
      notices.append(
        TableNotice(
          .renamedColumns, [column.name],
          "The name \"\(column.written)\" stands above several columns; a later one of them is called \"\(column.name)\". Give every column a name of its own.",
          "多个列都名为“\(column.written)”；靠后的一列改称“\(column.name)”。请为每列取不同的名称。"))
    }
    return notices
  }
}
