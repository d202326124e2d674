import Foundation
import Testing
import LinearAlgebra

@testable import ChurnModel

@Suite("Published regressions", .enabled(if: SharedReference.isThere))
struct ReferenceTests {
  private func unpenalised() -> LogisticOptions {
    var options = LogisticOptions()
    options.penalty = 0
    options.winsorisedShare = 0
    options.rareLevelShare = 0
    return options
  }

  @Test("Spector's grades give Stata's coefficients and standard errors")
  func spector() throws {
    // Stata 11 as printed in statsmodels (results_discrete.py, Spector logit).
    let rows = try SharedReference.rows("spector.csv").map { try $0.map { try #require(Double($0)) } }
    let fit = try LogisticRegression.fit(
      features: [
        FeatureColumn(name: "GPA", kind: .numeric), FeatureColumn(name: "TUCE", kind: .numeric),
        FeatureColumn(name: "PSI", kind: .flag),
      ], values: Matrix(rows.map { Array($0[1...3]) }), labels: rows.map { $0[4] == 1 },
      options: unpenalised())
    let published = [
      ("(intercept)", -13.0213483201, 4.93132462871), ("GPA", 2.82611297201, 1.26294114526),
      ("TUCE", 0.0951576702557, 0.141554207662), ("PSI", 2.37868772835, 1.06456430165),
    ]
    for (name, estimate, error) in published {
      let row = try #require(fit.coefficients[name])
      // Stata printed 12 digits but stopped after 7: its gradient below is the greater one.
      #expect((row.estimate / estimate - 1).magnitude < 2e-7)
      #expect((row.standardError / error - 1).magnitude < 1e-7)
    }
    let slope = score(rows, fit.coefficients.rows.map(\.estimate))
    let slopeOfPublished = score(rows, published.map(\.1))
    #expect(slope < 1e-11)
    #expect(slope < slopeOfPublished / 1000)
  }

  /// The greatest element of the likelihood's gradient, which is zero at the maximum.
  private func score(_ rows: [[Double]], _ coefficients: [Double]) -> Double {
    var gradient = [0.0, 0, 0, 0]
    for row in rows {
      let values = [1] + row[1...3]
      let margin = zip(values, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      for index in 0..<4 { gradient[index] += values[index] * (1 / (1 + exp(-margin)) - row[4]) }
    }
    return gradient.reduce(0) { max($0, $1.magnitude) }
  }

  private func admission() throws -> (rows: [[Double]], labels: [Bool]) {
    let rows = try SharedReference.rows("ucla_admission.csv").map { try $0.map { try #require(Double($0)) } }
    return (rows, rows.map { $0[0] == 1 })
  }

  @Test("UCLA's admissions give R's coefficients, standard errors, deviances and AIC")
  func ucla() throws {
    // R glm() as printed by UCLA's "Logit regression: R data analysis examples".
    let (rows, labels) = try admission()
    let values = rows.map { row in [row[1], row[2]] + [2.0, 3, 4].map { $0 == row[3] ? 1.0 : 0 } }
    let fit = try LogisticRegression.fit(
      features: [
        FeatureColumn(name: "gre", kind: .numeric), FeatureColumn(name: "gpa", kind: .numeric),
        FeatureColumn(name: "rank2", kind: .flag), FeatureColumn(name: "rank3", kind: .flag),
        FeatureColumn(name: "rank4", kind: .flag),
      ], values: Matrix(values), labels: labels, options: unpenalised())
    let published = [
      ("(intercept)", -3.989979, 1.139951), ("gre", 0.002264, 0.001094), ("gpa", 0.804038, 0.331819),
      ("rank2", -0.675443, 0.316490), ("rank3", -1.340204, 0.345306), ("rank4", -1.551464, 0.417832),
    ]
    for (name, estimate, error) in published {
      let row = try #require(fit.coefficients[name])
      #expect((row.estimate - estimate).magnitude <= 5.1e-7)
      #expect((row.standardError - error).magnitude <= 5.1e-7)
    }
    let training = fit.model.training
    #expect((training.nullDeviance - 499.98).magnitude <= 0.005)
    #expect((training.deviance - 458.52).magnitude <= 0.005)
    #expect((training.akaikeCriterion(columns: fit.model.columns.count) - 470.52).magnitude <= 0.005)
  }

  @Test("a category gives the same fit as its indicators, with the most frequent level as base")
  func uclaAsCategory() throws {
    let (rows, labels) = try admission()
    let fit = try LogisticRegression.fit(
      features: [
        FeatureColumn(name: "gre", kind: .numeric), FeatureColumn(name: "gpa", kind: .numeric),
        FeatureColumn(name: "rank", kind: .category(levels: ["1", "2", "3", "4"])),
      ], values: Matrix(rows.map { [$0[1], $0[2], $0[3] - 1] }), labels: labels, options: unpenalised())
    #expect(fit.model.columns.map(\.name) == ["gre", "gpa", "rank=1", "rank=3", "rank=4"])
    #expect((fit.model.training.deviance - 458.52).magnitude <= 0.005)
    let first = try #require(fit.coefficients["rank=1"])
    let third = try #require(fit.coefficients["rank=3"])
    #expect((first.estimate - 0.675443).magnitude <= 5.1e-7)
    #expect((third.estimate - first.estimate + 1.340204).magnitude <= 5.1e-7)
  }
}
