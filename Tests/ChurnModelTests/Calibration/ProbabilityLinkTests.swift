import Foundation
import LinearAlgebra
import Statistics
import Testing

@testable import ChurnModel

@Suite("From margins to probabilities")
struct ProbabilityLinkTests {
  private static let table = TestTable(count: 300)
  private static let coefficients = Result { try table.fit().model }
  private static let terms = Result { try TestTable.bent(count: 400).terms { $0.mostPairs = 0 }.model }

  /// Models of both kinds with the rows that they were trained on.
  private static func models() throws -> [(model: AnyModel, values: Matrix)] {
    [
      (.coefficients(try coefficients.get()), table.values),
      (.terms(try terms.get()), TestTable.bent(count: 400).values),
    ]
  }

  /// A calibrator of some kind fitted to made-up scores that are too extreme.
  private static func choice(_ kind: Calibrator.Kind) throws -> CalibrationChoice {
    var random = RandomNumbers(seed: 5)
    let scores = (0..<400).map { _ in random.uniform() }
    return try CalibrationChoice(
      probabilities: scores, labels: scores.map { random.uniform() < 0.2 + 0.5 * $0 },
      folds: (0..<400).map { $0 % 4 }, wanted: kind)
  }

  private static func sampled() throws -> PriorCorrection {
    try PriorCorrection(population: 0.03, sample: 0.4)
  }

  @Test("a calibrator that is the identity changes no bit")
  func identity() throws {
    for (model, values) in try Self.models() {
      var calibrated = model
      calibrated.link = ProbabilityLink(calibration: try Self.choice(.identity))
      #expect(calibrated.probabilities(values) == model.probabilities(values))
    }
  }

  @Test("probabilities keep the order of margins", arguments: Calibrator.Kind.allCases)
  func order(kind: Calibrator.Kind) throws {
    for (model, values) in try Self.models() {
      var calibrated = model
      calibrated.link = ProbabilityLink(calibration: try Self.choice(kind), correction: try Self.sampled())
      let probabilities = calibrated.probabilities(values)
      let order = model.margins(values).enumerated().sorted { $0.element < $1.element }.map(\.offset)
      #expect(zip(order, order.dropFirst()).allSatisfy { probabilities[$0] <= probabilities[$1] })
      // Only rows with the same margin have the same probability: ranks stay.
      #expect(Set(probabilities).count == Set(model.margins(values)).count)
      #expect(probabilities.allSatisfy { $0 > 0 && $0 < 1 })
      #expect(calibrated.margins(values) == model.margins(values), "contributions are to the margin")
    }
  }

  @Test("the correction for sampled classes is a shift of the intercept, and comes after the calibrator")
  func correction() throws {
    let correction = try Self.sampled()
    for (model, values) in try Self.models() {
      var corrected = model
      corrected.link.correction = correction
      let shifted = model.margins(values).map { 1 / (1 + exp(-($0 + correction.interceptShift))) }
      #expect(greatestDifference(corrected.probabilities(values), shifted) < 1e-14)
      let choice = try Self.choice(.beta)
      corrected.link.calibration = choice
      let expected = model.probabilities(values).map {
        correction.probability(choice.calibrator.probability($0))
      }
      #expect(greatestDifference(corrected.probabilities(values), expected) < 1e-15)
    }
  }

  @Test(
    "JSON gives calibrator and correction back, to the bit of every probability",
    arguments: Calibrator.Kind.allCases)
  func json(kind: Calibrator.Kind) throws {
    for (model, values) in try Self.models() {
      var linked = model
      linked.link = ProbabilityLink(calibration: try Self.choice(kind), correction: try Self.sampled())
      let data = try linked.json()
      let back = try AnyModel(json: data)
      #expect(back.link == linked.link)
      #expect(back.probabilities(values) == linked.probabilities(values))
      #expect(try back.json() == data)
    }
  }

  @Test(
    "a model whose probabilities are the logistic's is written as before; others not for programs that know no calibrator"
  )
  func version() throws {
    for (model, _) in try Self.models() {
      var linked = model
      func text() throws -> String { String(decoding: try linked.json(), as: UTF8.self) }
      #expect(try text().contains("\"formatVersion\" : 1") && !text().contains("\"probability\""))
      linked.link.calibration = try Self.choice(.identity)
      #expect(try text().contains("\"formatVersion\" : 1"))
      linked.link.calibration = try Self.choice(.beta)
      #expect(try text().contains("\"formatVersion\" : 2"))
      linked.link = ProbabilityLink(correction: try Self.sampled())
      #expect(try text().contains("\"formatVersion\" : 2"))
    }
  }

  @Test("a damaged calibrator or correction is an error that names it")
  func damaged() throws {
    for (model, _) in try Self.models() {
      for (kind, old, new, says) in [
        (Calibrator.Kind.beta, "\"low_slope\" : ", "\"low_slope\" : -", "calibration of its probabilities"),
        (.beta, "\"kind\" : \"beta\"", "\"kind\" : \"gamma\"", "calibration of its probabilities"),
        (.isotonic, "\"scores\" : [", "\"scores\" : [ 7,", "must rise"),
        (
          .identity, "\"population\" : 0.03", "\"population\" : 3",
          "share of positives in the population is 3"
        ),
        (.identity, "\"sample\" : ", "\"simple\" : ", "correction of its probabilities"),
      ] {
        var linked = model
        linked.link = ProbabilityLink(calibration: try Self.choice(kind), correction: try Self.sampled())
        let text = String(decoding: try linked.json(), as: UTF8.self)
        let damaged = Data(text.replacing(old, with: new).utf8)
        #expect {
          _ = try AnyModel(json: damaged)
        } throws: { error in
          guard let error = error as? ChurnModelError else { return false }
          return error.code == .damagedModel && error.message.contains(says)
        }
      }
    }
  }

  @Test("a model bound to other columns keeps its calibrator")
  func bound() throws {
    var model = try Self.coefficients.get()
    model.link = ProbabilityLink(calibration: try Self.choice(.beta), correction: try Self.sampled())
    let more = [FeatureColumn(name: "new", kind: .numeric)] + model.features
    let bound = try model.bound(to: more)
    #expect(bound.link == model.link)
    #expect(bound.probabilities(Self.table.rows.map { [0] + $0 }) == model.probabilities(Self.table.rows))
  }
}
