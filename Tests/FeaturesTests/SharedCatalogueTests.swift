import Features
import Foundation
import Testing

@Suite("The catalogue against the project's own")
struct SharedCatalogueTests {
  private struct Entry {
    var group: String
    var name: String
    var sign: String
    var use: String
  }

  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../shared/features.md").standardizedFileURL

  private static let isThere: Bool = {
    let isThere = FileManager.default.fileExists(atPath: page.path)
    if !isThere { print("skipped: the project's catalogue is not beside the package") }
    return isThere
  }()

  /// The rows of the page's table by number, with the group whose heading row stands above them.
  private static func entries() throws -> [Int: Entry] {
    var entries: [Int: Entry] = [:]
    var group = ""
    for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") where line.hasPrefix("|")
    {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 8 else { continue }
      if cells[2].hasPrefix("**") { group = String(cells[2].dropFirst(2).prefix(1)) }
      guard let number = Int(cells[1]) else { continue }
      entries[number] = Entry(
        group: group, name: cells[2].replacing("`", with: ""), sign: cells[5], use: cells[6])
    }
    return entries
  }

  @Test(
    "number, group, name, sign and use are those of the project's page; the season has several columns",
    .enabled(if: isThere))
  func entries() throws {
    let entries = try Self.entries()
    #expect(entries.count == 120)
    for definition in Catalogue.all {
      let entry = try #require(entries[definition.number], "\(definition.name)")
      let isName =
        definition.name == entry.name || (entry.name == "season" && definition.name.hasPrefix("season_"))
      #expect(isName, "\(definition.number): \(definition.name)")
      #expect(definition.group.rawValue == entry.group, "\(definition.name)")
      if !entry.sign.isEmpty { #expect(definition.direction.rawValue == entry.sign, "\(definition.name)") }
      let use: FeatureUse = entry.use == "R" ? .risk : entry.use == "V" ? .value : .operations
      #expect(definition.use == use, "\(definition.name)")
    }
  }
}
