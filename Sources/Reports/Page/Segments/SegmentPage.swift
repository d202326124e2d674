import CustomerValue
public import Histories
public import Retention

/// Segments and value tiers as one page of HTML that needs no other file and no script: what scores are made of, two heat
/// maps, tables, and with an earlier date who moved where.
public struct SegmentPage {
  private let segments: CustomerSegments
  private let migration: SegmentMigration?
  private var population: SegmentPopulation { segments.population }

  public init(_ segments: CustomerSegments, migration: SegmentMigration? = nil) {
    self.segments = segments
    self.migration = migration
  }

  /// The whole page.
  ///
  /// - Complexity: O(rows)
  public func html(language: Language) -> String {
    let title = [population.dealerGroup, SegmentWords.title[language]].compactMap { $0 }.joined(
      separator: " · ")
    let tables = SegmentPageTables(segments: segments, language: language)
    var main = """
      \(header(language))
      \(scores(language))
      <section class="terms">
      \(maps(language).map { "<article class=\"term\">\n<h2>\(HTMLText.escaped($0.name))</h2>\n\($0.svg)\n</article>" }.joined(separator: "\n"))
      </section>
      <h2>\(SegmentWords.segment[language])</h2>
      \(tables.segmentTable)
      <h2>\(SegmentWords.tier[language])</h2>
      \(tables.tierTable)
      """
    if let migration { main += "\n" + MigrationDrawing(migration, language: language).section }
    main += notices(language)
    return HTMLPage.text(
      title: title, language: language, styles: [ChartStyle.text, TermPageStyle.text, SegmentPageStyle.text],
      main: main)
  }

  /// Writes the page as `.html`; it appears whole or not at all.
  ///
  /// - Throws: `ReportError`.
  public func write(
    to path: String, language: Language, protecting inputs: [String] = []
  ) throws(ReportError) {
    let html = html(language: language)
    let file = try OutputFile(path: path, protecting: inputs)
    try file.replace { (temporary) throws(ReportError) in
      try file.fill(temporary) { (descriptor) throws(ReportError) in
        var writer = ByteWriter(descriptor: descriptor, name: path)
        writer.text(html)
        try writer.finish()
      }
    }
  }

  private func header(_ language: Language) -> String {
    let group = population.dealerGroup.map { "<p class=\"group\">\(HTMLText.escaped($0))</p>\n" } ?? ""
    return """
      <header>
      <div>
      \(group)<h1>\(SegmentWords.title[language])</h1>
      </div>
      <dl>
      <div><dt>\(SegmentWords.asOf[language])</dt><dd>\(population.asOf)</dd></div>
      <div><dt>\(SegmentWords.unit(population.unit)[language])</dt><dd>\(NumberText.grouped(segments.count))</dd></div>
      </dl>
      </header>
      """
  }

  private func scores(_ language: Language) -> String {
    let bins = [segments.scheme.recency, segments.scheme.frequency, segments.scheme.monetary]
    let cards = zip(SegmentWords.measures(population, language), bins).map { measure, bins in
      """
      <div><p>\(HTMLText.escaped(measure.0))</p><p>\(HTMLText.escaped(measure.1))</p>\
      <p class="small">\(SegmentWords.from[language]) \(SegmentWords.boundaries(bins))</p></div>
      """
    }
    return "<section class=\"scores\">\n\(cards.joined(separator: "\n"))\n</section>"
  }

  private func notices(_ language: Language) -> String {
    let items = segments.notices.map { "<li>\(HTMLText.escaped($0[language]))</li>" }
    return items.isEmpty ? "" : "\n<ul class=\"guide\">\(items.joined(separator: "\n"))</ul>"
  }

  // MARK: Heat maps

  private static let cellWidth = 76.0

  /// Recency and frequency scores, coloured by how many and by what they brought.
  private func maps(_ language: Language) -> [GridMap] {
    let cells = segments.cells
    let total = segments.total
    let unit = SegmentWords.unit(population.unit)[language]
    let money =
      population.money == .margin
      ? SegmentWords.margin(population, language) : SegmentWords.paid(population, language)
    return [
      map(cells, unit, of: Double(total.count), language) { Double($0.count) },
      map(cells, money, of: total.money, language) { $0.money },
    ]
  }

  private func map(
    _ cells: [CustomerSegments.Summary], _ measure: String, of all: Double, _ language: Language,
    value: (CustomerSegments.Summary) -> Double
  ) -> GridMap {
    let counts = segments.rules.counts
    let names = (recency: SegmentWords.recency[language], frequency: SegmentWords.frequency[language])
    let order = (1...counts.recency).reversed().flatMap { recency in
      (1...counts.frequency).map { (recency: recency, frequency: $0) }
    }
    return GridMap(
      name: "\(names.recency) × \(names.frequency): \(measure)", downTitle: names.recency,
      acrossTitle: names.frequency, rows: (1...counts.recency).reversed().map(String.init),
      columns: (1...counts.frequency).map(String.init),
      cells: order.map { recency, frequency in
        let sum = value(cells[(recency - 1) * counts.frequency + frequency - 1])
        let share = all > 0 ? NumberText.percent(sum / all) : ""
        return GridMap.Cell(
          value: sum, text: NumberText.amount(sum), small: share,
          note: "R \(recency), F \(frequency): \(NumberText.amount(sum)) \(share)")
      }, cellWidth: Self.cellWidth)
  }
}
