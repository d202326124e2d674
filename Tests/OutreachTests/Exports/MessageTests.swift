import ContactQueue
import Foundation
import Testing

@testable import Outreach

@Suite("Messages")
struct MessageTests {
  @Test(
    "phones become E.164 only where their country is certain",
    arguments: [
      ("13912345678", "+8613912345678"), ("057188888888", "+8657188888888"),
      ("004915112345678", "+4915112345678"),
      ("+49 151 12345678", "+4915112345678"), ("4915112345678", "+4915112345678"), ("88888888", nil),
      ("", nil),
      ("12345678901", nil), ("139123456x8", nil), ("0123", nil), ("+0123456789", nil),
    ] as [(String, String?)])
  func e164(phone: String, expected: String?) {
    #expect(PhoneText.e164(phone) == expected)
  }

  @Test("fixed lines of China take no short message, foreign numbers may")
  func mobile() {
    #expect(PhoneText.mobile("057188888888") == nil)
    #expect(PhoneText.mobile("13912345678") == "+8613912345678")
    #expect(PhoneText.mobile("004915112345678") == "+4915112345678")
  }

  @Test(
    "people see numbers in groups",
    arguments: [
      ("13912345678", "139 1234 5678"), ("01088888888", "010-88888888"), ("057188888888", "0571-88888888"),
      ("88888888", "88888888"),
    ])
  func shown(phone: String, expected: String) {
    #expect(PhoneText.shown(phone) == expected)
  }

  @Test("segments are those of 3GPP TS 23.038: 160 or 153 septets, 70 or 67 units, nothing split")
  func segments() {
    let cases: [(String, Int)] = [
      ("", 1), (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
      (String(repeating: "a", count: 306), 2), (String(repeating: "a", count: 307), 3),
      (String(repeating: "€", count: 80), 1), (String(repeating: "€", count: 81), 2),
      // 152 septets and an escape that does not fit into the first part: its two move to the next.
      (String(repeating: "a", count: 152) + "€" + String(repeating: "a", count: 151), 2),
      (String(repeating: "a", count: 152) + "€" + String(repeating: "a", count: 152), 3),
      (String(repeating: "车", count: 70), 1), (String(repeating: "车", count: 71), 2),
      (String(repeating: "车", count: 134), 2), (String(repeating: "车", count: 135), 3),
      (String(repeating: "😀", count: 35), 1), (String(repeating: "😀", count: 36), 2),
      (String(repeating: "😀", count: 67), 3),
    ]
    for (text, expected) in cases {
      #expect(SMSLength.segments(text) == expected, "\(text.prefix(3))… × \(text.count)")
    }
  }

  @Test("fields are filled in, braces doubled are braces, and what stands behind a bar stands in")
  func template() throws {
    let template = try MessageTemplate("{name|客户}，您的{model} {{ok}} {task}", name: "t.txt")
    let task = SampleTasks.task(0)
    #expect(
      template.text(task, unsubscribe: nil)?.body == "张伟，您的途安 {ok} abcd0000000000000000000000000000")
    var nameless = SampleTasks.task(0)
    nameless = ExportedTask(
      line: 1, id: nameless.id, campaign: "c", template: "t@1", purpose: .service, channel: .sms, tier: nil,
      priority: 1,
      due: nameless.due, contact: ContactDetails(customerID: "1"), details: TaskDetails(model: "途安"))
    #expect(template.text(nameless, unsubscribe: nil)?.body.hasPrefix("客户，") == true)
    #expect(try MessageTemplate("{name}!", name: "t").text(nameless, unsubscribe: nil) == nil)
  }

