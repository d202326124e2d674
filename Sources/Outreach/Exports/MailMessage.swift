internal import ContactQueue
internal import Foundation

/// A mail in the form of RFC 5322, with a text body in UTF-8 and the fields by which one click unsubscribes
/// (RFC 2369, RFC 8058).
struct MailMessage {
  let from: MailAddress
  let to: MailAddress
  let subject: String
  let body: String
  let task: Pseudonym
  let unsubscribe: UnsubscribeLink
  let at: Moment

  private static let base64Line = 76

  /// Its lines, each with CRLF.
  var text: String {
    var head = [
      "Date: \(Self.date(at, "EEE, dd MMM yyyy HH:mm:ss")) +0000",
      "From: \(from.header)",
      "To: \(to.header)",
      "Message-ID: <\(task.text)@\(from.domain)>",
      "Subject: \(MailHeader.text(subject))",
      // RFC 8058: one https address, and both fields under the sender's DKIM signature.
      "List-Unsubscribe: <\(unsubscribe.address(of: task))>",
      "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
    ]
    let coded = Data(body.replacing("\n", with: "\r\n").utf8).base64EncodedString()
    var rest = Substring(coded)
    while !rest.isEmpty {
      head.append(String(rest.prefix(Self.base64Line)))
      rest = rest.dropFirst(Self.base64Line)
    }
    return head.joined(separator: "\r\n") + "\r\n"
  }

  /// The mail as part of an mbox file (RFC 4155): a line that begins it, LF, an empty line. No other line can begin with
  /// `From `, for the body is in base64.
  var mbox: String {
    "From \(from.address) \(Self.date(at, "EEE MMM dd HH:mm:ss yyyy"))\n"
      + text.replacing("\r\n", with: "\n") + "\n"
  }

  private static func date(_ moment: Moment, _ pattern: String) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = pattern
    return format.string(from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
  }
}
