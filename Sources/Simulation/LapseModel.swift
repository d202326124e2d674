import Foundation

/// What a defection decision depends on, at delivery and at every qualified visit.
public struct LapseDrivers: Sendable {
  /// Latent satisfaction, about standard normal over the population.
  public var satisfaction = 0.0
  public var distanceKm = 8.0
  /// Latent, 0 (does not look at prices) to 1.
  public var priceSensitivity = 0.5
  /// ln(ticket / the relation's usual ticket), within -1...2; 0 where nothing was paid.
  public var billShock = 0.0
  public var unresolvedComplaint = false
  public var tenureYears = 1.0
  public var adviserChanged = false
  public var kmPerDay = LapseModel.usualKmPerDay
  public var boughtHere = true
  public var packageLeft = false
  public var powertrain = Powertrain.ice
  public var ownerType = OwnerType.person
  public var secondOwner = false
  public var vehicleAgeYears = 1.0
  /// Days from the decision to the end of the warranty (by date or kilometres); negative after it.
  public var warrantyDaysLeft = 500.0
  /// Expected days to the next maintenance.
  public var interval = 182.0
  /// Whether nothing has been done here yet (the decision taken at delivery).
  public var atDelivery = false

  public init() {}
}

/// The known truth of the simulation: log-odds of defection as a linear sum of the terms below.
public enum LapseModel {
  /// The coefficients, by name of the term; `logit` shows the terms' formulas.
  public static let coefficients: [(name: String, value: Double)] = [
    ("intercept", intercept), ("satisfaction", satisfaction), ("log_distance", logDistance),
    ("price_sensitivity", priceSensitivity), ("bill_shock", billShock),
    ("price_sensitivity × bill_shock", priceSensitivityByBillShock),
    ("unresolved_complaint", unresolvedComplaint),
    ("unresolved_complaint × low_tenure", unresolvedComplaintByLowTenure),
    ("adviser_changed", adviserChanged), ("usage_curvature", usageCurvature), ("bought_here", boughtHere),
    ("package_left", packageLeft), ("hev", hev), ("phev", phev), ("bev", bev), ("company", company),
    ("government", government), ("rental", rental), ("second_owner", secondOwner),
    ("warranty_just_ending", warrantyJustEnding), ("out_of_warranty", outOfWarranty),
    ("vehicle_age", vehicleAge), ("at_delivery", atDelivery),
  ]

  static let intercept = -2.2
  static let satisfaction = -0.8
  static let logDistance = 0.45
  static let priceSensitivity = 0.3
  static let billShock = 0.1
  static let priceSensitivityByBillShock = 1.3
  static let unresolvedComplaint = 0.7
  static let unresolvedComplaintByLowTenure = 1.2
  static let adviserChanged = 0.4
  static let usageCurvature = 0.45
  static let boughtHere = -0.45
  static let packageLeft = -0.9
  static let hev = -0.15
  static let phev = 0.1
  static let bev = -0.25
  static let company = -0.2
  static let government = -0.5
  static let rental = 0.5
  static let secondOwner = 0.6
  static let warrantyJustEnding = 0.9
  static let outOfWarranty = 0.35
  static let vehicleAge = 0.08
  static let atDelivery = 0.1

  /// The usage at which defection is least likely.
  public static let usualKmPerDay = 45.0
  /// The distance (km) at which the distance term is nought.
  public static let usualDistanceKm = 8.0
  /// Tenure (years) below which an unresolved complaint weighs more.
  public static let lowTenureYears = 2.0
  /// The square of ln(u / usual) counts up to this.
  static let largestCurvature = 2.5
  /// The bump spans decisions whose warranty ends before the next maintenance or ended in the last days.
  static let bumpDaysAfterWarranty = 180.0

  /// The log-odds that the relation defects at this decision.
  public static func logit(_ x: LapseDrivers) -> Double {
    var sum = intercept
    sum += satisfaction * x.satisfaction
    sum += logDistance * log(x.distanceKm / usualDistanceKm)
    sum += priceSensitivity * x.priceSensitivity + billShock * x.billShock
    sum += priceSensitivityByBillShock * x.priceSensitivity * x.billShock
    if x.unresolvedComplaint {
      sum += unresolvedComplaint
      if x.tenureYears < lowTenureYears { sum += unresolvedComplaintByLowTenure }
    }
    if x.adviserChanged { sum += adviserChanged }
    let relativeUsage = log(x.kmPerDay / usualKmPerDay)
    sum += usageCurvature * min(relativeUsage * relativeUsage, largestCurvature)
    if x.boughtHere { sum += boughtHere }
    if x.packageLeft { sum += packageLeft }
    switch x.powertrain {
    case .ice: break
    case .hev: sum += hev
    case .phev: sum += phev
    case .bev: sum += bev
    }
    switch x.ownerType {
    case .person: break
    case .company: sum += company
    case .government: sum += government
    case .rental: sum += rental
    }
    if x.secondOwner { sum += secondOwner }
    if x.warrantyDaysLeft < x.interval, x.warrantyDaysLeft > -bumpDaysAfterWarranty {
      sum += warrantyJustEnding
    }
    if x.warrantyDaysLeft <= 0 { sum += outOfWarranty }
    sum += vehicleAge * x.vehicleAgeYears
    if x.atDelivery { sum += atDelivery }
    return sum
  }

  /// The probability that the relation defects at this decision.
  public static func probability(_ drivers: LapseDrivers) -> Double {
    1 / (1 + exp(-logit(drivers)))
  }
}
