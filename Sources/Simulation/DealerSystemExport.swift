/// The layout of a Chinese dealer system: one file per form, Chinese headings and words, and the mapping back.
///
/// Both directions come from one list of columns, so that the mapping cannot drift from the files.
enum DealerSystemExport {
  /// One column of an export.
  struct Column: Sendable {
    /// The heading in the file.
    let heading: String
    /// The canonical column it stands for.
    let canonical: String
    /// Its value from the temporary database.
    let source: String
    /// The value of the canonical column from this one, when it is not the text itself.
    let mapping: String?

    init(_ heading: String, _ canonical: String, _ source: String, mapping: String? = nil) {
      self.heading = heading
      self.canonical = canonical
      self.source = source
      self.mapping = mapping
    }

    /// A canonical column that the mapping makes of others; the file has none for it.
    static func derived(_ canonical: String, _ mapping: String) -> Column {
      Column("", canonical, "", mapping: mapping)
    }

    /// A code, written as a Chinese word.
    static func words(
      _ heading: String, _ canonical: String, _ column: String, _ chinese: [String], _ words: [String]
    ) -> Column {
      let cases = zip(chinese, words).map { "WHEN '\($0)' THEN '\($1)'" }.joined(separator: " ")
      return Column(
        heading, canonical, TableLayout.word(column, chinese), mapping: "CASE \(heading) \(cases) END")
    }

    /// A truth value, written 是 or 否.
    static func yesOrNo(_ heading: String, _ canonical: String, _ column: String) -> Column {
      Column(
        heading, canonical, "CASE WHEN \(column) THEN '是' WHEN NOT \(column) THEN '否' END",
        mapping: "\(heading) = '是'")
    }
  }

  /// One export: a file of the dealer system for one canonical table.
  struct Form: Sendable {
    let file: String
    let table: TableLayout
    /// Rows that the export leaves out do not fulfil this.
    let filter: String
    let columns: [Column]

    var path: String { "exports/\(file).csv" }

    var query: String {
      let inFile = columns.filter { !$0.heading.isEmpty }
      let select = inFile.map { "\($0.source) AS \"\($0.heading)\"" }.joined(separator: ", ")
      return "SELECT \(select) FROM (SELECT * FROM \(table.name) WHERE \(filter) ORDER BY \(table.order))"
    }

    /// The statement of the mapping file, one line per column.
    var mappingLines: [String] {
      var lines = columns.enumerated().map { index, column in
        let value = column.mapping ?? column.heading
        let comma = index == columns.count - 1 ? "" : ","
        return (index == 0 ? "SELECT " : "       ") + "\(value) AS \"\(column.canonical)\"" + comma
      }
      lines.append("FROM read_csv('\(path)', all_varchar = true)")
      return lines
    }
  }

  static func files(_ options: SimulationOptions) -> [ExportFile] {
    let forms = forms(options).map { form in
      ExportFile(table: form.table.name, path: form.path, query: form.query, format: .csv)
    }
    let truth = ExportFile(
      table: "truth", path: "truth.parquet",
      query: CanonicalExport.query(.truth, options, format: .parquet).replacing(
        TableLayout.customerIdentifier, with: customerIdentifier), format: .parquet)
    return [truth] + forms
  }

  static let mappingFile = "revisit.yaml"

  /// The text of `revisit.yaml`.
  static func mapping(_ options: SimulationOptions) -> String {
    var lines = [
      "# How the exports of the (invented) dealer system become Revisit's tables.",
      "dealer_group: Lakeside Motors", "timezone: Asia/Shanghai", "currency: CNY",
      "encoding: \(options.encoding.rawValue)", "tables:",
    ]
    for form in forms(options) {
      lines += ["  \(form.table.name):", "    sql: |"]
      lines += form.mappingLines.map { "      " + $0 }
    }
    lines.append("schedules:")
    for (powertrain, schedule) in zip(CodeWords.powertrain, VehicleCatalogue.schedules) {
      let cells = [
        "model: '*'", "powertrain: \(powertrain)", "first_service_months: \(Int(schedule.firstMonths))",
        "first_service_km: \(Int(schedule.firstKilometres))", "months: \(Int(schedule.months))",
        "km: \(Int(schedule.kilometres))",
      ]
      lines.append("  - {\(cells.joined(separator: ", "))}")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
