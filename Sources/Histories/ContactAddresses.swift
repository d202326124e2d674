/// How customers are reached beside the phone: personal data that only outreach asks for (`LoadOptions.addresses`), one
/// row each.
public final class ContactAddresses: @unchecked Sendable {
  /// What is wrong with a phone that was given.
  public enum PhoneFlaw: UInt8, Sendable, BitwiseCopyable {
    case none
    /// One digit repeated, or too few.
    case dummy
    /// Used by more than three customers of different names.
    case shared
  }

  public let wechats = TextColumn()
  public let emails = TextColumn()
  public let languageNames = TextDictionary()
  /// Codes of `languageNames`, −1 when unknown.
  public let languages = Buffer<Int32>()
  public let phoneFlaws = Buffer<PhoneFlaw>()

  /// Whether a text can be a mail address: one `@`, something before it, and a domain with a dot behind it.
  public static func isMail(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !text.contains(where: \.isWhitespace) else { return false }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return labels.count > 1 && labels.allSatisfy { !$0.isEmpty }
  }

  /// Takes in the cells of the customer added last.
  func add(
    wechat: UnsafeRawBufferPointer, email: UnsafeRawBufferPointer, language: UnsafeRawBufferPointer,
    isDummyPhone: Bool
  ) {
    for (cell, texts) in [(wechat, wechats), (email, emails)] {
      KeyText.withFolded(cell, upperCase: false) { folded, _ in texts.append(folded) }
    }
    languages.append(LoadContext.code(language, in: languageNames))
    phoneFlaws.append(isDummyPhone ? .dummy : .none)
  }
}
