/// What loading found: rows per table, and everything that was dropped, mended or set aside, by reason.
public struct LoadReport: Sendable {
  /// What was done with a row or value.
  public enum Outcome: String, Sendable {
    /// The row is not used.
    case dropped
    /// The value is treated as missing, the row is used.
    case missing
    /// The value was mended and is used.
    case mended
    /// The row is known and counted, but by definition not used.
    case setAside = "set_aside"
    /// The value is doubtful; the row is used as it stands.
    case noted
  }

  /// Where an example stands; never what it says.
  public struct Place: Sendable, Hashable {
    public let file: String
    /// Row number from 1, the header not counted.
    public let row: Int
    public let column: String

    /// The place when earlier rows of the file were left out of the count.
    ///
    /// - Parameter places: the rows left out, in the order of files and rows.
    func moved(past places: [Place]) -> Place {
      var row = row
      for place in places where place.file == file && place.row <= row { row += 1 }
      return Place(file: file, row: row, column: column)
    }
  }

  /// One reason with its count and its first three examples.
  public struct Finding: Sendable {
    public let table: String
    public let reason: String
    public let outcome: Outcome
    public fileprivate(set) var count: Int
    public fileprivate(set) var examples: [Place]
  }

  /// One table as it was read.
  public struct TableSummary: Sendable {
    public let table: String
    public let source: String
    public var rows: Int
    public var used: Int
  }

  public private(set) var tables: [TableSummary] = []
  public private(set) var findings: [Finding] = []
  /// Optional tables that are not there: their features are missing, never zero.
  public internal(set) var absentTables: [String] = []
  /// Further remarks, one sentence each.
  public internal(set) var remarks: [String] = []

  private var place: [String: Int] = [:]

  public init() {}

  mutating func add(_ summary: TableSummary) {
    tables.append(summary)
  }

  /// Takes rows of a table that were counted as used out again.
  mutating func withdraw(_ table: String, _ rows: Int) {
    for index in tables.indices where tables[index].table == table { tables[index].used -= rows }
  }

  mutating func count(
    _ table: String, _ reason: String, _ outcome: Outcome, at example: Place?, times: Int = 1
  ) {
    guard times > 0 else { return }
    let key = "\(table)\u{0}\(reason)"
    let index = place[key] ?? findings.count
    if index == findings.count {
      findings.append(Finding(table: table, reason: reason, outcome: outcome, count: 0, examples: []))
      place[key] = index
    }
    findings[index].count += times
    if let example, findings[index].examples.count < 3 { findings[index].examples.append(example) }
  }

  /// Corrects how many rows of a table are used.
  mutating func use(_ further: Int, of table: String) {
    guard let index = tables.firstIndex(where: { $0.table == table }) else { return }
    tables[index].used += further
  }

  /// Adds all of another report behind this one.
  mutating func append(_ other: LoadReport) {
    tables += other.tables
    absentTables += other.absentTables
    remarks += other.remarks
    for finding in other.findings {
      for example in finding.examples { count(finding.table, finding.reason, finding.outcome, at: example) }
      count(
        finding.table, finding.reason, finding.outcome, at: nil, times: finding.count - finding.examples.count
      )
    }
  }

  /// Corrects the row numbers of a table's examples for rows that were not served when they were counted.
  ///
  /// - Parameter places: in the order of files and rows.
  mutating func moveExamples(of table: String, past places: [Place]) {
    guard !places.isEmpty else { return }
    for index in findings.indices where findings[index].table == table {
      findings[index].examples = findings[index].examples.map { $0.moved(past: places) }
    }
  }

  /// How many rows or values fell under a reason, over all tables or one.
  public func count(of reason: String, in table: String? = nil) -> Int {
    findings.filter { $0.reason == reason && (table == nil || $0.table == table) }.reduce(0) { $0 + $1.count }
  }
}
