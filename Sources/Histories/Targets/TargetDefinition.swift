import Foundation

/// An event that a `revisit.yaml` declares under `targets:`, to be predicted: for whom, what, and within how many days.
public struct TargetDefinition: Sendable {
  /// Whose event it must be to count for a relation.
  public enum Match: String, Sendable, CaseIterable {
    /// The relation's customer, whatever the vehicle.
    case customer
    /// The relation's vehicle, whoever its owner.
    case vehicle
    /// Both.
    case relation
    /// The relation's customer, with another vehicle.
    case otherVehicle = "other_vehicle"
  }

  public let name: String
  /// Which relations are looked at; `nil` for the active ones.
  public let population: FilterTree<FilterComparison>?
  /// The canonical table that the events stand in.
  public let table: CanonicalTable
  /// Which of its rows are events; `nil` for all.
  public let event: FilterTree<FilterComparison>?
  /// The column that says when.
  public let dateColumn: String
  public let match: Match
  /// The event must happen in (T0, T0 + window].
  public let windowDays: Int
  /// The declaration in one line, the same for the same declaration.
  public let summary: String
  private let place: String

  private static let keys = ["population", "event", "window"]
  private static let eventKeys = ["table", "where", "date", "match"]
  private static let windowRange = 1...1095

  /// Reads one entry of `targets:`.
  ///
  /// - Throws: `HistoriesError` (`badData`) naming the entry, and for filters the character.
  init(name: String, entry: Any, file: URL) throws(HistoriesError) {
    place = "\(file.path): targets.\(name)"
    self.name = name
    let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    guard isPlain, !name.isEmpty else {
      throw HistoriesError(
        .badData, "\(file.path) has a target named `\(name)`.", next: "Use letters, digits, _ and -.")
    }
    guard let entries = entry as? [String: Any], let event = entries["event"] as? [String: Any] else {
      throw Self.broken(
        place, "needs an `event` with a table",
        next: "Write event: {table: contacts, where: outcome = reached}.")
    }
    try Self.checkKeys(entries.keys, known: Self.keys, at: place)
    try Self.checkKeys(event.keys, known: Self.eventKeys, at: place + ".event")

    table = try Self.table(event["table"], at: place + ".event.table")
    dateColumn = try Self.dateColumn(event["date"], of: table, at: place + ".event.date")
    match = try Self.match(event["match"], of: table, at: place + ".event.match")
    let days = (entries["window"] as? String).flatMap { Int($0) }
    guard let days, Self.windowRange.contains(days) else {
      throw Self.broken(
        place + ".window", "must be a number of days from 1 to \(Self.windowRange.upperBound)",
        next: "Write window: 365.")
    }
    windowDays = days
    population = try Self.filter(entries["population"], at: place + ".population")
    self.event = try Self.filter(event["where"], at: place + ".event.where")
    summary = [
      "population: \(entries["population"] as? String ?? "active = 1")",
      "event: \(table.name) where \(event["where"] as? String ?? "any")", "date: \(dateColumn)",
      "match: \(match.rawValue)", "window: \(days)",
    ].joined(separator: "; ").replacingOccurrences(of: "\n", with: " ")
    try checkEvent()
  }

  // MARK: Parts

  private static func checkKeys(
    _ keys: some Sequence<String>, known: [String], at place: String
  ) throws(HistoriesError) {
    for key in keys.sorted() where !known.contains(key) {
      let near = CanonicalTable.nearest(to: key, among: known).map { "Did you mean `\($0)`?" }
      throw broken(
        place, "has an unknown entry `\(key)`", next: near ?? "Known: \(known.joined(separator: ", ")).")
    }
  }

  private static func table(_ entry: Any?, at place: String) throws(HistoriesError) -> CanonicalTable {
    let usable = CanonicalTable.all.filter { defaultDate($0) != nil && defaultMatch($0) != nil }.map(\.name)
    guard let name = entry as? String, usable.contains(name), let table = CanonicalTable.named(name) else {
      let near = (entry as? String).flatMap { CanonicalTable.nearest(to: $0, among: usable) }
      throw broken(
        place, "must name a table of dated events",
        next: near.map { "Did you mean `\($0)`?" }
          ?? "Use one of \(usable.joined(separator: ", ")).")
    }
    return table
  }

  /// The first column that must be there and holds a day or time.
  private static func defaultDate(_ table: CanonicalTable) -> String? {
    table.columns.first { $0.isRequired && ($0.type == .day || $0.type == .time) }?.name
  }

  private static func defaultMatch(_ table: CanonicalTable) -> Match? {
    table.column("customer_id") != nil ? .customer : table.column("vin") != nil ? .vehicle : nil
  }

  private static func dateColumn(
    _ entry: Any?, of table: CanonicalTable, at place: String
  ) throws(HistoriesError) -> String {
    let known = table.columns.filter { $0.type == .day || $0.type == .time }.map(\.name)
    guard let entry else { return defaultDate(table) ?? known[0] }
    guard let name = entry as? String, known.contains(name) else {
      throw broken(
        place, "must be a column of `\(table.name)` with a date",
        next: "Use one of \(known.joined(separator: ", ")).")
    }
    return name
  }

