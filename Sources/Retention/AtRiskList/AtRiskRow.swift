public import CustomerValue
public import Histories

/// One line of the at-risk list: one customer with one vehicle, and what a manager must know before the call.
///
/// Personal data (name, phone, plate) is masked unless the caller asked for it in the clear.
public struct AtRiskRow: Sendable {
  /// 1 for the line to be worked first.
  public var rank: Int
  public var customerID: String
  public var vin: String
  public var dealerID: String?
  public var name: String?
  public var phone: String?
  /// person, company, government or rental
  public var ownerType: String?
  public var plate: String?
  public var model: String?
  /// Years since delivery.
  public var ageYears: Double?
  public var lastVisitOn: Day?
  /// The day on which the next maintenance is due by months or kilometres, whichever comes first.
  public var nextDueOn: Day?
  /// As-of date minus due date; negative while not yet due.
  public var daysOverdue: Int?
  /// Estimated kilometres beyond the next maintenance; negative while not yet reached.
  public var kmOverdue: Int?
  /// Probability of lapse, 0 to 1.
  public var probability: Double
  public var riskTier: RiskTier
  public var valueTier: ValueTier
  /// Name of the RFM segment, such as `Champions`.
  public var segment: String?
  /// What the customer paid in the last 730 days.
  public var paid730: Double
  /// Expected customer-paid amount of the next 730 days, if the customer stays.
  public var valueAtStake: Double
  /// probability × value at stake: the list is ranked by it unless asked otherwise.
  public var priority: Double
  /// What the relation is worth in margin, part by part.
  public var worth = RelationWorth(service: nil, insurance: nil, tradeIn: nil, referral: nil)
  /// probability × worth; `nil` when no part is known.
  public var valueAtRisk: Double? { worth.atRisk(probability) }
  /// Up to three sentences, the strongest first, in the list's language.
  public var reasons: [String]
  public var warrantyEndsOn: Day?
  public var boughtHere: Bool?
  public var lastAdviser: String?
  public var openComplaint: Bool?
  public var lastContactOn: Day?
  public var lastContactOutcome: String?

  public init(
    rank: Int, customerID: String, vin: String, probability: Double, riskTier: RiskTier,
    valueTier: ValueTier, paid730: Double, valueAtStake: Double, priority: Double, reasons: [String]
  ) {
    self.rank = rank
    self.customerID = customerID
    self.vin = vin
    self.probability = probability
    self.riskTier = riskTier
    self.valueTier = valueTier
    self.paid730 = paid730
    self.valueAtStake = valueAtStake
    self.priority = priority
    self.reasons = reasons
  }
}
