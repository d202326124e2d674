internal import BuyTillYouDie
internal import CustomerValue
public import Evaluation
internal import Foundation
public import Histories

/// What customers are worth, for people: the same figures for the terminal and the page.
public struct ValueDocument: Sendable {
  public let assessment: ValueAssessment
  /// What the customers are called: customers, or relations of customer and vehicle.
  public let subject: Bilingual
  /// Where the figures come from, such as the file's name.
  public let source: String
  /// Unit of amounts; `nil` where it is not known.
  public let currency: String?
  let share: ValueShare

  public init(_ assessment: ValueAssessment, subject: Bilingual, source: String, currency: String?) {
    self.assessment = assessment
    self.subject = subject
    self.source = source
    self.currency = currency
    share = ValueShare(assessment)
  }

  var histories: PurchaseHistories { assessment.histories }
  var options: ValueOptions { assessment.valuation.options }
  var hasMoney: Bool { assessment.valuation.expectedSpend != nil }

  /// Customers with the same number of repeats.
  struct FrequencyRow {
    let label: String
    let customers: Int
    /// Means over the customers; NaN without any.
    let alive: Double
    let visits: Double
    let spend: Double
    /// Sum over the customers.
    let value: Double
  }

  /// By number of repeats, the last row of so many and more.
  var frequencyRows: [FrequencyRow] {
    let valuation = assessment.valuation
    var sums = [(count: Int, alive: Double, visits: Double, spend: Double, value: Double)](
      repeating: (0, 0, 0, 0, 0), count: FrequencyFit.mostRepeats + 1)
    for customer in 0..<valuation.count {
      let row = min(histories.visits[customer].repeats, FrequencyFit.mostRepeats)
      sums[row].count += 1
      sums[row].alive += valuation.probabilityAlive[customer]
      sums[row].visits += valuation.expectedVisits[customer]
      sums[row].spend += valuation.expectedSpend?[customer] ?? .nan
      sums[row].value += valuation.value(customer)
    }
    return sums.enumerated().map { repeats, sum in
      let count = Double(sum.count)
      return FrequencyRow(
        label: ValueWords.repeats(repeats), customers: sum.count, alive: sum.alive / count,
        visits: sum.visits / count, spend: sum.spend / count, value: sum.value)
    }
  }
}

/// Sums over all customers, and how unevenly the value is spread.
struct ValueShare: Sendable {
  let customers: Int
  let alive: Double
  let visits: Double
  /// NaN without amounts.
  let value: Double
  let residual: Double
  /// Share of the value, or without amounts of the expected visits, that the best tenth of customers has.
  let topTenth: Double

  private static let tenth = 10

  init(_ assessment: ValueAssessment) {
    let valuation = assessment.valuation
    customers = valuation.count
    alive = valuation.probabilityAlive.reduce(0, +)
    visits = valuation.expectedVisits.reduce(0, +)
    let hasMoney = valuation.expectedSpend != nil
    var values = hasMoney ? (0..<valuation.count).map(valuation.value) : valuation.expectedVisits
    value = hasMoney ? values.reduce(0, +) : .nan
    residual =
      hasMoney && valuation.residualVisits != nil
      ? (0..<valuation.count).reduce(0) { $0 + valuation.residualValue($1) } : .nan
    values.sort(by: >)
    let total = values.reduce(0, +)
    let best = values.prefix(max(values.count / Self.tenth, 1)).reduce(0, +)
    topTenth = total > 0 ? best / total : .nan
  }
}
