public import ContactQueue
internal import Crypto
internal import Histories
internal import Temporaries

/// An export as files: the same bytes whenever it is made of the same tasks and options.
public struct ExportPaper: Sendable {
  /// One file: its name, its bytes, and how many tasks it holds.
  public struct File: Sendable {
    public let name: String
    public let rows: Int
    public let bytes: [UInt8]

    /// What the queue and the manifest keep of it.
    public var record: ExportedFile {
      ExportedFile(name: name, rows: rows, sha256: SHA256.hash(data: bytes).hexadecimal)
    }
  }

  /// Why a task could not be written.
  public enum Flaw: String, Sendable, CaseIterable {
    /// No address, or one that the channel cannot reach.
    case address = "unusable_address"
    /// The template names a field that is not known of the customer or vehicle, and gives nothing in its stead.
    case field = "missing_field"

    /// What the queue is told of such a task.
    public var reason: FailReason { self == .address ? .invalidAddress : .other }
  }

  public internal(set) var files: [File] = []
  /// Tasks that no file holds: nobody will send them.
  public internal(set) var flaws: [(task: Pseudonym, flaw: Flaw)] = []
  /// Of short messages: how many segments they are paid as.
  public internal(set) var segments: Int?
  /// Messages longer than one segment.
  public internal(set) var longMessages = 0

  /// Short messages and mails a file holds at most.
  public static let batchSize = 1000

  /// Writes the tasks of one export.
  ///
  /// - Parameters:
  ///   - tasks: in their order, all of one channel; those of erased customers are left out.
  ///   - stem: what file names begin with; see `stem(campaign:channel:number:)`.
  ///   - createdAt: stands in mails as their date.
  /// - Throws: `usage` or `badData` when an option is missing, `cannotWrite` when there is no room for temporary files.
  public init(
    _ tasks: [ExportedTask], channel: Channel, stem: String, createdAt: Moment, options: ExportOptions
  ) throws(OutreachError) {
    try options.check(for: channel)
    let tasks = tasks.filter { !$0.contact.isErased }
    switch channel {
    case .phone: try writeLists([("", tasks)], stem: stem, options)
    case .adviser: try writeLists(Self.byAdviser(tasks, options), stem: stem, options)
    case .sms: try writeShortMessages(tasks, stem: stem, options)
    case .wechat: try writeOpenIDs(tasks, stem: stem, options)
    case .email: writeMails(tasks, stem: stem, createdAt: createdAt, options)
    }
  }

  /// `campaign-phone-0001`: what the files and the folder of an export begin with.
  public static func stem(campaign: String?, channel: Channel, number: Int64) -> String {
    "\(fileName(campaign ?? "all"))-\(channel.rawValue)-\(padded(Int(number), 4))"
  }

  static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// A text as part of a file name: letters, digits, `.`, `_` and `-` stay.
  static func fileName(_ text: String) -> String {
    let longest = 60
    let name = String(
      text.prefix(longest).map {
        $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" ? $0 : "-"
      })
    return name.isEmpty || name.first == "." || name.first == "-" ? "_" + name.dropFirst() : name
  }
}
