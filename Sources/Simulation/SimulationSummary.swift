public import Foundation

/// What `Simulator` has written.
public struct SimulationSummary: Sendable {
  public struct Table: Sendable {
    public let name: String
    public let rows: Int
    public let file: URL
  }

  /// One entry per file, in the order of writing.
  public let tables: [Table]

  /// Repair orders written.
  public var visits: Int { tables.first { $0.name == "visits" }?.rows ?? 0 }

  public var files: [URL] { tables.map(\.file) }
}
