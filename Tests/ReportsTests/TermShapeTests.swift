import ChurnModel
import Foundation
import FoundationXML
import Histories
import LinearAlgebra
import Testing

@testable import Reports

@Suite("Shapes of terms in words and drawings")
struct TermShapeTests {
  /// Ages in bins with some missing, an amount by its logarithm, a pair of bins and a curve.
  private static let model: TermModel = {
    var state: UInt64 = 3
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    var rows: [[Double]] = []
    var labels: [Bool] = []
    for _ in 0..<1500 {
      let (age, amount, share) = (20 + 60 * uniform(), (exp(9 * uniform()) - 1).rounded(), 2 * uniform() - 1)
      let margin =
        (age > 60 ? 2 : age > 40 ? 0.5 : -1.5) + log1p(amount) / 3 - 1.5
        + ((age > 60) == (share > 0) ? 1.5 : -1.5)
      rows.append([uniform() < 0.05 ? .nan : age, amount, share])
      labels.append(uniform() < 1 / (1 + exp(-margin)))
    }
    var options = TermOptions()
    (options.knots, options.pairKnots, options.mostPairs) = (10, 7, 1)
    options.shapes = ["age": .bins(.free), "amount": .logarithm]
    do {
      return try TermRegression.fit(
        features: ["age", "amount", "share"].map { FeatureColumn(name: $0, kind: .numeric) },
        values: Matrix(rows), labels: labels, options: options
      ).model
    } catch {
      preconditionFailure("the sample cannot be fitted: \(error)")
    }
  }()

  private static func term(_ name: String) throws -> TermModel.Term {
    try #require(model.terms.first { $0.name == name })
  }

  /// At least two.
  private static func edges() throws -> [Double] {
    guard case .steps(let edges, _) = try term("age").scales[0].nodes else { return [] }
    return try #require(edges.edges.count >= 2 ? edges.edges : nil)
  }

  @Test("bins are named by their borders, each with what it adds, in both languages")
  func bins() throws {
    let edges = try Self.edges()
    let text = KnotText(edges)
    for (language, between) in [(Language.english, " to < "), (.chinese, " 至 < ")] {
      let lines = TermDocument(Self.model).lines(language: language, width: 120)
      let wanted = [
        "< \(text(edges[0])) ", "\(text(edges[0]))\(between)\(text(edges[1])) ",
        "≥ \(text(edges[edges.count - 1])) ",
      ]
      for (bin, label) in zip([0, 1, edges.count], wanted) {
        let addition = TermWords.signed(try Self.term("age").values[bin])
        #expect(lines.contains { ($0 + " ").contains(label) && $0.contains(addition) }, "\(label)")
      }
      #expect(lines.contains { $0.contains("log(1 + |x|)") && $0.contains("amount") })
    }
  }

  @Test("an area of a pair names a run of bins by its outer borders")
  func areas() throws {
    let pair = try #require(Self.model.terms.first { $0.scales.count == 2 })
    let axes = Self.model.axes(of: pair)
    let age = try #require(axes.first { $0.feature == "age" })
    let text = KnotText(try Self.edges())
    let edges = try Self.edges().map { text($0) }
    #expect(age.phrase([0, 1], .english) == "age < \(edges[1])")
    #expect(age.phrase([1], .chinese) == "age \(edges[0]) 至 < \(edges[1])")
    #expect(age.phrase([edges.count], .english) == "age ≥ \(edges[edges.count - 1])")
    #expect(age.phrase(Array(age.valueNodes), .english) == "age known")
    let missing = try #require(age.missingNode)
    #expect(age.phrase([missing], .english) == "age = missing")
  }

  @Test(
    "steps are drawn as steps: two points a bin at one height, a dot in its middle, the missing value apart")
  func drawing() throws {
    let age = try Self.term("age")
    let svg = TermChart(age, of: Self.model, language: .english).svg
    #expect(XMLParser(data: Data(svg.utf8)).parse())
    let curve = try #require(svg.firstMatch(of: /d="([^"]*)" class="curve"/)).1
    let points = curve.matches(of: /[ML](-?[0-9.]+) (-?[0-9.]+)/).map {
      (Double($0.1) ?? .nan, Double($0.2) ?? .nan)
    }
    let bins = age.scales[0].valueNodes
    #expect(points.count == 2 * bins)
    for bin in 0..<bins {
      #expect(points[2 * bin].1 == points[2 * bin + 1].1)
      #expect(points[2 * bin].0 < points[2 * bin + 1].0)
      if bin > 0 { #expect(points[2 * bin].0 == points[2 * bin - 1].0) }
    }
    #expect(svg.matches(of: /class="dot"/).count == bins + 1)
    #expect(svg.contains(">missing</text>"))
  }

  @Test(
    "a logarithmic axis is bent where the drawing is straight, and maps take their colours from where values lie"
  )
  func logarithms() throws {
    let axis = try #require(Self.model.axes(of: Self.term("amount")).first)
    let knots = try #require(axis.knots)
    for node in 0..<knots.count - 1 {
      for share in [0.0, 0.3, 0.8] {
        let value = axis.value(share, after: node)
        #expect((axis.share(of: value, after: node) - share).magnitude < 1e-12)
        #expect(value >= knots[node] && value <= knots[node + 1])
      }
    }
    let scale = ChartScale(knots: [0, 1, 2, 4, 8, 1000], length: 300)
    for value in [0, 0.5, 7, 1000] {
      #expect((scale.value(at: scale.position(value)) - value).magnitude < 1e-9)
    }
    let plain = ChartScale(lower: -2, upper: 6, length: 100)
    #expect(plain.value(at: 25) == 0)
  }

  @Test("every term of every shape is drawn on the page")
  func page() throws {
    let page = TermPage(Self.model, title: "shapes").html(language: .chinese)
    let drawings = page.matches(of: /(?s)<svg.*?<\/svg>/).map(\.output)
    #expect(drawings.count == Self.model.terms.count)
    for drawing in drawings {
      #expect(XMLParser(data: Data(drawing.utf8)).parse())
      #expect(!drawing.contains("nan") && !drawing.contains("inf"))
    }
  }
}
