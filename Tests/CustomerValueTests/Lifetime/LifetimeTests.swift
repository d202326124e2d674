import BuyTillYouDie
import CustomerValue
import Foundation
import Testing

@Suite("Lifetime value of simulated customers")
struct LifetimeTests {
  /// Fitted once.
  private static let fitted = Result<(SimulatedBuyers, RepeatModelFit, SpendModel), any Error> {
    let buyers = SimulatedBuyers(1_200, seed: 11)
    let fit = try RepeatModelFit(RepeatGroups(buyers.histories.visits), kind: .bgNBD)
    let spend = try #require(buyers.histories.spend)
    return (buyers, fit, SpendModel(SpendSample(counts: spend.counts, means: spend.means)))
  }

  private static func valuation(months: Int, rate: Double = SimulatedBuyers.monthlyRate) throws
    -> LifetimeValuation
  {
    let (buyers, fit, spend) = try fitted.get()
    var options = ValueOptions()
    (options.horizonMonths, options.monthlyRate) = (months, rate)
    return try LifetimeValuation(
      buyers.histories, groups: [.init(fit: fit)], spend: spend, options: options)
  }

  @Test("what is expected of all comes true within chance: visits and discounted value of a year")
  func totals() throws {
    let (buyers, fit, _) = try Self.fitted.get()
    let valuation = try Self.valuation(months: SimulatedBuyers.months)
    let errors = (0..<valuation.count).map { customer in
      (
        visits: Double(buyers.laterVisits[customer]) - valuation.expectedVisits[customer],
        value: buyers.laterValues[customer] - valuation.value(customer)
      )
    }
    // What the errors of the fit's parameters leave open of the total, beside chance.
    let year = try RepeatHorizon(time: Double(SimulatedBuyers.months) * TimeUnit.daysPerMonth / 7)
    let fitted = try #require(RepeatIntervals(buyers.histories.visits, fit, year)).totalLogDeviation
    let values = (0..<valuation.count).map(valuation.value)
    for (own, expected) in [
      (errors.map(\.visits), valuation.expectedVisits), (errors.map(\.value), values),
    ] {
      let chance = own.reduce(0) { $0 + $1 * $1 }
      let open = fitted * expected.reduce(0, +)
      #expect(own.reduce(0, +).magnitude < 3 * (chance + open * open).squareRoot())
    }
    #expect(valuation.expectedVisits.reduce(0, +) > 300)
  }

  /// An interval that begins at 0 has no lower tail to miss: it holds with 97.5 per cent.
  @Test("intervals hold as often as they promise: visits, which are whole, at least so often")
  func coverage() throws {
    let (buyers, fit, spend) = try Self.fitted.get()
    let valuation = try Self.valuation(months: SimulatedBuyers.months)
    let intervals = ValueIntervals(buyers.histories, valuation, groups: [.init(fit: fit)], spend: spend)
    var (visits, values, promised) = (0, 0, 0.0)
    for customer in 0..<valuation.count {
      let ends = intervals(customer)
      if ends.visits.contains(buyers.laterVisits[customer]) { visits += 1 }
      let value = try #require(ends.value)
      if value.contains(buyers.laterValues[customer]) { values += 1 }
      promised += value.lowerBound == 0 ? 0.975 : 0.95
    }
    let shares = [visits, values].map { Double($0) / Double(valuation.count) }
    #expect(shares[0] >= 0.95 && shares[0] < 0.99, "\(shares)")
    let share = promised / Double(valuation.count)
    // Three standard errors of a share.
    #expect(
      abs(shares[1] - share) < 3 * (share * (1 - share) / Double(valuation.count)).squareRoot(), "\(shares)")
  }

  @Test("the numbers agree: nothing in no time, more in more, and at no discount no less than with one")
  func agreement() throws {
    let none = try Self.valuation(months: 0)
    let (year, two) = (try Self.valuation(months: 12), try Self.valuation(months: 24))
    let plain = try Self.valuation(months: 12, rate: 0)
    #expect(plain.residualVisits == nil)
    for customer in 0..<year.count {
      #expect(none.expectedVisits[customer] == 0 && none.value(customer) == 0)
      #expect(year.value(customer) <= two.value(customer))
      #expect(two.value(customer) <= two.residualValue(customer))
      #expect(year.discountedVisits[customer] <= year.expectedVisits[customer])
      #expect(abs(plain.discountedVisits[customer] - plain.expectedVisits[customer]) < 1e-9)
      #expect(year.value(customer).isFinite && year.residualValue(customer).isFinite)
    }
  }
}
