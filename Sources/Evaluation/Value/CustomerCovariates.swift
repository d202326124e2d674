public import BuyTillYouDie
internal import LinearAlgebra
internal import Tables

/// Traits of customers from columns of a table, for visits and for leaving.
///
/// A column of numbers is one covariate as it stands, one of yes or no 0 or 1. A column of texts has one covariate for
/// each level but the most frequent one, to which the others are compared.
public struct CustomerCovariates: Sendable {
  /// The columns for both processes.
  public struct Columns: Sendable, Equatable {
    public var visits: [String]
    public var leaving: [String]

    public init(visits: [String] = [], leaving: [String] = []) {
      self.visits = visits
      self.leaving = leaving
    }

    public var isEmpty: Bool { visits.isEmpty && leaving.isEmpty }
    /// Each once.
    public var all: [String] { visits + leaving.filter { !visits.contains($0) } }
  }

  /// What one column became.
  public struct Term: Sendable {
    public let column: String
    /// Its places among the covariates of the process.
    public let places: Range<Int>
    /// The level that the others are compared to; `nil` for numbers.
    public let reference: String?
  }

  /// One process.
  public struct Process: Sendable {
    public let terms: [Term]
    public let covariates: RepeatCovariates
  }

  public let visits: Process
  public let leaving: Process

  /// More levels are a code rather than a trait.
  private static let mostLevels = 20

  /// - Throws: `TableError` naming column and row of what is no covariate.
  /// - Complexity: O(rows × covariates)
  init(_ table: Table, columns: Columns) throws(TableError) {
    var read: [String: Coding] = [:]
    for name in columns.all {
      guard let index = table.index(of: name) else { preconditionFailure("the columns were loaded") }
      read[name] = try Coding(table, index, mostLevels: Self.mostLevels)
    }
    visits = Self.process(columns.visits, read, rows: table.rows)
    leaving = Self.process(columns.leaving, read, rows: table.rows)
  }

  private static func process(_ columns: [String], _ read: [String: Coding], rows: Int) -> Process {
    var terms: [Term] = []
    var names: [String] = []
    let codings = columns.compactMap { read[$0] }
    for coding in codings {
      terms.append(
        Term(
          column: coding.column, places: names.count..<names.count + coding.names.count,
          reference: coding.reference))
      names += coding.names
    }
    guard !names.isEmpty else { return Process(terms: [], covariates: .none) }
    let width = names.count
    let values = Matrix(rows: rows, columns: width) { elements in
      for (coding, term) in zip(codings, terms) {
        for row in 0..<rows { coding.write(row, to: elements, at: row * width + term.places.lowerBound) }
      }
    }
    return Process(terms: terms, covariates: RepeatCovariates(names: names, values: values))
  }
}

/// One column's values, and the covariates that they stand for.
private struct Coding {
  let column: String
  let names: [String]
  let reference: String?
  private let values: [Double]
  /// By level its place; −1 for the one of reference. Empty for numbers.
  private let places: [Int]

  init(_ table: Table, _ index: Int, mostLevels: Int) throws(TableError) {
    column = table.columns[index].name
    let decision = try table.decide(index)
    values = table.matrix([decision.reading]).withUnsafeElements { Array($0) }
    func refuse(_ what: String) -> TableError {
      TableError(.badData, "Covariate \"\(table.columns[index].name)\" \(what)")
    }
    switch decision.kind {
    case .number, .flag:
      (names, reference, places) = ([column], nil, [])
    case .category(let levels):
      guard levels.count <= mostLevels else {
        throw refuse(
          "has \(levels.count) different texts, at most \(mostLevels) can be compared. Put them into groups, or leave it out."
        )
      }
      guard levels.count > 1 else { throw refuse("is the same for everybody. Leave it out.") }
      var counts = [Int](repeating: 0, count: levels.count)
      for value in values where value >= 0 { counts[Int(value)] += 1 }
      let most = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
      let others = levels.indices.filter { $0 != most }
      (names, reference) = (others.map { "\(table.columns[index].name)=\(levels[$0])" }, levels[most])
      places = levels.indices.map { others.firstIndex(of: $0) ?? -1 }
    case .day:
      throw refuse("holds dates. Make a number of it, such as years until the end of observation.")
    case .identifier(let levels):
      throw refuse("has \(levels) different texts, nearly one a row, as identifiers have. Leave it out.")
    case .unusable(let type):
      throw refuse("holds values of type \(type), which cannot be used. Leave it out.")
    }
    if let row = values.firstIndex(where: \.isNaN) {
      let count = values.count(where: \.isNaN)
      throw refuse(
        "has no value in \(count == 1 ? "row \(row + 1)" : "\(count) rows, first in row \(row + 1)"). Fill it in (a level of "
          + "its own for what is not known), or leave these rows out.")
    }
  }

  func write(_ row: Int, to elements: UnsafeMutableBufferPointer<Double>, at start: Int) {
    guard !places.isEmpty else {
      elements[start] = values[row]
      return
    }
    for place in names.indices { elements[start + place] = 0 }
    let place = places[Int(values[row])]
    if place >= 0 { elements[start + place] = 1 }
  }
}
