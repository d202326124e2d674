import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Shapes of terms")
struct TermShapeTests {
  /// `bend` misses some values; `left` is from 0 to 100 here.
  private static let table: TestTable = {
    var table = TestTable.bent(count: 900)
    for index in table.rows.indices { table.rows[index][1] = 50 + 50 * table.rows[index][1] }
    return table
  }()

  private static func fit(
    _ shapes: [String: NumberShape], pairs: Int = 0, _ change: (inout TermOptions) -> Void = { _ in }
  ) throws -> TermFit {
    try table.terms {
      $0.shapes = shapes
      $0.mostPairs = pairs
      change(&$0)
    }
  }

  /// What a model adds for some values of one feature.
  private static func additions(_ model: TermModel, _ name: String, _ values: [Double]) throws -> [Double] {
    let feature = try #require(model.features.firstIndex { $0.name == name })
    let term = try #require(model.terms.firstIndex { $0.name == name })
    return values.map { value in
      var row = table.rows[3]
      row[feature] = value
      return row.withUnsafeBufferPointer(model.contributions)[term]
    }
  }

  @Test(
    "a linear term is straight in the value, a logarithmic one in its signed logarithm, between knots, too")
  func straight() throws {
    let values = [-1.9, -1.21, -0.4, 0.003, 0.7, 1.3, 1.95]
    for (shape, place) in [
      (NumberShape.line, { (value: Double) in value }),
      (.logarithm, { $0 < 0 ? -log1p(-$0) : log1p($0) }),
    ] {
      var table = Self.table
      for index in table.rows.indices {
        table.labels[index] = table.rows[index][0] > Double(index % 5 - 2) / 2
      }
      let fit = try table.terms {
        $0.shapes = ["bend": shape]
        $0.mostPairs = 0
      }
      let additions = try Self.additions(fit.model, "bend", values)
      let slope = (additions[6] - additions[0]) / (place(values[6]) - place(values[0]))
      #expect(slope > 0.5)
      for (value, addition) in zip(values, additions) {
        #expect((addition - additions[0] - slope * (place(value) - place(values[0]))).magnitude < 1e-12)
      }
      let term = try #require(fit.model.terms.first { $0.name == "bend" })
      #expect(term.scales[0].hasMissing && term.effectiveParameters < 2.01)
    }
  }

