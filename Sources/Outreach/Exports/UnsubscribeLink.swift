internal import ContactQueue

/// An address by which a customer leaves the list, one a task.
///
/// One click must do it (RFC 8058): whoever serves it takes a POST without asking anything, and passes the task's id back
/// as a receipt with the reason `opted_out`.
public struct UnsubscribeLink: Sendable, Equatable {
  private static let placeholder = "{task}"
  private let pattern: String

  /// - Parameter pattern: an https address with `{task}` where the task's id goes.
  /// - Throws: `usage`.
  public init(_ pattern: String) throws(OutreachError) {
    let isPlain = pattern.utf8.allSatisfy {
      $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">")
    }
    guard pattern.hasPrefix("https://"), isPlain, pattern.contains(Self.placeholder) else {
      throw OutreachError(
        .usage, "The address for unsubscribing must be one of https with {task} in it.",
        next: "Give one such as https://example.com/unsubscribe/{task}.")
    }
    self.pattern = pattern
  }

  func address(of task: Pseudonym) -> String {
    pattern.replacing(Self.placeholder, with: task.text)
  }
}
