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
    let plan = try ScoringPlan(file, model: model, label: label, id: id)
    let table = try file.load(plan.columns, asTexts: plan.texts, progress: progress)
    let part = try plan.read(table)
    (values, offsets, counts, ids) = (part.values, part.offsets, part.counts, part.ids)
    let schema = TableSchema(model)
    let found = try label.flatMap { table.index(of: $0) }.map { index throws(TableError) in
      try LabelColumn(
        table, column: index, asked: positive, known: label == schema?.label ? schema?.values : nil)
    }
    labels = found?.labels ?? []
    labelValues = found?.values
    notices =
      plan.notices(file)
      + (found.flatMap { found in label.map { Self.notices(table, found, $0, file) } } ?? [])
      + ScoringPlan.unseen(counts)
  }

  private static func notices(
    _ table: Table, _ label: LabelColumn, _ name: String, _ file: TableFile
  ) -> [TableNotice] {
    RoleReader(table: table, path: file.path).notices(label, name)
  }
}
