import BuyTillYouDie
import CustomerValue
import Foundation

/// Customers who follow BG/NBD and gamma-gamma exactly, with what they do in the year after.
struct SimulatedBuyers {
  private(set) var histories = PurchaseHistories(unit: .week, visits: [])
  /// Visits of the year after, and their discounted amounts.
  private(set) var laterVisits: [Int] = []
  private(set) var laterValues: [Double] = []

  /// r = 1, α = 20 weeks, a = 1, b = 4; p = 3, q = 4, v = 60.
  static let visits = BetaGeometric(r: 1, alpha: 20, a: 1, b: 4)
  static let spend = GammaGamma(p: 3, q: 4, v: 60)
  static let months = 12
  static let monthlyRate = 0.01

  private var state: UInt64

  init(_ count: Int, seed: UInt64) {
    state = seed
    var visits: [RepeatHistory] = []
    var spend = PurchaseHistories.Spend(counts: [], means: [])
    for customer in 0..<count {
      let age = 26 + Double(customer % 27)
      let (rate, ease) = (gamma(1) / 20, gamma(1))
      let leaving = ease / (ease + gamma(4))
      let scale = gamma(4) / 60
      let month = TimeUnit.daysPerMonth / 7
      let end = age + Double(Self.months) * month
      var (time, last, repeats, sum) = (0.0, 0.0, 0, 0.0)
      var (later, value) = (0, 0.0)
      while true {
        time += gamma(1) / rate
        guard time <= end else { break }
        let amount = gamma(3) / scale
        if time <= age {
          repeats += 1
          last = time
          sum += amount
        } else {
          later += 1
          value += amount / pow(1 + Self.monthlyRate, ((time - age) / month).rounded(.up))
        }
        if uniform() < leaving { break }
      }
      visits.append(RepeatHistory(repeats: repeats, last: last, age: age))
      spend.counts.append(Int32(repeats))
      spend.means.append(repeats > 0 ? sum / Double(repeats) : 0)
      laterVisits.append(later)
      laterValues.append(value)
    }
    histories.visits = visits
    histories.spend = spend
  }

  private mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
  }

  /// A whole shape: a sum of exponentials.
  private mutating func gamma(_ shape: Int) -> Double {
    var sum = 0.0
    for _ in 0..<shape { sum -= log(uniform()) }
    return sum
  }
}
