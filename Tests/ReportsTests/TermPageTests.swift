import ChurnModel
import Foundation
import FoundationXML
import Histories
import Testing

@testable import Reports

@Suite("Page of terms")
struct TermPageTests {
  private static let model = SampleTerms.model
  private static let pages = [Language.english, .chinese].map {
    TermPage(model, title: "A & B <i>").html(language: $0)
  }

  private static func drawings(_ page: String) -> [Substring] {
    page.matches(of: /(?s)<svg.*?<\/svg>/).map(\.output)
  }

  @Test("every term is drawn, in XML that a parser takes")
  func drawings() {
    for page in Self.pages {
      let drawings = Self.drawings(page)
      #expect(drawings.count == Self.model.terms.count)
      for (term, drawing) in zip(Self.model.terms, drawings) {
        #expect(XMLParser(data: Data(drawing.utf8)).parse())
        #expect(drawing.contains("<title>\(HTMLText.escaped(term.name))</title>"))
        #expect(!drawing.contains("nan") && !drawing.contains("inf"))
      }
    }
  }

  @Test("each kind of term has its drawing: a curve with a band, dots with errors, a map with both colours")
  func kinds() throws {
    let drawings = Self.drawings(Self.pages[0])
    for (term, drawing) in zip(Self.model.terms, drawings) {
      let axes = Self.model.axes(of: term)
      if axes.count == 2 {
        #expect(drawing.contains("class=\"m0\"") && drawing.contains("class=\"m16\""))
        #expect(drawing.contains("↑ ") && drawing.contains(" →"))
      } else if axes[0].knots != nil {
        #expect(drawing.contains("class=\"band\"") && drawing.contains("class=\"curve\""))
      } else {
        #expect(drawing.matches(of: /class="error"/).count == axes[0].labels.count)
      }
      #expect(drawing.contains(">missing</text>") == axes.contains { $0.missingNode != nil })
    }
    #expect(drawings.contains { $0.contains("class=\"curve\"") && $0.contains(">missing</text>") })
    #expect(drawings.contains { $0.contains("class=\"level\">yes</text>") })
  }

  @Test("nothing in names can become markup, and nothing comes from outside")
  func escaping() {
    for page in Self.pages {
      for forbidden in [
        "<script", "<link", "<img", "src=", "href=", "url(", "@import", "http", "<i>", "& <b>",
      ] {
        #expect(!page.contains(forbidden), "\(forbidden)")
      }
      #expect(page.contains("<title>A &amp; B &lt;i&gt;</title>"))
      #expect(page.contains("bend &amp; &lt;b&gt;") && page.contains("&lt;script&gt;"))
      #expect(page.contains("north &quot;bank&quot;"))
    }
  }

  @Test("each language has its own words, and says which it is")
  func languages() {
    #expect(Self.pages[0].contains("<html lang=\"en\">") && Self.pages[0].contains("effective parameters"))
    #expect(Self.pages[1].contains("<html lang=\"zh-CN\">") && Self.pages[1].contains("有效参数"))
    #expect(Self.pages[1].contains("缺失") && !Self.pages[1].contains("missing"))
    #expect(!Self.pages[1].contains("log-odds"))
  }

  @Test("knots that crowd at one end get a logarithmic axis with their own numbers")
  func logarithmic() throws {
    let crowded = ChartScale(knots: [0, 1, 2, 4, 8, 1000], length: 300)
    #expect(crowded.unit == 1 && crowded.position(0) == 0 && abs(crowded.position(1000) - 300) < 1e-9)
    let marks = crowded.marks(apart: 40)
    #expect(marks.contains(0) && marks.contains(10) && marks.contains(100))
    #expect(zip(marks, marks.dropFirst()).allSatisfy { crowded.position($1) - crowded.position($0) >= 40 })
    let straight = ChartScale(knots: [-5, 0, 5, 10], length: 300)
    #expect(straight.unit == nil && straight.position(0) == 100)
    #expect(straight.marks(apart: 60) == [-5, 0, 5, 10])
  }

  @Test("far, near and enormous knots, and a term that does nothing, are drawn")
  func extremes() throws {
    for knots in [[-1e12, 1e12], [1e-9, 2e-9, 3e-9], [0, 1e-6, 1, 1e9, 1e15], [5, 5.000001]] {
      let model = try SampleTerms.line(missing: knots.count == 2, knots: knots, importance: 0)
      let page = TermPage(model, title: "").html(language: .english)
      let drawing = try #require(Self.drawings(page).first)
      #expect(XMLParser(data: Data(drawing.utf8)).parse())
      #expect(!drawing.contains("nan") && !drawing.contains("inf"))
    }
  }
}
