public import Histories

/// What `Simulator` makes: how many customers, until when, how clean, and in which files.
public struct SimulationOptions: Sendable {
  public enum Format: String, Sendable, CaseIterable { case csv, parquet }

  public enum Encoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case gb18030
  }

  /// The tables and columns of the files.
  public enum Layout: String, Sendable, CaseIterable {
    /// The canonical tables under their own names.
    case canonical
    /// A Chinese dealer system's exports, with the `revisit.yaml` that maps them; always CSV.
    case dealerSystem = "lakeside"
  }

  /// Customers to invent; 1 to 10,000,000.
  public var customers: Int
  /// Same seed, same bytes.
  public var seed: UInt64
  /// The last day of the histories; 2016-12-31 to 2033-12-31.
  public var until: Day
  /// Length of the histories; 1 to 8.
  public var years: Int
  public var format: Format
  /// Encoding of CSV files.
  public var encoding: Encoding
  /// Rate of the errors that real exports have; 0 to 0.2.
  public var dirt: Double
  /// The dates of `truth.parquet`.
  public var asOf: [Day]
  public var layout: Layout

  /// - Parameters:
  ///   - years: `nil` for 6, and for 4 in the dealer system's layout.
  ///   - format: `nil` for Parquet, and for CSV in the dealer system's layout.
  ///   - encoding: `nil` for UTF-8, and for GB18030 in the dealer system's layout.
  ///   - dirt: `nil` for 0, and for 0.005 in the dealer system's layout.
  ///   - asOf: `nil` for 540 and 365 days before `until`, and `until` itself.
  public init(
    customers: Int, seed: UInt64, until: Day = Day(year: 2026, month: 6, day: 30), years: Int? = nil,
    format: Format? = nil, encoding: Encoding? = nil, dirt: Double? = nil, asOf: [Day]? = nil,
    layout: Layout = .canonical
  ) {
    self.customers = customers
    self.seed = seed
    self.until = until
    self.years = years ?? (layout == .canonical ? 6 : 4)
    self.format = format ?? (layout == .canonical ? .parquet : .csv)
    self.encoding = encoding ?? (layout == .canonical ? .utf8 : .gb18030)
    self.dirt = dirt ?? (layout == .canonical ? 0 : 0.005)
    self.asOf = (asOf ?? [until - 540, until - 365, until]).sorted()
    self.layout = layout
  }

  /// The first day from which visits are exported.
  public var from: Day {
    let (year, month, day) = until.civil
    return Day(year: year - years, month: month, day: month == 2 ? min(day, 28) : day)
  }

  /// Stores: one for every 2,500 customers, at least 2.
  public var dealers: Int { max(2, (customers + 1249) / 2500) }

  func validate() throws(SimulationError) {
    func require(_ condition: Bool, _ message: String) throws(SimulationError) {
      if !condition { throw SimulationError(.invalidOption, message) }
    }
    try require((1...10_000_000).contains(customers), "customers must be 1 to 10,000,000, not \(customers)")
    try require((1...8).contains(years), "years must be 1 to 8, not \(years)")
    let earliest = Day(year: 2016, month: 12, day: 31)
    let latest = Day(year: 2033, month: 12, day: 31)
    try require((earliest...latest).contains(until), "until must be \(earliest) to \(latest), not \(until)")
    try require((0...0.2).contains(dirt), "dirt must be 0 to 0.2, not \(dirt)")
    try require(
      asOf.allSatisfy { (from...until).contains($0) }, "as-of dates must be \(from) to \(until)")
    try require(encoding == .utf8 || format == .csv, "GB18030 is for CSV files only")
    try require(layout == .canonical || format == .csv, "the dealer system's layout is for CSV files only")
  }
}
