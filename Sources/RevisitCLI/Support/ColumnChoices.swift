import ArgumentParser
import ChurnModel
import Evaluation
import Tables

/// A shape, for one column or for all numbers: `tenure=bins:falling`, `linear`.
struct ShapeChoice: ExpressibleByArgument {
  /// Nil for all numbers that have no shape of their own.
  let column: String?
  let shape: NumberShape

  init?(argument: String) {
    let parts = ColumnChoices.parts(argument)
    guard let shape = NumberShape(parts.value), parts.column?.isEmpty != true else { return nil }
    column = parts.column
    self.shape = shape
  }

  static var allValueStrings: [String] { NumberShape.names.map { "[<column>=]\($0)" } }
}

/// A direction of one column: `tenure=falling`.
struct MonotoneChoice: ExpressibleByArgument {
  let column: String
  let direction: MonotoneDirection

  init?(argument: String) {
    let parts = ColumnChoices.parts(argument)
    guard let direction = MonotoneDirection(rawValue: parts.value), let column = parts.column, !column.isEmpty
    else { return nil }
    self.column = column
    self.direction = direction
  }

  static var allValueStrings: [String] { MonotoneDirection.allCases.map { "<column>=\($0.rawValue)" } }
}

/// The shapes and directions of a command line, each column once.
struct ColumnChoices {
  private(set) var shapes: [String: NumberShape] = [:]
  private(set) var numberShape: NumberShape?
  private(set) var directions: [String: MonotoneDirection] = [:]

  /// - Throws: `ValidationError` when a column has two shapes or directions.
  init(_ options: TrainingTableOptions) throws {
    for choice in options.shape {
      if let column = choice.column {
        try Self.set(choice.shape, &shapes[column], "--shape gives \"\(column)\" two shapes")
      } else {
        try Self.set(choice.shape, &numberShape, "--shape gives all numbers two shapes")
      }
    }
    for choice in options.monotone {
      try Self.set(
        choice.direction, &directions[choice.column],
        "--monotone lets \"\(choice.column)\" neither rise nor fall; --drop leaves a column out")
    }
  }

  private static func set<Value: Equatable>(
    _ value: Value, _ place: inout Value?, _ problem: String
  ) throws {
    if let other = place, other != value { throw ValidationError("\(problem). Give one of both.") }
    place = value
  }

  /// What stands before the last equals sign, and behind it.
  static func parts(_ argument: String) -> (column: String?, value: String) {
    guard let sign = argument.lastIndex(of: "=") else { return (nil, argument) }
    return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
  }

  /// Checks that the file has the columns.
  ///
  /// - Throws: `TableError` with the names that come near.
  func check(_ file: TableFile) throws {
    for name in shapes.keys.sorted() { _ = try file.column(name, role: "--shape") }
    for name in directions.keys.sorted() { _ = try file.column(name, role: "--monotone") }
  }

  var termOptions: TermOptions {
    var options = TermOptions()
    options.shapes = shapes
    options.numberShape = numberShape ?? options.numberShape
    options.directions = directions
    return options
  }
}
