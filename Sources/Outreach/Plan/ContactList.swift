import Histories
import Tables

/// A list of whom to contact: customers with a vehicle and a priority, from the at-risk list or any other table.
public struct ContactList: Sendable {
  /// The names of the columns.
  public struct Columns: Sendable {
    public var customer = "customer_id"
    public var vehicle = "vin"
    public var priority = "priority"
    /// The word of the value tier; `nil` for `value_tier`, where the list has it.
    public var tier: String?

    public init(
      customer: String? = nil, vehicle: String? = nil, priority: String? = nil, tier: String? = nil
    ) {
      self.customer = customer ?? self.customer
      self.vehicle = vehicle ?? self.vehicle
      self.priority = priority ?? self.priority
      self.tier = tier
    }
  }

  /// Texts of one column: a code a row into distinct texts, −1 where there is none.
  struct Texts: Sendable {
    let dictionary: TextDictionary
    let codes: [Int32]

    subscript(row: Int) -> String? { codes[row] < 0 ? nil : dictionary.texts[Int(codes[row])] }
  }

  public let path: String
  public let count: Int
  let customers: Texts
  let vehicles: Texts
  /// Higher goes first; 0 where it is missing.
  let priorities: [Double]
  /// From the lowest priority to the highest.
  let prioritySpan: Double
  /// Rows without a priority.
  public let withoutPriority: Int
  /// Empty where the list has no such column; NaN where it is missing.
  let probabilities: [Double]
  let values: [Double]
  /// `nil` where the list has no such column.
  let tiers: Texts?
  let risks: Texts?
  let reasons: [Texts]
  let plays: Texts?

  private static let valueColumns = ["value_at_risk", "value_at_stake"]
  private static let reasonColumns = ["reason_1", "reason_2", "reason_3"]

  /// Reads a list from CSV, Parquet or JSON.
  ///
  /// - Throws: `TableError` naming the column; `OutreachError`.
  /// - Complexity: O(rows), in memory the columns that are needed.
  public init(
    _ path: String, columns: Columns = Columns(), progress: (Int) -> Void = { _ in }
  ) throws {
    let source = try ListSource.open(path)
    let file = source.table
    func optional(_ name: String) -> String? { file.columns.contains { $0.name == name } ? name : nil }

    var names: [String] = []
    var texts: Set<String> = []
    func place(_ name: String, asText: Bool) -> Int {
      if let known = names.firstIndex(of: name) { return known }
      names.append(name)
      if asText { texts.insert(name) }
      return names.count - 1
    }
    for (name, role) in [
      (columns.customer, "--customer"), (columns.vehicle, "--vehicle"), (columns.priority, "--priority"),
    ] { _ = try file.column(name, role: role) }
    if let tier = columns.tier { _ = try file.column(tier, role: "--tier") }
    let customer = place(columns.customer, asText: true)
    let vehicle = place(columns.vehicle, asText: true)
    guard customer != vehicle else {
      throw TableError(
        .unknownColumn, "--customer and --vehicle name one column. Give each its own.")
    }
    let priority = place(columns.priority, asText: false)
    let probability = optional("probability").map { place($0, asText: false) }
    let value = Self.valueColumns.lazy.compactMap(optional).first.map { place($0, asText: false) }
    let tier = (columns.tier ?? optional("value_tier")).map { place($0, asText: true) }
    let risk = optional("risk_tier").map { place($0, asText: true) }
    let reason = Self.reasonColumns.compactMap(optional).map { place($0, asText: true) }
    let play = optional("play").map { place($0, asText: true) }

    let table = try file.load(names, asTexts: texts, progress: progress)
    self.path = path
    count = table.rows
    customers = Self.texts(table, customer)
    vehicles = Self.texts(table, vehicle)
    let written = try table.numbers(priority, role: "--priority")
    withoutPriority = written.count { $0.isNaN }
    priorities = withoutPriority == 0 ? written : written.map { $0.isNaN ? 0 : $0 }
    let finite = priorities.lazy.filter(\.isFinite)
    prioritySpan = (finite.max() ?? 0) - (finite.min() ?? 0)
    probabilities = try probability.map { try table.numbers($0, role: "probability") } ?? []
    values = try value.map { try table.numbers($0, role: "value") } ?? []
    tiers = tier.map { Self.texts(table, $0) }
    risks = risk.map { Self.texts(table, $0) }
    reasons = reason.map { Self.texts(table, $0) }
    plays = play.map { Self.texts(table, $0) }
  }

  private static func texts(_ table: Table, _ column: Int) -> Texts {
    let dictionary = table.columns[column].dictionary ?? TextDictionary()
    let isMissing = (0..<dictionary.count).map { dictionary.texts.bytes($0).isEmpty }
    let codes = [Int32](unsafeUninitializedCapacity: table.rows) { codes, count in
      table.forEachBlock(of: column) { range, values in
        for (row, value) in zip(range, values) {
          let code = value.isNaN || isMissing[Int(value)] ? -1 : Int32(value)
          codes.initializeElement(at: row, to: code)
        }
      }
      count = table.rows
    }
    return Texts(dictionary: dictionary, codes: codes)
  }

  func probability(_ row: Int) -> Double? { Self.known(probabilities, row) }
  func value(_ row: Int) -> Double? { Self.known(values, row) }

  private static func known(_ column: [Double], _ row: Int) -> Double? {
    guard !column.isEmpty, column[row].isFinite else { return nil }
    return column[row]
  }
}
