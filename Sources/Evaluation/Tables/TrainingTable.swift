public import ChurnModel
internal import Histories
public import LinearAlgebra
public import Tables

/// A table made ready for learning: features in the order of their names, labels, weights and folds.
///
/// The order of the file's columns has no influence on anything. Rows without a label are left out.
public struct TrainingTable: Sendable {
  /// What each column of `values` means, by name.
  public let features: [FeatureColumn]
  /// rows × features; NaN where a value is missing.
  public let values: Matrix
  /// One a row.
  public let labels: [Bool]
  /// One a row, at least 0; nil for 1 each.
  public let weights: [Double]?
  /// One a row, added to its log-odds; nil for 0 each.
  public let offsets: [Double]?
  /// Rows of one group depend on each other: those of one id, or without ids those that are equal. One a row, at least 0.
  public let groups: [Int32]
  /// The folds; nil when the table was read without.
  public let folds: Folds?
  public let schema: TableSchema
  /// How the positive value of the label was found.
  public let labelRule: LabelValues.Rule
  /// What a user should know.
  public let notices: [TableNotice]
  /// Rows that miss each feature.
  public let missing: [Int]

  public var rows: Int { labels.count }
  public var positives: Int { labels.count { $0 } }

  /// In which fold each row is tested.
  public struct Folds: Sendable {
    public let column: String
    /// In order; numbers by their size.
    public let names: [String]
    /// One a row: an index in `names`.
    public let fold: [Int32]
  }

  /// Reads a file.
  ///
  /// - Throws: `TableError` that names the column and the row.
  /// - Complexity: O(rows × columns)
  public init(
    _ file: TableFile, roles: TableRoles, progress: (Int) -> Void = { _ in }
  ) throws(TableError) {
    try roles.check(file)
    let dropped = Set(roles.drop)
    let names = file.columns.map(\.name).filter { !dropped.contains($0) }.sorted()
    let texts = Set([roles.label, roles.id, roles.folds].compactMap { $0 })
    let table = try file.load(names, asTexts: texts, progress: progress)
    let reader = RoleReader(table: table, path: file.path)
    let label = try reader.label(roles)
    let kept = label.labels.indices.filter { label.labels[$0] != nil }
    let isWhole = kept.count == table.rows
    func ofKept<Value>(_ all: [Value]) -> [Value] { isWhole ? all : kept.map { all[$0] } }

    let labels = kept.map { label.labels[$0] == true }
    self.labels = labels
    labelRule = label.rule
    let weights = try roles.weight.map { name throws(TableError) in ofKept(try reader.weights(name)) }
    self.weights = weights
    offsets = try roles.offset.map { name throws(TableError) in ofKept(try reader.offsets(name)) }
    folds = try roles.folds.map { name throws(TableError) in
      try reader.folds(name, rows: kept, labels: labels, weights: weights)
    }
    try Self.checkClasses(labels, weights, roles)
    let roleNames = texts.union([roles.weight, roles.offset].compactMap { $0 })
    let found = try TableFeatures(table, without: roleNames)
    guard !found.features.isEmpty else {
      throw TableError(
        .badData, "\(file.path) has no column left to learn from beside \"\(roles.label)\". Add columns.")
    }
    features = found.features
    let all = table.matrix(found.readings)
    let values = isWhole ? all : all.selecting(kept)
    self.values = values
    missing = found.missing(table)
    groups = roles.id.map { ofKept(reader.groups($0)) } ?? GroupNumbers.ofEqualRows(values, found.features)
    schema = TableSchema(roles, values: label.values, days: found.days)
    notices =
      FileNotices.of(file) + reader.notices(label, roles.label)
      + Self.fewNotice(labels, weights, label.values, roles.label) + found.notices
      + LeakCheck(features: found.features, values: values, labels: labels, weights: weights).notices(
        found.distinct)
      + found.widthNotice(rows: labels.count)
  }
  /// Rows of one class below which nothing that is learned holds.
  private static let fewestRows = 10

  /// Warns of a class with next to no rows.
  private static func fewNotice(
    _ labels: [Bool], _ weights: [Double]?, _ values: LabelValues, _ column: String
  ) -> [TableNotice] {
    let used = labels.indices.filter { (weights?[$0] ?? 1) > 0 }
    let positives = used.count { labels[$0] }
    let count = min(positives, used.count - positives)
    guard count < fewestRows else { return [] }
    let value = positives == count ? values.positive : values.negative
    return [
      TableNotice(
        .fewOfOneClass, [column],
        "Only \(count) row\(count == 1 ? " has" : "s have") \(column) = \(value): the model follows these rows, and its figures may be off by far. "
          + "Gather at least some dozens of rows of both labels before anybody acts on it.",
        "\(column) = \(value) 的行仅有 \(count) 行：模型只反映这几行，指标可能相差很大。请先为两类各收集至少数十行再使用。")
    ]
  }

  /// - Throws: `TableError` when the rows that have a weight are of one class.
  private static func checkClasses(
    _ labels: [Bool], _ weights: [Double]?, _ roles: TableRoles
  ) throws(TableError) {
    guard let weights, let name = roles.weight else { return }
    let used = labels.indices.filter { weights[$0] > 0 }
    guard let first = used.first, !used.allSatisfy({ labels[$0] == labels[first] }) else {
      throw TableError(
        .badData,
        "All rows with a positive weight \"\(name)\" have the same label \"\(roles.label)\", so nothing can be learned. "
          + "Weight rows of both classes.")
    }
  }
}