  private static func match(
    _ entry: Any?, of table: CanonicalTable, at place: String
  ) throws(HistoriesError) -> Match {
    let hasCustomer = table.column("customer_id") != nil
    let hasVehicle = table.column("vin") != nil
    let possible = Match.allCases.filter { match in
      switch match {
      case .customer: hasCustomer
      case .vehicle: hasVehicle
      case .relation, .otherVehicle: hasCustomer && hasVehicle
      }
    }
    guard let entry else { return hasCustomer ? .customer : .vehicle }
    guard let match = (entry as? String).flatMap(Match.init), possible.contains(match) else {
      throw broken(
        place, "says whose rows of `\(table.name)` count",
        next: "Use one of \(possible.map(\.rawValue).joined(separator: ", ")).")
    }
    return match
  }

  private static func filter(
    _ entry: Any?, at place: String
  ) throws(HistoriesError) -> FilterTree<FilterComparison>? {
    guard let entry else { return nil }
    guard let text = entry as? String else {
      throw broken(
        place, "must be a filter", next: "Write it in one line, such as n_q_365 >= 1 and arrears = 0.")
    }
    do {
      return try FilterParser.parse(text)
    } catch {
      throw failure(error, at: place)
    }
  }

  private static func broken(_ place: String, _ what: String, next: String) -> HistoriesError {
    HistoriesError(.badData, "\(place) \(what).", next: next)
  }

  private static func failure(_ error: FilterError, at place: String) -> HistoriesError {
    HistoriesError(
      .badData, "\(place), character \(error.position): \(error.message).", next: "See docs/targets.md.")
  }

  /// What is wrong with the population's filter, naming its place.
  public func populationFailure(_ error: FilterError) -> HistoriesError {
    Self.failure(error, at: place + ".population")
  }

  // MARK: The event's filter

  /// One comparison of the event's filter with the column that it reads.
  struct EventTest: Sendable {
    let column: CanonicalColumn
    let test: FilterTest
    /// Whether a cell holds several words, of which one must pass.
    let isSet: Bool
  }

  /// The event's filter made ready for the table's columns.
  func eventTests() throws(HistoriesError) -> FilterTree<EventTest>? {
    do {
      return try event?.map { (comparison) throws(FilterError) in
        guard let column = table.column(comparison.name) else {
          let names = table.columns.map(\.name)
          let near = CanonicalTable.nearest(to: comparison.name, among: names).map {
            "; did you mean `\($0)`?"
          }
          throw FilterError(
            at: comparison.position, "`\(table.name)` has no column `\(comparison.name)`\(near ?? "")")
        }
        return try Self.eventTest(comparison, column)
      }
    } catch {
      throw Self.failure(error, at: place + ".event.where")
    }
  }

  private static func eventTest(
    _ comparison: FilterComparison, _ column: CanonicalColumn
  ) throws(FilterError) -> EventTest {
    let type: FilterType =
      switch column.type {
      case .number, .whole: .number
      case .day, .time: .day
      case .truth: .truth
      case .text: .text
      }
    // A word that the column never holds is a slip of the pen.
    if let words = column.words { _ = try FilterTest(comparison, as: .words(words)) }
    return EventTest(column: column, test: try FilterTest(comparison, as: type), isSet: column.isSet)
  }

  private func checkEvent() throws(HistoriesError) {
    _ = try eventTests()
  }
}

extension CanonicalColumn {
  private static let setMarks = (before: "one or several of ", after: "; separated by |")

  /// Whether a cell holds several words, separated by `|`.
  var isSet: Bool { note.hasPrefix(Self.setMarks.before) }

  /// The words that the column may hold, as its note lists them; `nil` when it may hold anything.
  var words: [String]? {
    guard type == .text else { return nil }
    let list =
      isSet ? note.dropFirst(Self.setMarks.before.count).dropLast(Self.setMarks.after.count) : note[...]
    let words = list.split(separator: ",").map { $0.trimmingWhiteSpace() }
    let areWords = words.allSatisfy { $0.allSatisfy { $0.isLetter || $0 == "_" } }
    return words.count > 1 && areWords ? words : nil
  }
}

extension DataFolder {
  /// The declared targets of these names.
  ///
  /// - Throws: `HistoriesError` (`unknownTarget`).
  func targets(_ names: Set<String>) throws(HistoriesError) -> [TargetDefinition] {
    var found: [TargetDefinition] = []
    for name in names.sorted() {
      guard let target = mapping.targets[name] else {
        let known = mapping.targets.keys.sorted()
        throw HistoriesError(
          .unknownTarget, "There is no target `\(name)` in \(folder.path)/\(Mapping.fileName).",
          next: known.isEmpty
            ? "Declare it under `targets:`; see docs/targets.md."
            : "Declared: \(known.joined(separator: ", ")).")
      }
      found.append(target)
    }
    return found
  }
}
