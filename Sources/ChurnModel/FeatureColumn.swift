/// What one column of the raw feature table means and how the model reads it.
public struct FeatureColumn: Codable, Sendable, Equatable {
  /// How raw values of a feature enter the model. A missing value is NaN in every kind.
  public enum Kind: Sendable, Equatable {
    /// The value itself, kept within the bounds seen in training.
    case numeric
    /// sign(x)·log(1 + |x|), kept within the bounds seen in training; for counts and amounts with long tails.
    case logarithm
    /// One of some levels: the value is the index in `levels`.
    case category(levels: [String])
    /// 0 or 1.
    case flag
    /// Stands in the row and never enters the model.
    case unused
  }

  /// The unique name.
  public let name: String
  /// How its values are read.
  public let kind: Kind

  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  private enum CodingKeys: String, CodingKey {
    case name, kind, levels
  }

  private enum KindName: String, Codable {
    case numeric, logarithm, category, flag, unused
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    switch try container.decode(KindName.self, forKey: .kind) {
    case .numeric: kind = .numeric
    case .logarithm: kind = .logarithm
    case .flag: kind = .flag
    case .unused: kind = .unused
    case .category: kind = .category(levels: try container.decode([String].self, forKey: .levels))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    switch kind {
    case .numeric: try container.encode(KindName.numeric, forKey: .kind)
    case .logarithm: try container.encode(KindName.logarithm, forKey: .kind)
    case .flag: try container.encode(KindName.flag, forKey: .kind)
    case .unused: try container.encode(KindName.unused, forKey: .kind)
    case .category(let levels):
      try container.encode(KindName.category, forKey: .kind)
      try container.encode(levels, forKey: .levels)
    }
  }
}
