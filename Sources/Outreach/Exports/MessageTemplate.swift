internal import ContactQueue
internal import Foundation
internal import Histories

/// The text of a message with fields between braces: `{name}`, or `{name|customer}` with what stands in for it where it
/// is not known; `{{` and `}}` are braces.
///
/// A first line `Subject: …` is the subject of mails.
public struct MessageTemplate: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case text(String)
    case field(MessageField, fallback: String?)
  }

  let subject: [Part]?
  let body: [Part]

  private static let subjectMark = "subject:"

  /// - Parameter name: the file's name for messages.
  /// - Throws: `badData` for a text without a field, with an unknown one, or with a brace that has no partner.
  public init(_ text: String, name: String) throws(OutreachError) {
    var text = Substring(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
    text = Substring(text.replacing("\r\n", with: "\n"))
    var subject: [Part]?
    if text.lowercased().hasPrefix(Self.subjectMark) {
      let line = text.prefix { $0 != "\n" }
      text = text.dropFirst(line.count).drop { $0 == "\n" }
      let title = line.dropFirst(Self.subjectMark.count).trimmingCharacters(in: .whitespaces)
      subject = try Self.parts(Substring(title), firstLine: 1, name: name)
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    let bodyLine = subject == nil ? 1 : 2
    body = try Self.parts(text, firstLine: bodyLine, name: name)
    self.subject = subject
    guard !body.isEmpty else {
      throw OutreachError(.badData, "The template \(name) is empty.", next: "Write the text of the message.")
    }
    let isField = { (part: Part) in if case .field = part { true } else { false } }
    guard body.contains(where: isField) || subject?.contains(where: isField) == true else {
      throw OutreachError(
        .badData, "The template \(name) has no field.",
        next: "Name at least one between braces: \(Self.known).")
    }
  }

  /// Reads a template's file.
  ///
  /// - Throws: `inputMissing`, or what `init(_:name:)` throws.
  public init(file path: String) throws(OutreachError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OutreachError(.inputMissing, "There is no template \(path).", next: "Name a text file.")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw OutreachError(.badData, "The template \(path) is not UTF-8.", next: "Save it as UTF-8.")
    }
    try self.init(text, name: path)
  }

  /// The fields that it names, in subject and body.
  var fields: Set<MessageField> {
    Set(
      ((subject ?? []) + body).compactMap { part in
        if case .field(let field, _) = part { field } else { nil }
      })
  }

  /// - Returns: subject and body for a task; `nil` when a field without a fallback is not known of it.
  func text(_ task: ExportedTask, unsubscribe: UnsubscribeLink?) -> (subject: String?, body: String)? {
    func filled(_ parts: [Part]) -> String? {
      var text = ""
      for part in parts {
        switch part {
        case .text(let words): text += words
        case .field(let field, let fallback):
          guard let value = field.value(task, unsubscribe: unsubscribe) ?? fallback else { return nil }
          text += value
        }
      }
      return text
    }
    guard let body = filled(body) else { return nil }
    guard let subject else { return (nil, body) }
    return filled(subject).map { ($0, body) }
  }

  private static var known: String {
    MessageField.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
  }

  private static func parts(
    _ text: Substring, firstLine: Int, name: String
  ) throws(OutreachError) -> [Part] {
    var parts: [Part] = []
    var words = ""
    var line = firstLine
    var rest = text
    func broken(_ what: String, _ next: String) -> OutreachError {
      OutreachError(.badData, "\(name), line \(line): \(what)", next: next)
    }
    while let character = rest.popFirst() {
      if character == "\n" { line += 1 }
      guard character == "{" || character == "}" else {
        words.append(character)
        continue
      }
      if rest.first == character {
        rest.removeFirst()
        words.append(character)
        continue
      }
      guard character == "{", let end = rest.firstIndex(where: { $0 == "}" || $0 == "{" || $0 == "\n" }),
        rest[end] == "}"
      else {
        throw broken("a brace has no partner.", "Write {{ or }} for a brace that is text.")
      }
      let inside = rest[..<end].split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      rest = rest[rest.index(after: end)...]
      let word = (inside.first ?? "").trimmingCharacters(in: .whitespaces)
      guard let field = MessageField(rawValue: word) else {
        let near = CanonicalTable.nearest(to: word, among: MessageField.allCases.map(\.rawValue))
        throw broken(
          "there is no field {\(word)}.",
          near.map { "Did you mean {\($0)}?" } ?? "The fields are \(known).")
      }
      if !words.isEmpty { parts.append(.text(words)) }
      words = ""
      parts.append(.field(field, fallback: inside.count > 1 ? String(inside[1]) : nil))
    }
    if !words.isEmpty { parts.append(.text(words)) }
    return parts
  }
}
