import ChurnModel
import LinearAlgebra
import Testing

@Suite("Coefficients that data do not determine")
struct SeparationTests {
  private let table = TestTable(count: 2000)

  @Test("separated classes have finite coefficients with a penalty and an error without")
  func separation() throws {
    let features = [FeatureColumn(name: "x", kind: .numeric)]
    let values = Matrix((0..<40).map { [Double($0)] })
    let labels = (0..<40).map { $0 >= 20 }
    let fit = try LogisticRegression.fit(features: features, values: values, labels: labels)
    #expect(fit.model.columns[0].coefficient > 1 && fit.model.columns[0].coefficient.isFinite)
    #expect(fit.model.training.gradientNorm <= 1e-9)
    var options = LogisticOptions()
    options.penalty = 0
    let error = #expect(throws: ChurnModelError.self) {
      try LogisticRegression.fit(features: features, values: values, labels: labels, options: options)
    }
    #expect(error?.code == .separated)
    #expect(error?.message.contains("x (rising)") == true)
    #expect(error?.message.contains("penalty") == true)
  }

  @Test("a level whose rows are all positive is an error without a penalty and finite with one")
  func partialSeparation() throws {
    var partly = table
    for index in partly.rows.indices where partly.rows[index][2] == 4 { partly.labels[index] = true }
    let error = #expect(throws: ChurnModelError.self) { try partly.fit { $0.penalty = 0 } }
    #expect(error?.code == .separated)
    #expect(error?.message.contains("region=other (rising)") == true)
    #expect(error?.message.contains("age") == false)
    let other = try #require(try partly.fit().coefficients["region=other"])
    #expect(other.estimate > 0 && other.estimate.isFinite)
  }

  @Test("columns that depend on each other are an error without a penalty and none with one")
  func dependentColumns() throws {
    var dependent = TestTable(count: 500, missing: false)
    dependent.features.append(FeatureColumn(name: "sum", kind: .numeric))
    for index in dependent.rows.indices {
      dependent.rows[index].append(dependent.rows[index][0] / 50 + dependent.rows[index][4])
    }
    let error = #expect(throws: ChurnModelError.self) {
      try dependent.fit {
        $0.penalty = 0
        $0.winsorisedShare = 0
        $0.correlationLimit = 1
      }
    }
    #expect(error?.code == .dependentColumns)
    for name in ["age", "gap", "sum"] { #expect(error?.message.contains(name) == true) }
    #expect(error?.message.contains("spend") == false)
    #expect(throws: Never.self) { try dependent.fit() }
  }

  @Test("a combination that separates is named with its columns and their directions")
  func combination() throws {
    var separated = TestTable(count: 600, missing: false)
    for index in separated.rows.indices {
      separated.labels[index] = separated.rows[index][0] / 50 - separated.rows[index][4] > 0.2
    }
    let error = #expect(throws: ChurnModelError.self) {
      try separated.fit {
        $0.penalty = 0
        $0.winsorisedShare = 0
      }
    }
    #expect(error?.code == .separated)
    #expect(error?.message.contains("age (rising)") == true)
    #expect(error?.message.contains("gap (falling)") == true)
    #expect(throws: Never.self) { try separated.fit() }
  }

  @Test("a loose tolerance is no separation")
  func looseTolerance() throws {
    let loose = try table.fit {
      $0.penalty = 0
      $0.tolerance = 0.1
    }
    let usual = try table.fit { $0.penalty = 0 }
    #expect(difference(loose.model, usual.model) < 1e-6)
  }
}
