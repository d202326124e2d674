public import ChurnModel
internal import Histories
public import LinearAlgebra
public import Tables

/// The rows of a table as a model reads them: columns found by name, categories turned into the model's levels.
public struct ScoringTable: Sendable {
  /// rows × the model's features; NaN where a value is missing, −1 where it is no level. Features that the model does not
  /// use are missing.
  public let values: Matrix
  /// One a row, added to its log-odds; nil where the model was trained without.
  public let offsets: [Double]?
  /// One a row; nil where it is missing. Empty when no label was asked for.
  public let labels: [Bool?]
  /// The values of the label; nil when none was asked for.
  public let labelValues: LabelValues?
  /// The rows' names; nil when none were asked for.
  public let ids: IDs?
  /// Rows that miss a feature, or have a value that the model does not know, one a feature that the model uses.
  public let counts: [(feature: String, counts: ColumnReading.Counts)]
  public let notices: [TableNotice]

  public var rows: Int { values.rows }

  /// The column that names rows.
  public struct IDs: Sendable {
    public let column: String
    /// Whether the file keeps whole numbers there.
    public let isWhole: Bool
    private let dictionary: TextDictionary
    private let codes: [Double]

    init?(_ table: Table, column: Int) {
      guard let dictionary = table.columns[column].dictionary else { return nil }
      self.column = table.columns[column].name
      isWhole = table.columns[column].source == .whole
      self.dictionary = dictionary
      codes = table.values(of: column)
    }

    /// The name of a row; nil where it is missing.
    public subscript(row: Int) -> String? {
      codes[row].isNaN ? nil : dictionary.texts[Int(codes[row])]
    }
  }

  /// Reads the columns that a model uses, and label and id where they are asked for.
  ///
  /// - Parameters:
  ///   - label: the column with what became of the rows.
  ///   - positive: its value that counts as positive; nil for the model's, or what `LabelValues` finds.
  ///   - id: the column that names rows.
  /// - Throws: `TableError` naming every column that the model uses and that is not there, or the one that holds
  ///   something else.
  /// - Complexity: O(rows × features)
  public init(
    _ file: TableFile, model: AnyModel, label: String? = nil, positive: String? = nil, id: String? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws(TableError) {
    let schema = TableSchema(model)
    let used = model.usedFeatures
    let names = used.map { model.features[$0].name }
    try Self.check(file, names + [schema?.offset].compactMap { $0 }, model)
    if let label { _ = try file.column(label, role: "--label") }
    if let id { _ = try file.column(id, role: "--id") }
    let categories = used.filter { model.features[$0].isCategory }.map { model.features[$0].name }
    let wanted = Set(names + [label, id, schema?.offset].compactMap { $0 })
    let table = try file.load(
      wanted.sorted(), asTexts: Set(categories + [label, id].compactMap { $0 }), progress: progress)

    let days = Set(schema?.days ?? [])
    var readings: [ColumnReading] = []
    for (feature, name) in zip(used, names) {
      guard let index = table.index(of: name) else { preconditionFailure("the columns were checked") }
      readings.append(
        try table.reading(index, as: model.features[feature].wanted(isDay: days.contains(name))))
    }
    values = Self.spread(table.matrix(readings), to: used, of: model.features.count)
    offsets = try schema?.offset.map { name throws(TableError) in
      try RoleReader(table: table, path: file.path).offsets(name)
    }
    counts = zip(names, readings).map { ($0, $1.counts(in: table)) }
    let found = try label.flatMap { table.index(of: $0) }.map { index throws(TableError) in
      try LabelColumn(
        table, column: index, asked: positive, known: label == schema?.label ? schema?.values : nil)
    }
    labels = found?.labels ?? []
    labelValues = found?.values
    ids = id.flatMap { table.index(of: $0) }.flatMap { IDs(table, column: $0) }
    notices =
      FileNotices.of(file) + Self.ignored(file, wanted.union(schema?.roles ?? []), model)
      + (found.flatMap { found in label.map { Self.notices(table, found, $0, file) } } ?? [])
      + Self.unseen(counts)
  }

  private static func check(
    _ file: TableFile, _ names: [String], _ model: AnyModel
  ) throws(TableError) {
    let there = Set(file.columns.map(\.name))
    let absent = names.filter { !there.contains($0) }
    guard let first = absent.first else { return }
    let shown = absent.prefix(mostNames).map { "\"\($0)\"" }.joined(separator: ", ")
    throw TableError(
      .badData,
      "\(file.path) lacks \(absent.count == 1 ? "a column" : "\(absent.count) columns") that the model uses: \(shown)"
        + "\(absent.count > mostNames ? ", …" : ""). \(file.suggestion(for: first)) Rename or add what is missing."
    )
  }

  private static let mostNames = 10

  /// The columns at their places among all features, the others missing.
  private static func spread(_ matrix: Matrix, to places: [Int], of count: Int) -> Matrix {
    guard places.count < count else { return matrix }
    return Matrix(rows: matrix.rows, columns: count, rowsPerBlock: spreadRows) { range, target in
      target.update(repeating: .nan)
      matrix.withUnsafeRows(range) { source in
        for row in 0..<range.count {
          for (column, place) in places.enumerated() {
            target[row * count + place] = source[row * places.count + column]
          }
        }
      }
    }
  }

  private static let spreadRows = 4096

  private static func ignored(
    _ file: TableFile, _ used: Set<String>, _ model: AnyModel
  ) -> [TableNotice] {
    let known = used.union(model.features.map(\.name))
    let extra = file.columns.map(\.name).filter { !known.contains($0) }
    guard !extra.isEmpty else { return [] }
    let shown = extra.prefix(mostNames).joined(separator: ", ") + (extra.count > mostNames ? ", …" : "")
    return [
      TableNotice(
        .ignoredColumns, extra, "Columns that the model does not know are ignored: \(shown).",
        "模型不认识的列已忽略：\(shown)。")
    ]
  }

  private static func notices(
    _ table: Table, _ label: LabelColumn, _ name: String, _ file: TableFile
  ) -> [TableNotice] {
    RoleReader(table: table, path: file.path).notices(label, name)
  }

  private static func unseen(_ counts: [(feature: String, counts: ColumnReading.Counts)]) -> [TableNotice] {
    counts.filter { $0.counts.unseen > 0 }.map { feature, counts in
      TableNotice(
        .unseen, [feature],
        "Column \"\(feature)\": \(counts.unseen) rows hold values that the model has not seen; they count as rare levels, or as missing where it knows yes and no.",
        "“\(feature)”列有 \(counts.unseen) 行取值未在训练中出现，按少见取值（是/否列按缺失）处理。")
    }
  }
}

extension FeatureColumn {
  fileprivate var isCategory: Bool {
    if case .category = kind { true } else { false }
  }

  fileprivate func wanted(isDay: Bool) -> WantedKind {
    switch kind {
    case .numeric, .logarithm, .unused: isDay ? .day : .number
    case .flag: .flag
    case .category(let levels): .category(levels: levels)
    }
  }
}

extension TableSchema {
  /// Columns that are known to be no features.
  fileprivate var roles: [String] { [label, id, weight, offset, folds].compactMap { $0 } + dropped }
}
