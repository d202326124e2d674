import ChurnModel
import Evaluation
import Features
import Histories
import LinearAlgebra
import Testing

@Suite("Dates and errors")
struct DateTests {
  private static let histories = TrainedSet.histories

  /// Orders of one customer every 20 days from a first to a last day, and some more.
  private static func small(from first: String, to last: String, also: [String] = []) throws -> Histories {
    let folder = try TemporaryFolder()
    try folder.write("customers.csv", "customer_id\nC1\n")
    try folder.write("vehicles.csv", "vin,customer_id,delivered_on\nLSVAA49J132047371,C1,2019-06-01\n")
    var lines = ["visit_id,customer_id,vin,opened_at,status,classes,customer_paid"]
    var day = Day(first)!
    let end = Day(last)!
    var days: [String] = also
    while day < end {
      days.append(day.description)
      day = day + 20
    }
    for (index, day) in (days + [last]).enumerated() {
      lines.append("R\(index),C1,LSVAA49J132047371,\(day) 10:00:00,settled,maintenance,100")
    }
    try folder.write("visits.csv", lines.joined(separator: "\n") + "\n")
    return try Histories.load(folder.path)
  }

  private static func expectError(
    _ code: EvaluationError.Code, _ body: () throws -> Void
  ) {
    do {
      try body()
      Issue.record("no error")
    } catch let error as EvaluationError {
      #expect(error.code == code)
      #expect(!error.description.isEmpty)
    } catch {
      Issue.record("another error: \(type(of: error))")
    }
  }

  @Test("by default five dates, a quarter of a year apart, the last as late as the label allows")
  func defaultDates() throws {
    let dates = try ChurnTraining.defaultDates(Self.histories, label: .due)
    let last = Self.histories.dataEnd - 540
    #expect(dates == [4, 3, 2, 1, 0].map { last - 91 * $0 })
    let yearly = try ChurnTraining.defaultDates(Self.histories, label: .fixed(days: 365))
    #expect(yearly.last == Self.histories.dataEnd - 365)
  }

  @Test("short data have fewer dates, and too short data are an error that says so")
  func shortData() throws {
    // 180 days after the last date, a year before the first: 365 + 91 + 180 days hold two dates.
    let end = Day("2023-12-31")!
    let enough = try Self.small(from: (end - 636).description, to: end.description)
    #expect(enough.dataEnd == end)
    #expect(try ChurnTraining.defaultDates(enough, label: .fixed(days: 180)) == [end - 271, end - 180])
    let short = try Self.small(from: (end - 635).description, to: end.description)
    Self.expectError(.notEnoughData) { _ = try ChurnTraining.defaultDates(short, label: .fixed(days: 180)) }
    Self.expectError(.notEnoughData) { _ = try ChurnTraining.defaultDates(enough, label: .due) }
  }

  @Test("a mistyped year does not make the data longer")
  func mistypedYear() throws {
    let end = Day("2023-12-31")!
    let histories = try Self.small(from: (end - 636).description, to: end.description, also: ["2009-03-01"])
    #expect(try ChurnTraining.defaultDates(histories, label: .fixed(days: 180)) == [end - 271, end - 180])
  }

  @Test("no dates, and dates at or after the data's end, are refused")
  func badDates() {
    let end = Self.histories.dataEnd
    Self.expectError(.badDates) { _ = try ChurnTraining().run(Self.histories, dates: []) }
    Self.expectError(.badDates) { _ = try ChurnTraining().run(Self.histories, dates: [end]) }
    Self.expectError(.badDates) { _ = try ChurnTraining().run(Self.histories, dates: [end - 700, end + 1]) }
  }

  @Test("dates at which every label is censored, or nobody is there, are refused")
  func nothingKnown() {
    let end = Self.histories.dataEnd
    Self.expectError(.notEnoughData) { _ = try ChurnTraining().run(Self.histories, dates: [end - 10]) }
    let longAgo = Day(year: 1999, month: 1, day: 1)
    Self.expectError(.notEnoughData) { _ = try ChurnTraining().run(Self.histories, dates: [longAgo]) }
  }

  @Test("one class alone cannot be judged, nor trained on")
  func oneClass() throws {
    let model = TrainedSet.result.fit.model
    let view = AsOfView(histories: Self.histories, asOf: TrainedSet.testDate)
    let all = ModelTest.labelled(view, label: .due)
    for outcome in [LapseOutcome.stayed, .lapsed] {
      let some = all.filtered { $1 == outcome }
      Self.expectError(.notEnoughData) { _ = try ModelTest.run(model, view: view, population: some) }
    }
    let histories = try Self.small(from: "2021-01-01", to: "2023-12-31")
    #expect(throws: ChurnModelError.self) {
      var training = ChurnTraining()
      training.testShare = 0
      _ = try training.run(histories, dates: [Day("2022-06-30")!])
    }
  }

  @Test("a model of other features is refused")
  func otherFeatures() throws {
    let fit = try LogisticRegression.fit(
      features: [FeatureColumn(name: "x", kind: .numeric)], values: Matrix([[0], [1], [2], [3]]),
      labels: [false, true, false, true])
    Self.expectError(.otherFeatures) { _ = try FeatureColumns.bind(.coefficients(fit.model)) }
    #expect(try FeatureColumns.bind(TrainedSet.result.fit.model).features == FeatureColumns.all)
  }

  @Test("a single date trains and tests at once, on different customers")
  func singleDate() throws {
    let result = try ChurnTraining().run(Self.histories, dates: [TrainedSet.testDate, TrainedSet.testDate])
    let test = try #require(result.test)
    let all = ModelTest.labelled(AsOfView(histories: Self.histories, asOf: TrainedSet.testDate), label: .due)
    #expect(result.fit.model.training.rows + test.relations.count == all.count)
    #expect(result.dates.map(\.isTest) == [false, true])
  }
}