  @Test(
    "bins are the optimal ones, and every value of a bin adds the same",
    arguments: ["bins", "bins:valley", "bins:free"])
  func bins(name: String) throws {
    let shape = try #require(NumberShape(name))
    #expect(shape.description == name)
    guard case .bins(let trend) = shape else { return }
    let model = try Self.fit(["bend": shape]).model
    let term = try #require(model.terms.first { $0.name == "bend" })
    guard case .steps(let edges, let range) = term.scales[0].nodes else {
      Issue.record("no bins")
      return
    }
    var options = OptimalBinOptions()
    options.trend = trend
    let optimal = try OptimalBinning.bins(
      column: Self.table.rows.map { $0[0] }, labels: Self.table.labels, options: options)
    #expect(optimal.bins == .intervals(edges) && edges.valueBins > 3)
    #expect(range.lowerBound < -1.9 && range.upperBound > 1.9)
    for bin in 0..<edges.valueBins {
      let bounds = edges.bounds(of: bin)
      let values = [
        max(bounds.lower, -1e9), (max(bounds.lower, -2) + min(bounds.upper, 2)) / 2,
        min(bounds.upper, 1e9).nextDown,
      ]
      for addition in try Self.additions(model, "bend", values) { #expect(addition == term.values[bin]) }
    }
    let missing = try Self.additions(model, "bend", [.nan])
    #expect(missing == [term.values[edges.valueBins]])
  }

  @Test(
    "a trend that is named is held by the steps, too",
    arguments: ["bins:rising", "bins:falling", "bins:peak", "bins:valley"])
  func trends(name: String) throws {
    let shape = try #require(NumberShape(name))
    let fit = try Self.fit(["bend": shape], pairs: 2)
    #expect(!fit.pairs.contains { pair in pair.name.contains("bend") })
    let own = try #require(fit.directions?.terms.first { $0.name == "bend" })
    // The data have a valley: the best peak stands at one of its ends.
    #expect(
      name == "bins:peak" ? ["rising", "falling"].contains(own.direction) : name.hasSuffix(own.direction))
    let term = try #require(fit.model.terms.first { $0.name == "bend" })
    let values = term.values.prefix(term.scales[0].valueNodes)
    let signs = zip(values.dropFirst(), values).map { $0 - $1 }.filter { $0 != 0 }.map { $0 > 0 }
    switch name {
    case "bins:rising": #expect(signs.allSatisfy { $0 })
    case "bins:falling": #expect(signs.allSatisfy { !$0 })
    case "bins:peak": #expect(zip(signs, signs.dropFirst()).allSatisfy { $0 || !$1 })
    default:
      #expect(
        signs.first == false && signs.last == true && zip(signs, signs.dropFirst()).allSatisfy { !$0 || $1 })
    }
  }

  @Test("a direction gives bins their trend")
  func directedBins() throws {
    let fit = try Self.fit(["left": .bins(.auto)]) { $0.directions = ["left": .rising] }
    let trend = try Self.fit(["left": .bins(.increasing)])
    #expect(try fit.model.json() == trend.model.json())
  }

  @Test(
    "naming the default shape changes no bit, and a shape for all numbers leaves texts and named ones alone")
  func defaults() throws {
    let plain = try Self.fit([:], pairs: 1)
    let named = try Self.fit(["bend": .curve, "left": .curve], pairs: 1)
    #expect(try plain.model.json() == named.model.json())
    let all = try Self.fit(["bend": .curve]) { $0.numberShape = .line }
    for term in all.model.terms {
      switch term.name {
      case "bend": #expect(term.effectiveParameters > 3)
      case "town": #expect(term.values.count >= 4)
      default: #expect(term.effectiveParameters < 1.01)
      }
    }
  }

  @Test("shapes hold in pairs: what is straight is so along a pair, and bins are the pair's grid")
  func pairs() throws {
    // Bins are made of what a column tells by itself.
    var table = Self.table
    for index in table.rows.indices where table.rows[index][2] > 0 && index % 3 == 0 {
      table.labels[index] = true
    }
    let model = try table.terms {
      $0.shapes = ["left": .line, "right": .bins(.free)]
      $0.mostPairs = 1
    }.model
    let pair = try #require(model.terms.first { $0.scales.count == 2 })
    try #require(pair.name == "left × right")
    guard case .knots(let knots) = pair.scales[0].nodes, case .steps = pair.scales[1].nodes else {
      Issue.record("other nodes")
      return
    }
    let width = pair.scales[1].count
    for column in 0..<pair.scales[1].valueNodes {
      let first = pair.values[column]
      let slope =
        (pair.values[(knots.count - 1) * width + column] - first) / (knots[knots.count - 1] - knots[0])
      for (row, knot) in knots.enumerated() {
        #expect((pair.values[row * width + column] - first - slope * (knot - knots[0])).magnitude < 1e-9)
      }
    }
  }

  @Test("models with every shape come back from their JSON to the bit, and damaged ones are told")
  func roundTrip() throws {
    let model = try Self.fit(
      ["bend": .bins(.auto), "left": .logarithm, "right": .line], pairs: 1
    ).model
    let data = try model.json()
    guard case .terms(let back) = try AnyModel(json: data) else {
      Issue.record("no terms")
      return
    }
    #expect(back.terms == model.terms)
    #expect(try back.json() == data)
    #expect(back.margins(Self.table.rows) == model.margins(Self.table.rows))
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"isLogarithmic\" : true"))
    // Ranges that end before they begin, or leave edges out.
    let range = try #require(text.firstRange(of: /"range" : \[[^\]]*\]/))
    for bad in ["\"range\" : [3, 1]", "\"range\" : [1]", "\"range\" : [0, 0.001]"] {
      #expect(throws: ChurnModelError.self) {
        try AnyModel(json: Data(text.replacingOccurrences(of: text[range], with: bad).utf8))
      }
    }
  }

  @Test("a number that one bin fits best is left out with the reason, or keeps its missing values' node")
  func oneBin() throws {
    let fit = try Self.fit(["noise": .bins(.auto)])
    let dropped = try #require(fit.model.droppedFeatures.first { $0.feature == "noise" })
    #expect(dropped.reason == "one bin for all of its values is best")
    var table = Self.table
    for index in table.rows.indices where index % 5 == 0 {
      table.rows[index][4] = .nan
      table.labels[index] = true
    }
    let other = try table.terms {
      $0.shapes = ["noise": .bins(.auto)]
      $0.mostPairs = 0
    }
    let noise = try #require(other.model.terms.first { $0.name == "noise" })
    #expect(noise.scales[0].valueNodes == 1 && noise.values[1] > 1)
  }

  @Test(
    "a mark that is written as a number or nothing is told as well as one of 0 and 1",
    arguments: [1.0, 0, -3e200])
  func mark(value: Double) throws {
    var (written, plain) = (Self.table, Self.table)
    for index in plain.rows.indices {
      let isMarked = (index * 37) % 10 < (plain.labels[index] ? 7 : 2)
      written.rows[index][4] = isMarked ? value : .nan
      plain.rows[index][4] = isMarked ? 1 : 0
    }
    let (found, wanted) = try (written.terms(), plain.terms())
    let term = try #require(found.model.terms.first { $0.name == "noise" })
    #expect(term.scales[0].valueNodes == 1 && term.scales[0].hasMissing)
    #expect((found.model.training.logLoss - wanted.model.training.logLoss).magnitude < 2e-3)
    let back = try AnyModel(json: found.model.json())
    guard case .terms(let stored) = back else {
      Issue.record("no terms")
      return
    }
    #expect(stored.margins(written.rows) == found.model.margins(written.rows))
    // Held to a direction it has no step to be held.
    let held = try written.terms { $0.directions = ["noise": .rising] }
    #expect(held.model.terms.contains { $0.name == "noise" })
    #expect(!held.model.droppedFeatures.contains { $0.feature == "noise" })
  }

  @Test("names of shapes are read as they are written, others are none")
  func names() {
    for name in NumberShape.names { #expect(NumberShape(name)?.description == name) }
    for name in ["", "Linear", "bins:", "bins:up", "spline"] { #expect(NumberShape(name) == nil) }
  }
}
