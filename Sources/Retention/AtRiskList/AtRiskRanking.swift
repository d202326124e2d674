/// What the at-risk list is ranked by.
public enum AtRiskRanking: String, Sendable, CaseIterable {
  /// Probability of lapse × expected customer-paid amount of the next 730 days.
  case amount
  /// Probability of lapse alone.
  case risk
  /// Probability of lapse × worth of the relation: service, insurance, trade-in and referral.
  case value
}
