import Foundation
import Histories
import Testing

@testable import Simulation

@Suite("Lapse model")
struct LapseModelTests {
  private func coefficient(_ name: String) -> Double {
    LapseModel.coefficients.first { $0.name == name }!.value
  }

  /// The change of the log-odds when a driver changes.
  private func effect(
    from base: LapseDrivers = LapseDrivers(), _ change: (inout LapseDrivers) -> Void
  ) -> Double {
    var changed = base
    change(&changed)
    return LapseModel.logit(changed) - LapseModel.logit(base)
  }

  @Test("the published coefficients are those of the log-odds")
  func coefficients() {
    let tolerance = 1e-12
    #expect(abs(effect { $0.satisfaction = 1 } - coefficient("satisfaction")) < tolerance)
    #expect(abs(effect { $0.packageLeft = true } - coefficient("package_left")) < tolerance)
    #expect(abs(effect { $0.adviserChanged = true } - coefficient("adviser_changed")) < tolerance)
    #expect(abs(effect { $0.boughtHere = false } + coefficient("bought_here")) < tolerance)
    #expect(abs(effect { $0.powertrain = .bev } - coefficient("bev")) < tolerance)
    #expect(abs(effect { $0.secondOwner = true } - coefficient("second_owner")) < tolerance)
    #expect(abs(effect { $0.distanceKm = 8 * exp(1) } - coefficient("log_distance")) < tolerance)
  }

  @Test("a dear bill weighs more on those who look at prices")
  func priceInteraction() {
    var careless = LapseDrivers()
    careless.priceSensitivity = 0
    var careful = careless
    careful.priceSensitivity = 1
    let difference = effect(from: careful) { $0.billShock = 1 } - effect(from: careless) { $0.billShock = 1 }
    #expect(abs(difference - coefficient("price_sensitivity × bill_shock")) < 1e-12)
  }

  @Test("an unresolved complaint weighs more on a new customer")
  func complaintInteraction() {
    var loyal = LapseDrivers()
    loyal.tenureYears = 5
    let difference =
      effect { $0.unresolvedComplaint = true } - effect(from: loyal) { $0.unresolvedComplaint = true }
    #expect(abs(difference - coefficient("unresolved_complaint × low_tenure")) < 1e-12)
  }

  @Test("both very low and very high usage make defection likelier")
  func usage() {
    #expect(effect { $0.kmPerDay = 8 } > 0.5)
    #expect(effect { $0.kmPerDay = 250 } > 0.5)
    #expect(abs(effect { $0.kmPerDay = LapseModel.usualKmPerDay }) < 1e-12)
  }

  @Test("the end of the warranty is a bump: before and long after it defection is less likely")
  func warrantyBump() {
    let ending = effect { $0.warrantyDaysLeft = 30 }
    let ended = effect { $0.warrantyDaysLeft = -30 }
    let longAgo = effect { $0.warrantyDaysLeft = -400 }
    #expect(ending > 0)
    #expect(ended > ending)
    #expect(longAgo > 0 && longAgo < ended)
  }
}

@Suite("Seasonal clock")
struct SeasonalClockTests {
  private let clock = SeasonalClock(
    from: Day(year: 2018, month: 1, day: 1), to: Day(year: 2027, month: 1, day: 1))

  @Test("operational time and its inverse undo each other, inside the calendar and outside")
  func inverse() {
    for moment in stride(from: 17_000.0, to: 21_500, by: 13.37) {
      #expect(abs(clock.moment(clock.operational(moment)) - moment) < 1e-6)
    }
  }

  @Test("time runs fast before Spring Festival and nearly stands in its week")
  func intensity() {
    let festival = Double(Day(year: 2025, month: 1, day: 29).number)
    func intensity(_ day: Double) -> Double { clock.operational(day + 1) - clock.operational(day) }
    #expect(abs(intensity(festival - 5) / intensity(festival - 60) - SeasonalClock.rushIntensity) < 1e-9)
    #expect(abs(intensity(festival + 2) / intensity(festival - 60) - SeasonalClock.holidayIntensity) < 1e-9)
  }

  @Test("a year has as many operational days as calendar days")
  func scale() {
    let from = Double(Day(year: 2019, month: 7, day: 1).number)
    let to = Double(Day(year: 2026, month: 7, day: 1).number)
    #expect(abs((clock.operational(to) - clock.operational(from)) / (to - from) - 1) < 0.001)
  }
}
