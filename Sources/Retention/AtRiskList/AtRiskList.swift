public import Histories

/// The ranked list with what must be said above it.
public struct AtRiskList: Sendable {
  public var dealerGroup: String?
  public var asOf: Day
  /// The model's name and version, such as `lakeside@1`, or how it was made.
  public var model: String
  /// ISO 4217 code of all amounts.
  public var currency: String
  public var language: Language
  /// Relations active at the as-of date, before filters.
  public var activeRelations: Int
  /// Relations that the filters leave; `rows` holds the first of them.
  public var matchingRelations: Int
  public var rows: [AtRiskRow]
  /// What the rows are ranked by.
  public var ranking: AtRiskRanking

  public init(
    dealerGroup: String?, asOf: Day, model: String, currency: String, language: Language,
    activeRelations: Int, matchingRelations: Int, rows: [AtRiskRow], ranking: AtRiskRanking = .amount
  ) {
    self.dealerGroup = dealerGroup
    self.asOf = asOf
    self.model = model
    self.currency = currency
    self.language = language
    self.activeRelations = activeRelations
    self.matchingRelations = matchingRelations
    self.rows = rows
    self.ranking = ranking
  }
}
