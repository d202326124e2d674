/// Which stored model is meant: `name` for its newest version, `name@version` for a certain one.
public struct ModelReference: Sendable, Equatable, CustomStringConvertible {
  /// The model's name: lower case letters, digits, `.`, `_` and `-`, beginning with a letter or digit.
  public let name: String
  /// Version number counted from 1; nil for the newest.
  public let version: Int?

  /// - Throws: `ModelRegistryError` (`invalidName`).
  public init(name: String, version: Int? = nil) throws(ModelRegistryError) {
    // A name becomes a folder: it must not be able to lead out of the registry.
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789")
    guard let first = name.first, letters.contains(first),
      name.allSatisfy({ letters.contains($0) || "._-".contains($0) }), name.utf8.count <= Self.longestName
    else {
      throw ModelRegistryError(
        .invalidName,
        "\"\(name)\" cannot name a model; use lower case letters, digits, '.', '_' and '-', beginning with a letter "
          + "or digit")
    }
    if let version, version < 1 {
      throw ModelRegistryError(.invalidName, "version \(version) of \(name) cannot be; versions count from 1")
    }
    self.name = name
    self.version = version
  }

  /// Parses `name` or `name@version`.
  ///
  /// - Throws: `ModelRegistryError` (`invalidName`).
  public init(parsing text: String) throws(ModelRegistryError) {
    guard let at = text.firstIndex(of: "@") else {
      try self.init(name: text)
      return
    }
    let digits = text[text.index(after: at)...]
    guard let version = Int(digits), digits.allSatisfy(\.isNumber) else {
      throw ModelRegistryError(
        .invalidName, "\"\(text)\" has no version number after the @; write for example churn@3")
    }
    try self.init(name: String(text[..<at]), version: version)
  }

  /// `name` or `name@version`.
  public var description: String { version.map { "\(name)@\($0)" } ?? name }

  /// What common file systems allow for one folder's name, with room to spare.
  private static let longestName = 100
}
