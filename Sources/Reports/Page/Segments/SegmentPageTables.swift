import CustomerValue
import Histories
import Retention

/// The tables of segments and tiers on the page.
struct SegmentPageTables {
  let segments: CustomerSegments
  let language: Language
  private var population: SegmentPopulation { segments.population }

  var segmentTable: String { table(segments.summaries, SegmentWords.segment) }
  var tierTable: String { table(segments.tierSummaries, SegmentWords.tier) }

  private func table(_ all: [(NamedClass, CustomerSegments.Summary)], _ heading: Bilingual) -> String {
    let total = segments.total
    let hasMargin = population.money == .margin
    var headings = [
      SegmentWords.unit(population.unit)[language], SegmentWords.events(population.events)[language],
      SegmentWords.paid(population, language),
    ]
    if hasMargin { headings.append(SegmentWords.margin(population, language)) }
    func cells(_ summary: CustomerSegments.Summary) -> String {
      var figures = [
        (NumberText.grouped(summary.count), part(Double(summary.count), of: Double(total.count))),
        (NumberText.amount(summary.events), part(summary.events, of: total.events)),
        (NumberText.amount(summary.paid), part(summary.paid, of: total.paid)),
      ]
      if hasMargin {
        figures.append((NumberText.amount(summary.money), part(summary.money, of: total.money)))
      }
      return zip(headings, figures).map { heading, figure in
        "<td class=\"number\" data-label=\"\(HTMLText.escaped(heading))\"><div>\(figure.0) <span class=\"small\">\(figure.1)</span></div></td>"
      }.joined()
    }
    let rows = all.filter { $0.1.count > 0 }.map { segment, summary in
      "<tr><td class=\"name\"><div>\(HTMLText.escaped(segment.label[language]))</div></td>\(cells(summary))</tr>"
    }
    let head = headings.map { "<th class=\"number\">\(HTMLText.escaped($0))</th>" }.joined()
    return """
      <table class="segments">
      <thead><tr><th>\(heading[language])</th>\(head)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      <tr class="sum"><td class="name"><div>\(SegmentWords.all[language])</div></td>\(cells(total))</tr>
      </tbody>
      </table>
      """
  }

  private func part(_ value: Double, of all: Double) -> String {
    all > 0 ? NumberText.percent(value / all) : ""
  }
}
