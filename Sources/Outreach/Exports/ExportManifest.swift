public import ContactQueue
internal import Foundation

/// What an export holds, for whoever gets it and for the way back: `manifest.json` in its folder.
public struct ExportManifest: Sendable, Equatable, Codable {
  public static let fileName = "manifest.json"
  static let currentSchema = "revisit.outreach-export/1"

  let schema: String
  /// The queue's id: receipts of another queue are told by it.
  public let queue: String
  public let number: Int64
  public let kind: String
  public let channel: Channel
  public let campaign: String?
  public let owner: String
  /// ISO 8601, UTC.
  public let createdAt: String
  public let rows: Int
  public let files: [ExportedFile]
  /// Tasks that no file holds, by the reason why.
  public let unusable: [String: Int]
  /// Of short messages.
  public let segments: Int?

  private enum CodingKeys: String, CodingKey {
    case schema, queue, number, kind, channel, campaign, owner
    case createdAt = "created_at"
    case rows, files, unusable, segments
  }

  public init(
    queue: String, number: Int64, channel: Channel, campaign: String?, owner: String, createdAt: Moment,
    paper: ExportPaper
  ) {
    schema = Self.currentSchema
    self.queue = queue
    self.number = number
    kind = ExportKind(channel).rawValue
    self.channel = channel
    self.campaign = campaign
    self.owner = owner
    self.createdAt = createdAt.iso
    files = paper.files.map(\.record)
    rows = files.reduce(0) { $0 + $1.rows }
    unusable = Dictionary(grouping: paper.flaws, by: \.flaw.rawValue).mapValues(\.count)
    segments = paper.segments
  }

  /// Reads the manifest beside a file, if there is one.
  public static func beside(_ path: String) -> ExportManifest? {
    let file = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(fileName)
    guard let data = FileManager.default.contents(atPath: file.path),
      let manifest = try? JSONDecoder().decode(ExportManifest.self, from: data),
      manifest.schema == currentSchema
    else { return nil }
    return manifest
  }

  var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a manifest is made of plain values")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }
}
