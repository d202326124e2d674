import Foundation
import Reports

/// What the commands that write a table have in common.
enum TableOutput {
  /// Refuses a file of no known format, or in no folder, before any work is done.
  ///
  /// - Parameter asPage: whether the table can be a page, too.
  static func check(_ out: String?, asPage: Bool = false) throws {
    guard let out else { return }
    guard let format = try? OutputFormat(path: out), asPage || format != .html else {
      let formats = asPage ? ".csv, .json, .parquet or .html" : ".csv, .json or .parquet"
      throw Failure(.usage, "\(out): write this table as \(formats), or - for standard output.")
    }
    guard out != OutputFormat.standardOutput else { return }
    let folder = URL(fileURLWithPath: out).deletingLastPathComponent()
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw Failure(
        .cannotWrite,
        "\(out) cannot be written: there is no folder \(folder.path). Make it, or choose another file.")
    }
  }

  /// Says what was written, unless the data themselves went to standard output.
  static func tell(_ out: String, rows: Int, _ common: CommonOptions) {
    guard out != OutputFormat.standardOutput, !common.quiet else { return }
    Talk.line("\(Shown.count(rows)) rows written to \(out)")
  }
}
