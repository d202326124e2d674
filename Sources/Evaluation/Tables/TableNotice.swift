public import Histories

/// Something about a table that its user should know; no error.
public struct TableNotice: Sendable {
  /// What it is about, for programs.
  public enum Code: String, Sendable {
    case encoding, unreadableBytes = "unreadable_bytes"
    case unlabelledRows = "unlabelled_rows"
    case positiveIsRarer = "positive_is_rarer"
    case identifier, unusable, day
    case looksLikeID = "looks_like_id"
    case separates
    case strayTexts = "stray_texts"
    case renamedColumns = "renamed_columns"
    case fewOfOneClass = "few_of_one_class"
    case noBetterThanShare = "no_better_than_share"
    case moreColumnsThanRows = "more_columns_than_rows"
    case ignoredColumns = "ignored_columns"
    case unseen
    case withoutCustomer = "without_customer"
    case withoutDate = "without_date"
    case withoutAmount = "without_amount"
    case returns, later
    case lateCustomers = "late_customers"
    case unseenRelations = "unseen_relations"
    case manyVisits = "many_visits"
    case repeatsAtOrigin = "repeats_at_origin"
    case suspectedUnit = "suspected_unit"
    case nonPositiveSpend = "non_positive_spend"
    case correlatedSpend = "correlated_spend"
    case noSpendModel = "no_spend_model"
    case noPopulationMean = "no_population_mean"
    case otherModels = "other_models"
  }

  public let code: Code
  /// The columns concerned.
  public let columns: [String]
  public let text: Bilingual

  init(_ code: Code, _ columns: [String], _ english: String, _ chinese: String) {
    self.code = code
    self.columns = columns
    text = Bilingual(english, chinese)
  }
}
