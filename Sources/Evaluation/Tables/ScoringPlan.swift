public import ChurnModel
public import LinearAlgebra
public import Tables

/// Which columns of a table a model reads and as what; reads whole tables and parts of them alike.
public struct ScoringPlan: Sendable {
  private let model: AnyModel
  private let used: [Int]
  private let names: [String]
  private let schema: TableSchema?
  private let id: String?
  private let path: String
  /// By column of texts that are numbers to the model.
  private let formats: [String: NumberFormat]
  /// The columns to load, and those of them that are read as they are written.
  public let columns: [String]
  public let texts: Set<String>

  /// Some rows as the model reads them; see `ScoringTable`.
  public struct Part: Sendable {
    public let values: Matrix
    public let offsets: [Double]?
    public let ids: ScoringTable.IDs?
    public let counts: [(feature: String, counts: ColumnReading.Counts)]
  }

  /// - Parameters:
  ///   - label, id: further columns that are read as texts.
  ///   - isInParts: whether rows are read in parts, so that formats of numbers are found from all rows before.
  /// - Throws: `TableError` naming every column that the model uses and that is not there.
  public init(
    _ file: TableFile, model: AnyModel, label: String? = nil, id: String? = nil, isInParts: Bool = false
  ) throws(TableError) {
    self.model = model
    schema = TableSchema(model)
    used = model.usedFeatures
    names = used.map { model.features[$0].name }
    self.id = id
    path = file.path
    try Self.check(file, Self.needed(model), model)
    if let label {
      _ = try file.column(
        label,
        need: label == schema?.label
          ? "the label that the model predicts; --label names another" : "which --label names")
    }
    if let id { _ = try file.column(id, role: "--id") }
    let categories = used.filter { model.features[$0].isCategory }.map { model.features[$0].name }
    columns = Set(names + [label, id, schema?.offset].compactMap { $0 }).sorted()
    texts = Set(categories + [label, id].compactMap { $0 })
    var formats: [String: NumberFormat] = [:]
    if isInParts {
      for (feature, name) in zip(used, names) where model.features[feature].isNumber {
        formats[name] = try file.numberFormat(of: name)
      }
      if let offset = schema?.offset { formats[offset] = try file.numberFormat(of: offset) }
    }
    self.formats = formats
  }

  /// The columns that a model cannot do without.
  public static func needed(_ model: AnyModel) -> [String] {
    model.usedFeatures.map { model.features[$0].name } + [TableSchema(model)?.offset].compactMap { $0 }
  }

  /// - Parameter table: the plan's columns of some rows.
  /// - Throws: `TableError` naming the column that holds something else than the model has learned from.
  /// - Complexity: O(rows × features)
  public func read(_ table: Table) throws(TableError) -> Part {
    let days = Set(schema?.days ?? [])
    var readings: [ColumnReading] = []
    for (feature, name) in zip(used, names) {
      guard let index = table.index(of: name) else { preconditionFailure("the columns were checked") }
      readings.append(
        try table.reading(
          index, as: model.features[feature].wanted(isDay: days.contains(name)), format: formats[name],
          admitsStrays: true))
    }
    return Part(
      values: Self.spread(table.matrix(readings), to: used, of: model.features.count),
      offsets: try schema?.offset.map { name throws(TableError) in
        try RoleReader(table: table, path: path).offsets(name, format: formats[name])
      },
      ids: id.flatMap { table.index(of: $0) }.flatMap { ScoringTable.IDs(table, column: $0) },
      counts: zip(names, readings).map { ($0, $1.counts(in: table)) })
  }

  /// Counts of every feature that the model uses, from what is known of each.
  public func counts(
    _ known: (String) -> (missing: Int, unseen: Int)
  ) -> [(feature: String, counts: ColumnReading.Counts)] {
    names.map {
      let own = known($0)
      return ($0, ColumnReading.Counts(missing: own.missing, unseen: own.unseen))
    }
  }

  /// What there is to say about the file before its rows are read.
  public func notices(_ file: TableFile) -> [TableNotice] {
    FileNotices.of(file) + Self.ignored(file, Set(columns).union(schema?.roles ?? []), model)
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

  /// What there is to say about values that the model has not seen.
  public static func unseen(_ counts: [(feature: String, counts: ColumnReading.Counts)]) -> [TableNotice] {
    counts.filter { $0.counts.unseen > 0 }.map { feature, counts in
      TableNotice(
        .unseen, [feature],
        "Column \"\(feature)\": \(counts.unseen) rows hold values that the model has not seen; they count as rare levels, or as missing where it knows numbers, or yes and no.",
        "“\(feature)”列有 \(counts.unseen) 行取值未在训练中出现，按少见取值（数字列和是/否列按缺失）处理。")
    }
  }
}

extension FeatureColumn {
  fileprivate var isCategory: Bool {
    if case .category = kind { true } else { false }
  }

  fileprivate var isNumber: Bool {
    switch kind {
    case .numeric, .logarithm, .unused: true
    case .flag, .category: false
    }
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
