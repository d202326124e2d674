public import ContactQueue
internal import Foundation

/// Looks for an erased customer in every file that a queue knows, and takes away what the queue itself handed out.
///
/// Files of exports that hold the customer are removed: their lines stay in the queue, and `export --number` writes them
/// again without the customer. Lists and receipts are the user's own and are only told.
public struct FileErasure {
  public enum Outcome: String, Sendable {
    /// It does not hold the customer.
    case clean
    /// It held the customer and is gone.
    case removed
    /// It holds the customer and is not the queue's to remove.
    case holds
    /// Nobody can say.
    case unreadable
    /// It is no longer where it was.
    case gone
  }

  /// What became of one file.
  public struct Finding: Sendable {
    public let file: KnownFile
    public let outcome: Outcome
  }

  /// Shorter texts occur by chance in any file; they are not looked for.
  public static let shortest = 4

  private let traces: FileTraces
  /// How many texts were too short to look for.
  public let shortTexts: Int

  /// - Parameter texts: what the queue knew the customer by.
  public init(_ texts: [String]) {
    var all = Set(texts)
    for text in texts {
      guard let number = PhoneText.e164(text) else { continue }
      all.formUnion([String(number.dropFirst()), PhoneText.shown(text)])
    }
    let long = all.filter { $0.utf8.count >= Self.shortest }
    shortTexts = all.count - long.count
    traces = FileTraces(long.sorted())
  }

  /// Looks into one file.
  public func clear(_ file: KnownFile) -> Finding {
    guard FileManager.default.fileExists(atPath: file.path) else {
      return Finding(file: file, outcome: .gone)
    }
    guard let count = try? traces.count(in: file.path) else {
      return Finding(file: file, outcome: .unreadable)
    }
    guard count > 0 else { return Finding(file: file, outcome: .clean) }
    guard file.kind == KnownFile.export, unlink(file.path) == 0 else {
      return Finding(file: file, outcome: .holds)
    }
    return Finding(file: file, outcome: .removed)
  }
}
