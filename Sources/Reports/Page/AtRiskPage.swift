import Histories
public import Retention

extension AtRiskList {
  /// The most rows that a page shows.
  public static let pageRows = 500

  /// The list as one page of HTML that needs no other file and no script: for a screen, a phone and A4 across.
  ///
  /// At most `pageRows` rows are shown; the page says so when there are more.
  public func html() -> String {
    AtRiskPage(list: self).text
  }
}

/// Puts the page together.
struct AtRiskPage {
  let list: AtRiskList
  private var language: Language { list.language }

  var text: String {
    let shown = list.rows.prefix(AtRiskList.pageRows)
    let title = ([list.dealerGroup, AtRiskWords.title[language]].compactMap { $0 }).joined(separator: " · ")
    let main = """
      \(header)
      \(tiles)
      \(limitNote(shown: shown.count))\(table(shown))
      <footer>\(HTMLText.escaped(AtRiskWords.howToRead(list, language)))</footer>
      """
    return HTMLPage.text(title: title, language: language, main: main)
  }

  private var header: String {
    let counts = AtRiskWords.counts(
      shown: min(list.rows.count, AtRiskList.pageRows), of: list.matchingRelations,
      active: list.activeRelations, language)
    let group = list.dealerGroup.map { "<p class=\"group\">\(HTMLText.escaped($0))</p>\n" } ?? ""
    return """
      <header>
      <div>
      \(group)<h1>\(AtRiskWords.title[language])</h1>
      </div>
      <dl>
      <div><dt>\(AtRiskWords.asOf[language])</dt><dd>\(list.asOf)</dd></div>
      <div><dt>\(AtRiskWords.model[language])</dt><dd>\(HTMLText.escaped(list.model))</dd></div>
      <div><dd class="counts">\(counts)</dd></div>
      </dl>
      </header>
      """
  }

  private var tiles: String {
    let summary = AtRiskSummary(list)
    let currency = HTMLText.escaped(list.currency)
    let tiles: [(Bilingual, String, String)] = [
      (AtRiskWords.rowsTile, NumberText.grouped(summary.rows), ""),
      (AtRiskWords.highRiskTile, NumberText.grouped(summary.highRisk), " class=\"alarm\""),
      (
        AtRiskWords.valueAtRisk,
        "\(NumberText.amount(summary.valueAtRisk)) <small>\(currency)</small>", ""
      ),
      (AtRiskWords.meanTile, summary.meanProbability.map(NumberText.percent) ?? "–", ""),
    ]
    let items = tiles.map { label, figure, attributes in
      "<div\(attributes)><p class=\"figure\">\(figure)</p><p>\(label[language])</p></div>"
    }
    return "<section class=\"tiles\">\n\(items.joined(separator: "\n"))\n</section>"
  }

  private func limitNote(shown: Int) -> String {
    guard shown < list.rows.count else { return "" }
    return
      "<p class=\"limit\">\(AtRiskWords.limited(to: shown, of: list.rows.count, language))</p>\n"
  }

  private func table(_ rows: ArraySlice<AtRiskRow>) -> String {
    guard !rows.isEmpty else { return "<p class=\"empty\">\(AtRiskWords.empty[language])</p>" }
    let headings: [(Bilingual, String)] = [
      (AtRiskWords.rank, "rank"), (AtRiskWords.customer, ""), (AtRiskWords.vehicle, ""),
      (AtRiskWords.probabilityLong, ""), (AtRiskWords.atStake, "number"),
      (AtRiskWords.overdue, "number"),
      (AtRiskWords.lastVisit, ""), (AtRiskWords.reasons, ""), (AtRiskWords.notes, ""),
    ]
    let cells = headings.map { label, style in
      style.isEmpty ? "<th>\(label[language])</th>" : "<th class=\"\(style)\">\(label[language])</th>"
    }
    var text = "<table>\n<thead><tr>\(cells.joined())</tr></thead>\n<tbody>\n"
    for row in rows {
      text += AtRiskPageRow(row: row, list: list).text
    }
    return text + "</tbody>\n</table>"
  }
}
