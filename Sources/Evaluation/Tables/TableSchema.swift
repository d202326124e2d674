public import ChurnModel
internal import Foundation

/// What a model that was trained on a table remembers of it, beside its features.
public struct TableSchema: Codable, Sendable, Equatable {
  /// The column that is predicted, and its values.
  public var label: String
  public var values: LabelValues
  public var id: String?
  public var weight: String?
  /// The column that scores need, added to the log-odds; nil in models from before there were offsets, too.
  public var offset: String?
  public var folds: String?
  /// Columns that were left out by wish.
  public var dropped: [String]
  /// Features whose values are days since 1970-01-01.
  public var days: [String]

  /// Where a model keeps it.
  private static let key = "table"

  /// What a model remembers; nil when it was not trained on a table.
  public init?(_ model: AnyModel) {
    guard let text = model.metadata[Self.key],
      let own = try? JSONDecoder().decode(TableSchema.self, from: Data(text.utf8))
    else { return nil }
    self = own
  }

  init(_ roles: TableRoles, values: LabelValues, days: [String]) {
    label = roles.label
    self.values = values
    id = roles.id
    weight = roles.weight
    offset = roles.offset
    folds = roles.folds
    dropped = roles.drop
    self.days = days
  }

  /// What a model is to carry.
  public var metadata: [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and lists of texts can always be encoded.
    let data = (try? encoder.encode(self)) ?? Data()
    return [Self.key: String(decoding: data, as: UTF8.self)]
  }
}
