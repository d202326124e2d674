import ChurnModel
import Features
import Histories
import LinearAlgebra
import Statistics
import Testing

@testable import Evaluation

@Suite("Training")
struct TrainingTests {
  private static let histories = TrainedSet.histories
  private static let result = TrainedSet.result

  @Test("the last date is the test, the earlier ones train, on other customers")
  func sides() throws {
    let result = Self.result
    #expect(result.dates.map(\.asOf) == TrainedSet.dates)
    #expect(result.dates.map(\.isTest) == [false, false, true])
    let test = try #require(result.test)
    #expect(test.asOf == TrainedSet.testDate)

    // The training rows are the labelled relations of all customers that are not among those tested.
    let customers = Self.histories.relations.customers
    let sides = CustomerSides(histories: Self.histories, testShare: 0.4)
    let tested = Set(test.relations.map { customers[Int($0)] })
    var trainingRows = 0
    for date in TrainedSet.dates.dropLast() {
      let labelled = ModelTest.labelled(AsOfView(histories: Self.histories, asOf: date), label: .due)
      let trained = labelled.relations.filter { !sides.isTest($0) }
      #expect(tested.isDisjoint(with: trained.map { customers[Int($0)] }))
      trainingRows += trained.count
    }
    #expect(result.fit.model.training.rows == trainingRows)
    let labelled = ModelTest.labelled(
      AsOfView(histories: Self.histories, asOf: TrainedSet.testDate), label: .due)
    #expect(test.relations == labelled.relations.filter { sides.isTest($0) })
    let share = Double(test.relations.count) / Double(labelled.count)
    #expect(abs(share - 0.4) < 0.06)
  }

  @Test("all relations of a golden customer are on one side")
  func goldenCustomers() {
    let relations = Self.histories.relations
    for share in [0.05, 0.3, 0.5, 0.9] {
      let sides = CustomerSides(histories: Self.histories, testShare: share)
      var sideOf: [Int32: Bool] = [:]
      var tested = 0
      for relation in 0..<relations.count {
        let customer = relations.customers[relation]
        #expect(Self.histories.customers.golden[Int(customer)] == customer)
        let isTest = sides.isTest(Int32(relation))
        tested += isTest ? 1 : 0
        #expect(sideOf.updateValue(isTest, forKey: customer) ?? isTest == isTest)
      }
      #expect(sideOf.count < relations.count, "somebody has two vehicles")
      #expect(abs(Double(tested) / Double(relations.count) - share) < 0.04)
    }
    let none = CustomerSides(histories: Self.histories, testShare: 0)
    #expect(!(0..<relations.count).contains { none.isTest(Int32($0)) })
  }

  @Test("the figures of the dates add up")
  func summaries() throws {
    for date in Self.result.dates {
      let all = AsOfView(histories: Self.histories, asOf: date.asOf).population(label: .due)
      #expect(date.active == all.count)
      #expect(date.censored == all.count(of: .censored) && date.censored == 0)
      #expect(date.naturalLosses == all.count(of: .naturalLoss) && date.naturalLosses > 0)
      #expect(date.lapsed > 0 && date.lapsed < date.rows)
      #expect(date.rows < all.count - date.naturalLosses)
    }
    let test = try #require(Self.result.test)
    #expect(Self.result.dates.last?.rows == test.labels.count)
    #expect(Self.result.dates.last?.lapsed == test.labels.count { $0 })
  }

  @Test("the model beats the plain rule and does not beat the truth")
  func quality() throws {
    let test = try #require(Self.result.test)
    let truth = TrainedSet.truth
    let known = test.relations.indices.filter { truth[test.relations[$0]] != nil }
    #expect(known.count > test.relations.count * 9 / 10)
    let labels = known.map { test.labels[$0] }
    let model = ROC.estimate(scores: known.map { test.probabilities[$0] }, labels: labels)
    let best = ROC.estimate(scores: known.map { truth[test.relations[$0]]! }, labels: labels)
    #expect(test.model.auc > test.plainRule.auc, "\(test.model.auc) against \(test.plainRule.auc)")
    #expect(test.model.auc > 0.65)
    #expect(model.area < best.area + 2 * model.variance.squareRoot(), "\(model.area) against \(best.area)")
    let metrics = try #require(test.model.probability)
    let rate = Double(test.model.positives) / Double(test.model.rows)
    #expect(metrics.brier < rate * (1 - rate), "better than the mean alone")
    #expect(test.plainRule.probability == nil)
  }

  @Test("the plain rule ranks by days overdue")
  func plainRule() throws {
    let test = try #require(Self.result.test)
    let view = AsOfView(histories: Self.histories, asOf: test.asOf)
    let values = view.features(of: test.relations)
    let overdue = (0..<values.rows).map { values[$0, Feature.daysOverDue.rawValue] }
    #expect(test.plainRule.auc == ROC.area(scores: overdue, labels: test.labels))
    #expect(test.model.auc == ROC.area(scores: test.probabilities, labels: test.labels))
    let scored = [Double](unsafeUninitializedCapacity: values.rows) { buffer, count in
      values.withUnsafeElements { Self.result.fit.model.score(features: $0, rows: values.rows, into: buffer) }
      count = values.rows
    }
    #expect(zip(scored, test.probabilities).allSatisfy { $0 == $1 })
  }

  @Test("two trainings give the same bytes, and the model says what it was made of")
  func determinism() throws {
    let again = try TrainedSet.train()
    #expect(try again.fit.model.json() == Self.result.fit.model.json())
    let metadata = Self.result.fit.model.metadata
    #expect(metadata["label"] == "due" && metadata["who"] == "test")
    #expect(metadata["features"] == Catalogue.signature)
    #expect(metadata["as_of"] == TrainedSet.dates.dropLast().map(\.description).joined(separator: ","))
  }

  @Test("terms, too, beat the plain rule and not the truth, and keep what they were made of")
  func terms() throws {
    let result = try TrainedSet.train(.terms)
    let test = try #require(result.test)
    #expect(test.model.auc > test.plainRule.auc, "\(test.model.auc) against \(test.plainRule.auc)")
    guard case .terms(let model) = result.fit.model else {
      Issue.record("no terms were fitted")
      return
    }
    #expect(model.features == FeatureColumns.all && model.metadata["label"] == "due")
    let unused = Set(FeatureColumns.all.filter { $0.kind == .unused }.map(\.name))
    #expect(model.terms.flatMap(\.features).allSatisfy { !unused.contains(model.features[$0].name) })
  }

  @Test("a test share of 0 trains on everybody and judges nothing")
  func noTest() throws {
    var training = ChurnTraining()
    training.testShare = 0
    let result = try training.run(Self.histories, dates: [TrainedSet.testDate])
    #expect(result.test == nil && result.dates.map(\.isTest) == [false])
    let all = ModelTest.labelled(AsOfView(histories: Self.histories, asOf: TrainedSet.testDate), label: .due)
    #expect(result.fit.model.training.rows == all.count)
  }

  @Test("more rows than wanted are thinned by customer")
  func thinning() throws {
    var training = ChurnTraining()
    training.maximumRows = 600
    let result = try training.run(Self.histories, dates: TrainedSet.dates)
    let rows = result.fit.model.training.rows
    #expect((480...720).contains(rows), "\(rows)")
    #expect(result.dates.dropLast().map(\.rows).reduce(0, +) > 1000, "the summaries tell all")
  }
}
