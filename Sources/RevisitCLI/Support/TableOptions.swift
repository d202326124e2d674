import ArgumentParser
import ChurnModel
import Evaluation
import Foundation
import Tables

/// A table to learn from, and what its columns are.
struct TrainingTableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("CSV or Parquet file to learn from, no data folder needed.", valueName: "file"))
  var table: String?

  @Option(
    help: ArgumentHelp(
      "With --table: the column that names rows; rows of one id stay together where rows are set aside.",
      valueName: "column"))
  var id: String?

  @Option(help: ArgumentHelp("With --table: the column of row weights, 0 or more.", valueName: "column"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "With --table and coefficients (--linear, --elastic-net): the column of numbers added to the log-odds; scoring needs it, too.",
      valueName: "column"))
  var offset: String?

  @Option(help: ArgumentHelp("With --table: columns that are left out.", valueName: "column,…"))
  var drop: ColumnList?

  @Option(
    help: ArgumentHelp(
      "With --table: the column that says in which fold each row is judged.", valueName: "column"))
  var folds: String?

  @Option(
    help: ArgumentHelp(
      "With --table: the label's value to predict (default: 1, true, yes, churned and the like, else the rarer one).",
      valueName: "value"))
  var positive: String?

  @Option(
    help: ArgumentHelp(
      "With --table: the shape of a column's term, or without COLUMN= of all numbers: linear, log (straight in sign(x)·log(1 + |x|)), curve (the default), or bins: steps at optimal borders, with bins:rising, :falling, :peak, :valley kept by the term, too. Repeatable.",
      valueName: "[column=]shape"))
  var shape: [ShapeChoice] = []

  @Option(
    help: ArgumentHelp(
      "With --table: let the term (with --linear the coefficient) of a number, date or yes/no go one way only, rising or falling; its missing values are free, and it takes part in no pair. Repeatable.",
      valueName: "column=direction"))
  var monotone: [MonotoneChoice] = []

  /// Refuses these options beside --data.
  func refuse() throws {
    try InputChoice.refuse(
      with: "--data",
      [
        "--id": id != nil, "--weight": weight != nil, "--offset": offset != nil, "--drop": drop != nil,
        "--folds": folds != nil, "--positive": positive != nil, "--shape": !shape.isEmpty,
        "--monotone": !monotone.isEmpty,
      ])
  }

  /// - Throws: `ValidationError` for options that contradict each other.
  ///
  /// - Parameter coefficients: the option that asks for coefficients, nil where terms are fitted.
  func check(coefficients: String?) throws {
    if let coefficients {
      try InputChoice.refuse(with: coefficients, ["--shape": !shape.isEmpty])
    }
    if !monotone.isEmpty {
      try InputChoice.refuse(
        with: "--monotone",
        [
          "--elastic-net": coefficients == "--elastic-net", "--firth": coefficients == "--firth",
          "--offset": offset != nil,
        ])
    }
    if coefficients == "--firth" { try InputChoice.refuse(with: "--firth", ["--offset": offset != nil]) }
    _ = try ColumnChoices(self)
  }

  func roles(label: String) -> TableRoles {
    var roles = TableRoles(label: label)
    roles.positive = positive
    roles.id = id
    roles.weight = weight
    roles.offset = offset
    roles.folds = folds
    roles.drop = drop?.names ?? []
    return roles
  }
}

/// Names of columns separated by commas.
struct ColumnList: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    names = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else { return nil }
  }
}

/// A data folder or a table: exactly one.
enum InputChoice {
  static func check(data: String?, table: String?) throws {
    switch (data, table) {
    case (nil, nil): throw ValidationError("Missing expected argument '--data <dir>' or '--table <file>'.")
    case (.some, .some): throw ValidationError("Give --data or --table, not both.")
    case (.some, nil), (nil, .some): break
    }
  }

  /// Refuses options that belong to another one.
  static func refuse(without needed: String, _ given: [String: Bool]) throws {
    if let option = given.filter(\.value).keys.min() {
      throw ValidationError("\(option) belongs to \(needed): add it, or leave \(option) out.")
    }
  }

  /// Refuses options that mean nothing beside the chosen input.
  static func refuse(with chosen: String, _ given: [String: Bool]) throws {
    if let option = given.filter(\.value).keys.min() {
      throw ValidationError("\(option) has no meaning with \(chosen). Leave it out.")
    }
  }
}

extension Stages {
  /// Finds out what a table file holds and takes its rows in.
  func readTable<Result>(
    _ path: String, _ body: (TableFile, _ progress: @escaping (Int) -> Void) throws -> Result,
    detail: @escaping (Result) -> String?
  ) throws -> Result {
    try run(
      "Reading \(path)", key: "load",
      { progress in
        progress.note("columns")
        return try body(TableFile(path)) { progress.note("\(Shown.count($0)) rows") }
      }, detail: detail)
  }

  /// Says what a user should know of a table.
  func tell(_ notices: [TableNotice], _ common: CommonOptions) {
    for notice in notices { note(notice.text[common.language]) }
  }
}

extension TableNotice {
  func json(_ common: CommonOptions) -> [String: Any] {
    ["code": code.rawValue, "columns": columns, "text": text[common.language]]
  }
}
