internal import Tables

/// Which columns of a table are no features, and what they are.
public struct TableRoles: Sendable {
  /// The column to predict; it has two values.
  public var label: String
  /// The value of the label that is to be predicted; nil for the one that `LabelValues` finds.
  public var positive: String?
  /// The column that names the rows; rows of one id stay together where the learner sets rows aside.
  public var id: String?
  /// The column of row weights, at least 0.
  public var weight: String?
  /// The column of numbers that are added to the log-odds of their rows, such as the margin of another model; for
  /// coefficients only.
  public var offset: String?
  /// The column that says in which fold each row is tested.
  public var folds: String?
  /// Columns that are left out.
  public var drop: [String] = []

  public init(label: String) {
    self.label = label
  }

  /// The columns that are named, with the option that names each.
  var named: [(option: String, column: String)] {
    [("--label", label)]
      + [("--id", id), ("--weight", weight), ("--offset", offset), ("--folds", folds)].compactMap {
        option, name in
        name.map { (option, $0) }
      } + drop.map { ("--drop", $0) }
  }

  /// Checks that the file has every column, each for one purpose.
  ///
  /// - Throws: `TableError` (`unknownColumn`) with the names that come near.
  func check(_ file: TableFile) throws(TableError) {
    var options: [String: String] = [:]
    for (option, name) in named {
      _ = try file.column(name, role: option)
      if let other = options.updateValue(option, forKey: name), other != option {
        throw TableError(
          .unknownColumn, "Column \"\(name)\" is named by \(other) and by \(option). Give it one purpose.")
      }
    }
  }
}
