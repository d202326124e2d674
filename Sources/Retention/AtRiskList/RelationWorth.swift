import Features

/// What a relation is worth to the group as long as it lasts, part by part, as the catalogue defines them; a part whose
/// table is missing is `nil`, not 0.
public struct RelationWorth: Sendable, Hashable {
  /// Margin of the visits expected in 36 months, discounted (`clv_36`).
  public var service: Double?
  /// Commission of the next insurance, where it is due within 90 days (`ins_potential`).
  public var insurance: Double?
  /// Chance of a new car within a year × margin of a car (`trade_potential`).
  public var tradeIn: Double?
  /// Buyers referred in 730 days (`referral_n`), at that pace for a year, × margin of a car; shared by the customer's vehicles.
  public var referral: Double?

  public init(service: Double?, insurance: Double?, tradeIn: Double?, referral: Double?) {
    self.service = service
    self.insurance = insurance
    self.tradeIn = tradeIn
    self.referral = referral
  }

  /// The sum of the parts that are known; `nil` when none is.
  public var total: Double? {
    let known = [service, insurance, tradeIn, referral].compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +)
  }

  /// The total × the probability that the relation lapses.
  public func atRisk(_ probability: Double) -> Double? { total.map { probability * $0 } }

  /// - Parameters:
  ///   - features: a row of features, of a view for everything.
  ///   - unitMargin: of a car sold; NaN when not known.
  init(features: UnsafePointer<Double>, unitMargin: Double) {
    func value(_ feature: Feature) -> Double { features[feature.rawValue] }
    func known(_ value: Double) -> Double? { value.isFinite ? value : nil }
    service = known(value(.clv36))
    insurance = known(value(.insPotential))
    tradeIn = known(value(.tradePotential))
    let referred = value(.referralN)
    let vehicles = value(.nVehicles)
    referral =
      referred == 0
      ? 0 : known(referred * Self.referralYears * unitMargin / (vehicles > 1 ? vehicles : 1))
  }

  /// A year of the two years in which referrals are counted.
  private static let referralYears = 0.5
}
