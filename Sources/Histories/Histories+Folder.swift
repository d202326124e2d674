public import Foundation

extension Histories {
  /// The dealers' time zone as a data folder names it, without reading its tables.
  ///
  /// - Throws: `HistoriesError` for a mapping that is broken.
  public static func timeZone(of path: String) throws(HistoriesError) -> TimeZone {
    let mapping = try Mapping(folder: URL(fileURLWithPath: path))
    return TimeZone(identifier: mapping.timeZone) ?? .gmt
  }

  /// The ids of some orders of a data folder, as its `visits` table writes them.
  ///
  /// - Parameter identities: hashes of the wanted ones, from `orderIdentities`.
  /// - Returns: the ids by hash.
  /// - Throws: `HistoriesError`.
  /// - Complexity: one pass over one column.
  public static func visitIDs(
    _ path: String, identities: Set<UInt64>, options: LoadOptions = LoadOptions()
  ) throws(HistoriesError) -> [UInt64: String] {
    guard !identities.isEmpty else { return [:] }
    let folder = try DataFolder(path)
    let connection = try open(folder, options)
    let reader = try TableReader("visits", columns: ["visit_id"], folder: folder, connection: connection)
    guard let reader else { return [:] }
    var found: [UInt64: String] = [:]
    // What cannot be read was counted when the histories were loaded.
    var unused = LoadReport()
    try reader.read(report: &unused) { (rows, _) throws(HistoriesError) in
      let ids = rows.text(0)
      for row in 0..<rows.count {
        let hash = KeyHash.hash(ids[row])
        if identities.contains(hash) { found[hash] = String(decoding: ids[row], as: UTF8.self) }
      }
      return rows.count
    }
    return found
  }
}
