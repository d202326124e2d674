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
    let date = date
    var head = [
      "Date: \(date.weekday), \(date.day) \(date.month) \(date.year) \(date.clock) +0000",
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
    "From \(from.address) \(date.weekday) \(date.month) \(date.day) \(date.clock) \(date.year)\n"
      + text.replacing("\r\n", with: "\n") + "\n"
  }

  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The parts of a date in UTC, as mails write them.
  private var date: (weekday: String, day: String, month: String, year: String, clock: String) {
    let day = LocalTime(.gmt).clock(at: at).day
    let (year, month, number) = day.civil
    return (
      Self.days[LocalTime.weekday(day)], ExportPaper.padded(number, 2), Self.months[month - 1], String(year),
      String(at.iso.split(separator: "T")[1].prefix(8))
    )
  }
}
