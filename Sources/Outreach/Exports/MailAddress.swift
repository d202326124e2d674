/// A mail address in ASCII, with an optional name.
public struct MailAddress: Sendable, Equatable {
  public let name: String?
  /// `local@domain`.
  public let address: String

  /// RFC 5321, 4.5.3.1.
  private static let longest = 254

  /// Reads `address` or `Name <address>`.
  ///
  /// - Returns: `nil` for what cannot be an address.
  public init?(_ text: String) {
    var rest = Substring(text)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    var name: String?
    if rest.last == ">", let start = rest.lastIndex(of: "<") {
      var title = rest[..<start]
      while title.last?.isWhitespace == true { title.removeLast() }
      if title.count > 1, title.first == "\"", title.last == "\"" { title = title.dropFirst().dropLast() }
      name = title.isEmpty ? nil : String(title)
      rest = rest[rest.index(after: start)...].dropLast()
    }
    let parts = rest.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, rest.utf8.count <= Self.longest, Self.isLocal(parts[0]), Self.isDomain(parts[1])
    else {
      return nil
    }
    self.name = name
    address = String(rest)
  }

  /// The part behind the at sign.
  var domain: Substring { address.split(separator: "@")[1] }

  /// As it stands in a mail's head.
  var header: String { name.map { "\(MailHeader.phrase($0)) <\(address)>" } ?? "<\(address)>" }

  /// A dot-atom (RFC 5322, 3.2.3).
  private static func isLocal(_ text: Substring) -> Bool {
    let marks = Set("!#$%&'*+-/=?^_`{|}~")
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
      !atom.isEmpty && atom.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
    }
  }

  private static func isDomain(_ text: Substring) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1
      && labels.allSatisfy { label in
        !label.isEmpty && label.first != "-" && label.last != "-"
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      }
  }
}
