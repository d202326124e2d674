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

  /// The admissions with indicators as UCLA codes them.
  private func admissionFit(
    penalty: Double = 0, clusters: Int? = nil
  ) throws -> (fit: LogisticFit, values: Matrix, labels: [Bool]) {
    let (rows, labels) = try admission()
    let values = Matrix(rows.map { row in [row[1], row[2]] + [2.0, 3, 4].map { $0 == row[3] ? 1.0 : 0 } })
    var options = unpenalised()
    options.penalty = penalty
    options.robustErrors = true
    // The errors' Hessian is the one before the last step, which is to lie at the optimum, too.
    options.tolerance = 1e-12
    let fit = try LogisticRegression.fit(
      features: [
        FeatureColumn(name: "gre", kind: .numeric), FeatureColumn(name: "gpa", kind: .numeric),
        FeatureColumn(name: "rank2", kind: .flag), FeatureColumn(name: "rank3", kind: .flag),
        FeatureColumn(name: "rank4", kind: .flag),
      ], values: values, labels: labels,
      clusters: clusters.map { count in labels.indices.map { Int32($0 % count) } }, options: options)
    return (fit, values, labels)
  }

  // The figures of the three tests below are those of statsmodels 0.15.0:
  //
  //   d = np.loadtxt("ucla_admission.csv", delimiter=",", skiprows=1)
  //   X = np.column_stack([np.ones(len(d)), d[:, 1], d[:, 2]] + [(d[:, 3] == k) * 1.0 for k in (2, 3, 4)])
  //   tight = dict(method="newton", tol=1e-14, maxiter=50, disp=0)
  //   sm.Logit(d[:, 0], X).fit(cov_type="HC0", **tight).bse
  //   groups = dict(groups=np.arange(len(d)) % 40, use_correction=False)
  //   sm.Logit(d[:, 0], X).fit(cov_type="cluster", cov_kwds=groups, **tight).bse * (40 / 39) ** 0.5
  //   full = sm.Logit(d[:, 0], X).fit(**tight); full.conf_int()
  //   for p in (1, 3):
  //     without = sm.Logit(d[:, 0], X[:, :p]).fit(**tight); statistic = 2 * (full.llf - without.llf)
  //     scipy.stats.chi2.sf(statistic, 6 - p)    # full.llr stops 7e-8 from the null model's optimum
  //   [variance_inflation_factor(X, i) for i in range(1, 6)]

  @Test("robust and clustered errors of UCLA's admissions are those of statsmodels")
  func robustErrors() throws {
    let (fit, _, _) = try admissionFit(clusters: 40)
    let robust = [
      1.13666547534, 0.00110130854655, 0.344704182084, 0.314075269337, 0.344094819889, 0.4155339837,
    ]
    let clustered = [
      1.32473345411, 0.00103863940826, 0.398784632282, 0.317947035917, 0.332060774694, 0.470047814293,
    ]
    #expect(fit.coefficients.clusters == 40)
    for (index, row) in fit.coefficients.rows.enumerated() {
      #expect((try #require(row.robustError) / robust[index] - 1).magnitude < 1e-10)
      #expect((try #require(row.clusteredError) / clustered[index] - 1).magnitude < 1e-10)
    }
  }

  @Test("confidence intervals and variance inflation of UCLA's admissions are those of statsmodels")
  func intervals() throws {
    let (fit, _, _) = try admissionFit()
    let published = [
      (-6.224241903086098, -1.7557162435760012), (0.00012022977739775155, 0.0044086217949605684),
      (0.15368366295805025, 1.454391435602401), (-1.2957512694437945, -0.05513458648332992),
      (-2.0169920698862422, -0.6634157630495391), (-2.370398637964887, -0.7325287158712552),
    ]
    let inflation = [
      nil, 1.194741686911462, 1.1945853085344649, 2.177810472167692, 2.104287934477911, 1.7730674566344857,
    ]
    for (index, row) in fit.coefficients.rows.enumerated() {
      let interval = try #require(row.confidenceInterval())
      #expect((interval.lowerBound - published[index].0).magnitude < 1e-10)
      #expect((interval.upperBound - published[index].1).magnitude < 1e-10)
      #expect(row.confidenceInterval(level: 0.95, .clustered) == nil)
      if let expected = inflation[index] {
        #expect((try #require(row.varianceInflation) - expected).magnitude < 1e-10)
      } else {
        #expect(row.varianceInflation == nil)
      }
    }
  }

  @Test("likelihood-ratio tests of UCLA's admissions are those of statsmodels")
  func likelihoodRatio() throws {
    let (fit, values, labels) = try admissionFit()
    #expect((fit.wholeModelTest.statistic - 41.45902507901644).magnitude < 1e-9)
    #expect(fit.wholeModelTest.degreesOfFreedom == 5)
    #expect((fit.wholeModelTest.pValue / 7.578194231815044e-08 - 1).magnitude < 1e-9)
    let rank = try fit.likelihoodRatioTest(
      without: ["rank2", "rank3", "rank4"], values: values, labels: labels)
    #expect((rank.statistic - 21.826489208929843).magnitude < 1e-9)
    #expect(rank.degreesOfFreedom == 3 && !rank.isPenalised)
    #expect((rank.pValue / 7.088456177668665e-05 - 1).magnitude < 1e-9)
    #expect((fit.akaikeCriterion - 470.52).magnitude <= 0.005)
    #expect(fit.effectiveParameters == 6)
  }
}
