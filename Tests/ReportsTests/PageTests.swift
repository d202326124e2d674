import Foundation
import Retention
import Testing

@testable import Reports

@Suite("HTML page")
struct PageTests {
  @Test("nothing in the data can become markup")
  func escaping() {
    let page = SampleList.hostile.html()
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
    #expect(!page.contains("<b>\"Motors\""))
    #expect(page.contains("A &amp; B &lt;b&gt;&quot;Motors&quot;&lt;/b&gt;"))
    #expect(HTMLText.escaped("a\u{0}b\u{202E}c") == "a\u{FFFD}b\u{FFFD}c")
  }

  @Test("the page needs no other file and no script")
  func selfContained() {
    for list in [SampleList.english, SampleList.chinese] {
      let page = list.html()
      for forbidden in ["<script", "<link", "<img", "src=", "href=", "url(", "@import", "http"] {
        #expect(!page.contains(forbidden), "\(forbidden)")
      }
    }
  }

  @Test("every element that opens closes")
  func wellFormed() throws {
    for list in [SampleList.english, SampleList.chinese, SampleList.hostile] {
      var open: [Substring] = []
      for match in list.html().matches(of: /<(\/?)([a-z][a-z0-9]*)[^>]*>/) {
        let name = match.output.2
        if name == "meta" { continue }
        if match.output.1.isEmpty {
          open.append(name)
        } else {
          #expect(open.popLast() == name)
        }
      }
      #expect(open.isEmpty)
    }
  }

  @Test("each language has its own words, and says which it is")
  func languages() {
    let english = SampleList.english.html()
    let chinese = SampleList.chinese.html()
    #expect(english.contains("<html lang=\"en\">") && english.contains("Customers at risk of leaving"))
    #expect(chinese.contains("<html lang=\"zh-CN\">") && chinese.contains("流失预警名单"))
    #expect(!chinese.contains("Overdue") && !chinese.contains("open complaint"))
  }

  @Test("the tiles sum up all rows")
  func tiles() {
    var list = SampleList.make(language: .english, rows: 2)
    list.rows[0].riskTier = .high
    list.rows[1].riskTier = .low
    list.rows[0].probability = 0.9
    list.rows[1].probability = 0.2
    list.rows[0].worth = RelationWorth(service: 1000, insurance: 111.5, tradeIn: nil, referral: 0)
    list.rows[1].worth = RelationWorth(service: 2502, insurance: nil, tradeIn: nil, referral: nil)
    let page = list.html()
    #expect(page.contains("<p class=\"figure\">1</p><p>At high risk</p>"))
    #expect(page.contains("<p class=\"figure\">1,501 <small>CNY</small></p>"))
    #expect(page.contains("<p class=\"figure\">55 %</p>"))
    // A part that is not known, or nothing, is left out.
    #expect(page.contains("<b>Value at risk 1,000</b></div><div class=\"small\">Service, 3 y 1,000</div>"))
    #expect(page.contains("Insurance 112</div>") && !page.contains("Referral 0"))
  }

  @Test("a long list is cut at 500 rows, and the page says so")
  func limit() {
    let page = SampleList.make(language: .english, rows: 1234).html()
    #expect(page.matches(of: /<tr>\n<td class="rank">/).count == 500)
    #expect(page.contains("This page shows the first 500 of 1,234 rows"))
    #expect(!SampleList.make(language: .english, rows: 500).html().contains("This page shows"))
  }

  @Test("an empty list is a page that says so")
  func empty() {
    let page = SampleList.make(language: .chinese, rows: 0).html()
    #expect(page.contains("名单为空") && !page.contains("<table>"))
  }
}
