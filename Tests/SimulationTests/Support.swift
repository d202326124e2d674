import Foundation
import Histories

@testable import Simulation

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("revisit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The bytes of every file below, by its path.
  func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
      var isFolder: ObjCBool = false
      let file = url.appendingPathComponent(path)
      if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue {
        contents[path] = try Data(contentsOf: file)
      }
    }
    return contents
  }
}

/// Calls `body` with the rows of every group, as generated and before any dirt.
func forEachGroup(_ options: SimulationOptions, _ body: (GroupRows) -> Void) {
  var generator = GroupGenerator(world: World(options))
  var rows = GroupRows()
  for group in 0..<((options.customers + GroupGenerator.size - 1) / GroupGenerator.size) {
    generator.generate(group: group, into: &rows)
    body(rows)
  }
}

/// Repair orders that are visits of a customer.
func isVisit(_ row: VisitRow) -> Bool {
  ![.presale, .internal, .counterSale].contains(row.classes)
}
