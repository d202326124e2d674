public import ChurnModel
public import Histories

/// The terms of a model as one page of HTML that needs no other file and no script: a drawing each, the most important
/// first.
public struct TermPage {
  private let model: TermModel
  private let title: String

  /// - Parameter title: what the page is called, such as the model's name; any text.
  public init(_ model: TermModel, title: String) {
    self.model = model
    self.title = title
  }

  /// The whole page.
  ///
  /// - Complexity: O(cells of all terms)
  public func html(language: Language) -> String {
    let terms = model.byImportance
    let greatest = terms.first?.importance ?? 0
    let cards = terms.enumerated().map { card($1, rank: $0 + 1, greatest: greatest, language) }
    let content =
      cards.isEmpty ? "<p class=\"empty\">\(Self.empty[language])</p>" : cards.joined(separator: "\n")
    let main = """
      \(header(language))
      <p class="guide">\(Self.guide[language])</p>
      <section class="terms">
      \(content)
      </section>
      """
    return HTMLPage.text(
      title: title, language: language, styles: [ChartStyle.text, TermPageStyle.text], main: main)
  }

  private static let empty = Bilingual("The model has no terms.", "模型没有任何项。")

  private static let guide = Bilingual(
    """
    The log-odds of a row are the sum of what the terms add, and of the intercept. Above 0 a term raises the probability, \
    below 0 it lowers it. Bands and bars are 95 % intervals (1.96 standard errors). Each drawing has its own scale; the \
    bar below a name compares importance, the mean distance of the additions from their mean. A pair adds to what its two \
    features add alone.
    """,
    "一行的对数几率等于截距与各项加数之和。加数大于 0 时概率升高，小于 0 时概率降低。阴影带与线段为 95 % 区间（1.96 个标准误）。每幅图各有比例尺；名称下方的横条比较重要性，即加数与其平均值的平均距离。配对项是在两个特征各自的加数之上再加。"
  )

  private func header(_ language: Language) -> String {
    let figures: [(Bilingual, String)] = [
      (Bilingual("Rows", "行数"), NumberText.grouped(model.training.rows)),
      (Bilingual("Positives", "正例"), NumberText.grouped(model.training.positives)),
      (Bilingual("Terms", "项数"), NumberText.grouped(model.terms.count)),
      (Bilingual("Intercept", "截距"), TermWords.signed(model.intercept)),
    ]
    let items = figures.map { "<div><dt>\($0[language])</dt><dd>\($1)</dd></div>" }
    return """
      <header>
      <h1>\(HTMLText.escaped(title))</h1>
      <dl>
      \(items.joined(separator: "\n"))
      </dl>
      </header>
      """
  }

  private func card(
    _ term: TermModel.Term, rank: Int, greatest: Double, _ language: Language
  ) -> String {
    let chart = TermChart(term, of: model, language: language)
    let share = greatest > 0 ? Int((term.importance / greatest * 100).rounded()) : 0
    let figures = [
      TermWords.importance(term.importance, language),
      TermWords.parameters(term.effectiveParameters, language),
    ].joined(separator: " · ")
    return """
      <article class="term">
      <h2><small>\(rank)</small> \(HTMLText.escaped(term.name))</h2>
      <div class="bar"><i style="width:\(min(max(share, 0), 100))%"></i></div>
      <p class="small">\(figures)</p>
      \(chart.svg)
      \(undrawnLevels(chart))\(areas(chart))</article>
      """
  }

  /// How many levels of a category the drawing leaves out, in words.
  private func undrawnLevels(_ chart: TermChart) -> String {
    guard chart.axes.count == 1, !chart.axes[0].isNumber else { return "" }
    let levels = Array(chart.axes[0].valueNodes)
    let drawn = chart.axes[0].strongest(levels, chart.term.values)
    guard drawn.count < levels.count else { return "" }
    let text = Bilingual(
      "\(levels.count - drawn.count) more values add or take off no more than these.",
      "另有 \(levels.count - drawn.count) 个取值的加数不大于图中各项。")
    return "<p class=\"small\">\(text[chart.language])</p>\n"
  }

  /// A pair's strongest areas in words.
  private func areas(_ chart: TermChart) -> String {
    guard chart.axes.count == 2 else { return "" }
    let found = TermAreas.strongest(chart.term, chart.axes, most: TermDocument.areas)
    guard !found.isEmpty else { return "<p class=\"small\">\(TermWords.noArea[chart.language])</p>\n" }
    let items = found.map { area in
      "<li>\(HTMLText.escaped(area.phrase(chart.axes, chart.language))): <b>\(TermWords.signed(area.value))</b> ± \(TermWords.halfWidth(area.error))</li>"
    }
    return "<ul class=\"small\">\(items.joined())</ul>\n"
  }
}
