internal import BuyTillYouDie
internal import CustomerValue
internal import Evaluation
public import Histories

extension ValueDocument {
  /// The figures and drawings as one page of HTML that needs no other file and no script.
  public func html(language: Language) -> String {
    ValuePage(document: self, language: language).text
  }

  /// Writes the page as `.html`; it appears whole or not at all.
  ///
  /// - Throws: `ReportError`.
  public func write(
    to path: String, language: Language, protecting inputs: [String] = []
  ) throws(ReportError) {
    try HTMLPage.write(html(language: language), to: path, protecting: inputs)
  }
}

/// Puts the page together.
struct ValuePage {
  let document: ValueDocument
  let language: Language
  private var assessment: ValueAssessment { document.assessment }

  var text: String {
    let main = """
      \(header)
      \(tiles)
      <section class="terms">
      \(cards.joined(separator: "\n"))
      </section>
      """
    let title = "\(document.source) · \(ValueWords.title[language])"
    return HTMLPage.text(
      title: title, language: language, styles: [ChartStyle.text, ValuePageStyle.text], main: main)
  }

  private var header: String {
    let main = assessment.models.main
    let figures = [
      (ValueWords.model[language], ValueWords.name(main.kind, k: main.model.k)),
      (
        ValueWords.logLikelihood[language],
        NumberText.decimals(assessment.models.covariates?.fit.logLikelihood ?? main.logLikelihood, 2)
      ),
    ]
    let items = figures.map { "<div><dt>\(HTMLText.escaped($0))</dt><dd>\(HTMLText.escaped($1))</dd></div>" }
    return """
      <header>
      <div>
      <p class="group">\(HTMLText.escaped(document.source))</p>
      <h1>\(ValueWords.title[language])</h1>
      </div>
      <dl>
      \(items.joined(separator: "\n"))
      </dl>
      </header>
      """
  }

  private var tiles: String {
    let share = document.share
    let months = document.options.horizonMonths
    let money = document.currency.map { " <small>\(HTMLText.escaped($0))</small>" } ?? ""
    var tiles = [
      (NumberText.grouped(share.customers), document.subject[language]),
      (NumberText.percent(share.alive / Double(max(share.customers, 1))), ValueWords.aliveTile[language]),
      (NumberText.amount(share.visits), ValueWords.visits(months: months, language)),
    ]
    let best = (NumberText.percent(share.topTenth), ValueWords.topTenthTile[language])
    if document.hasMoney {
      tiles.append((NumberText.amount(share.value) + money, ValueWords.valueTile(months: months, language)))
      tiles.append(best)
      if share.residual.isFinite {
        tiles.append((NumberText.amount(share.residual) + money, ValueWords.residual[language]))
      }
    }
    if !document.hasMoney { tiles.append(best) }
    let items = tiles.map { "<div><p class=\"figure\">\($0)</p><p>\($1)</p></div>" }
    return "<section class=\"tiles\">\n\(items.joined(separator: "\n"))\n</section>"
  }

  private var cards: [String] {
    var cards = [frequency]
    if let tracking = assessment.tracking { cards += ValueDrawings(language).tracking(tracking).map(card) }
    if let holdOut = assessment.holdOut {
      let drawing = ValueDrawings(language).conditional(holdOut)
      cards.append(
        card(
          drawing.title, drawing.guide + " " + document.errors(of: holdOut, language), drawing.svg))
    }
    cards.append(card(ValueDrawings(language).alive(assessment.alive, unit: document.histories.unit)))
    cards.append(card(ValueWords.byRepeats[language], document.summary(language), frequencyTable))
    cards.append(card(ValueWords.parameters[language], ValueWords.parametersGuide[language], parameterTable))
    let rows = document.covariateRows(language)
    if !rows.isEmpty {
      cards.append(
        card(ValueWords.covariates[language], ValueWords.covariatesGuide[language], covariateTable(rows)))
    }
    return cards
  }

  private var frequency: String { card(ValueDrawings(language).frequency(assessment.frequency)) }

  private func card(_ drawing: ValueDrawings.Drawing) -> String {
    card(drawing.title, drawing.guide, drawing.svg)
  }

  private func card(_ title: String, _ guide: String, _ content: String) -> String {
    """
    <article class="term">
    <h2>\(HTMLText.escaped(title))</h2>
    <p class="small">\(HTMLText.escaped(guide))</p>
    \(content)
    </article>
    """
  }

  // MARK: Tables

  private func table(_ headings: [String], _ rows: [[String]]) -> String {
    let head = headings.enumerated().map { index, text in
      "<th\(index == 0 ? "" : " class=\"number\"")>\(HTMLText.escaped(text))</th>"
    }
    let body = rows.map { row in
      let cells = row.enumerated().map { index, text in
        "<td class=\"\(index == 0 ? "name" : "number")\">\(HTMLText.escaped(text))</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <div class="scroll"><table class="figures">
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  private var frequencyTable: String {
    var headings = [
      ValueWords.repeats[language], document.subject[language], ValueWords.alive[language],
      ValueWords.visits(months: document.options.horizonMonths, language),
    ]
    if document.hasMoney {
      let money = document.currency.map { " (\($0))" } ?? ""
      headings += [ValueWords.spend[language] + money, ValueWords.value[language] + money]
    }
    return table(
      headings,
      document.frequencyRows.map { row in
        [
          row.label, NumberText.grouped(row.customers), NumberText.percent(row.alive),
          NumberText.decimals(row.visits, 2),
        ] + (document.hasMoney ? [NumberText.decimals(row.spend, 2), NumberText.amount(row.value)] : [])
      })
  }

  private func covariateTable(_ rows: [ValueDocument.CovariateRow]) -> String {
    table(
      [
        ValueWords.covariate[language], ValueWords.process[language], ValueWords.estimate[language],
        ValueWords.error[language], ValueWords.ratioTest[language], ValueWords.pValue[language],
      ],
      rows.map { [$0.name, $0.process, $0.estimate, $0.error, $0.statistic, $0.pValue] })
  }

  private var parameterTable: String {
    var model = ""
    let rows = document.parameterRows.map { row in
      if !row.model[language].isEmpty { model = row.model[language] }
      return ["\(model) \(row.name)", row.estimate, row.error]
    }
    return table(
      [ValueWords.parameter[language], ValueWords.estimate[language], ValueWords.error[language]], rows)
  }
}