  @Test(
    "a template without a field, with an unknown one or with a lone brace is an error that says where",
    arguments: [
      ("Hello!", "no field"), ("", "empty"),
      ("a\n{nmae}", "line 2: there is no field {nmae}. Did you mean {name}?"),
      ("{name", "partner"), ("name}", "partner"), ("{zzzzzzzzzzzz}", "{next_due_on}"),
      ("Subject: x\n\nHello", "no field"),
    ])
  func broken(text: String, words: String) throws {
    let error = #expect(throws: OutreachError.self) { try MessageTemplate(text, name: "t.txt") }
    #expect(error?.code == .badData)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("a value that holds braces is not filled in again")
  func noSecondRound() throws {
    let task = ExportedTask(
      line: 1, id: Pseudonym(high: 0, low: 1), campaign: "c", template: "t@1", purpose: .service,
      channel: .sms, tier: nil, priority: 1,
      due: Moment(milliseconds: 0), contact: ContactDetails(customerID: "1", name: "{plate}"),
      details: TaskDetails(plate: "secret"))
    #expect(try MessageTemplate("{name}", name: "t").text(task, unsubscribe: nil)?.body == "{plate}")
  }

  // MARK: Mail

  private func mail(subject: String = "Service due", name: String? = nil) throws -> MailMessage {
    let from = try #require(MailAddress("Lakeside, Motors <service@example.com>"))
    let to = try #require(MailAddress((name.map { "\($0) " } ?? "") + "<a.b+c@example.org>"))
    return MailMessage(
      from: from, to: to, subject: subject, body: "Dear 张伟\nFrom here on", task: Pseudonym(high: 1, low: 2),
      unsubscribe: try UnsubscribeLink("https://example.com/u?t={task}"),
      at: Moment(milliseconds: 1_782_910_800_000))
  }

  @Test("a mail carries the header fields of one-click unsubscription")
  func unsubscription() throws {
    let lines = try mail().text.components(separatedBy: "\r\n")
    #expect(lines.contains("List-Unsubscribe: <https://example.com/u?t=00000000000000010000000000000002>"))
    #expect(lines.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"))
    #expect(lines.contains("Message-ID: <00000000000000010000000000000002@example.com>"))
    #expect(lines.contains("Date: Wed, 01 Jul 2026 13:00:00 +0000"))
    #expect(lines.contains("From: \"Lakeside, Motors\" <service@example.com>"))
    #expect(lines.allSatisfy { $0.utf8.count <= 78 && $0.utf8.allSatisfy { $0 < 0x7F } })
  }

  @Test("long and foreign subjects are encoded words of at most 75 characters that hold whole characters")
  func encodedWords() throws {
    let subject = String(repeating: "保养提醒😀", count: 20)
    let folded = MailHeader.text(subject)
    var decoded = ""
    for word in folded.components(separatedBy: "\r\n ") {
      #expect(word.utf8.count <= 75 && word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
      let bytes = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
      decoded += try #require(String(validating: bytes, as: UTF8.self))
    }
    #expect(decoded == subject)
  }

  @Test("no line of a name or subject ends a header")
  func headerInjection() throws {
    let text = try mail(subject: "a\r\nBcc: x@example.com", name: "b\r\nBcc: y@example.com").text
    let head = text.components(separatedBy: "\r\n\r\n")[0]
    #expect(!head.components(separatedBy: "\r\n").contains { $0.hasPrefix("Bcc") })
    #expect(MailAddress("a@b.com\r\nBcc: c@d.com") == nil)
  }

  @Test("no line inside a mail begins a new one in its mbox")
  func mbox() throws {
    let text = try mail().mbox
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("From ") }.count == 1)
    #expect(text.hasPrefix("From service@example.com Wed Jul 01 13:00:00 2026\n"))
    #expect(text.hasSuffix("\n\n"))
  }

  @Test(
    "what cannot be a mail address is none",
    arguments: [
      "", "a", "a@b", "a b@c.de", "a@-b.de", ".a@b.de", "a..b@c.de", "ü@c.de", "a@b.de, c@d.ef", "<a@b.de",
    ])
  func noAddress(text: String) {
    #expect(MailAddress(text) == nil)
  }

  @Test(
    "the address for unsubscribing is one of https and names the task",
    arguments: ["http://a/{task}", "https://a/", "https://a /{task}", "https://a>/{task}"])
  func unsubscribeLink(pattern: String) {
    #expect(throws: OutreachError.self) { try UnsubscribeLink(pattern) }
  }
}
