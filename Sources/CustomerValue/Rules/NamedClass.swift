public import Histories

/// A segment or tier as people name it.
public struct NamedClass: Sendable, Hashable {
  /// What files carry in every language.
  public let name: String
  public let label: Bilingual

  public init(name: String, label: Bilingual) {
    self.name = name
    self.label = label
  }
}
