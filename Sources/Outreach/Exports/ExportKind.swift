public import ContactQueue

/// What is handed out for a channel; the words that queue and manifests use.
public enum ExportKind: String, Sendable, CaseIterable {
  case callList = "call_list"
  case smsBatch = "sms_batch"
  case wechatList = "wechat_list"
  case email
  case adviserList = "adviser_list"

  public init(_ channel: Channel) {
    switch channel {
    case .phone: self = .callList
    case .sms: self = .smsBatch
    case .wechat: self = .wechatList
    case .email: self = .email
    case .adviser: self = .adviserList
    }
  }

  /// Whether people read it, in a spreadsheet.
  var isForPeople: Bool { self == .callList || self == .adviserList }
}

/// How an export is written; whatever of it a kind has no use for is left alone.
public struct ExportOptions: Sendable {
  /// What people get.
  public enum Format: String, Sendable, CaseIterable {
    case xlsx, csv
  }

  /// What text files are written in.
  public enum Encoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case gb18030
  }

  public var format = Format.xlsx
  public var encoding = Encoding.utf8
  /// Of headings for people.
  public var isChinese = false
  /// The text of messages.
  public var template: MessageTemplate?
  /// Who sends mails.
  public var sender: MailAddress?
  public var unsubscribe: UnsubscribeLink?

  public init() {}

  /// Says what a channel's export lacks.
  ///
  /// - Throws: `usage`.
  public func check(for channel: Channel) throws(OutreachError) {
    let needsText = channel == .sms || channel == .email
    guard template != nil || !needsText else {
      throw OutreachError(
        .usage, "Messages need a text.",
        next: "Name a file with --template; {name} and other fields are filled in.")
    }
    if template?.fields.contains(.unsubscribe) == true, unsubscribe == nil {
      throw OutreachError(
        .usage, "The template names {unsubscribe}, and no address is given.",
        next: "Give one with --unsubscribe.")
    }
    guard channel == .email else { return }
    guard sender != nil else {
      throw OutreachError(.usage, "Mails need a sender.", next: "Give one with --from 'Name <address>'.")
    }
    guard unsubscribe != nil else {
      throw OutreachError(
        .usage, "Mails need an address by which one click unsubscribes (RFC 8058).",
        next: "Give one with --unsubscribe.")
    }
    guard template?.subject != nil else {
      throw OutreachError(
        .badData, "The template has no subject.", next: "Begin it with a line `Subject: …` and an empty line."
      )
    }
  }
}
