import Foundation
import Reports

/// What the commands that write a table have in common.
enum TableOutput {
  /// Refuses a file of no known format before any work is done.
  static func check(_ out: String?) throws {
    guard let out else { return }
    do {
      let format = try OutputFormat(path: out)
      guard format != .html else {
        throw Failure(
          .usage, "\(out): write this table as .csv, .json or .parquet, or - for standard output.")
      }
    } catch {
      throw Failure.from(error)
    }
  }

  /// Says what was written, unless the data themselves went to standard output.
  static func tell(_ out: String, rows: Int, _ common: CommonOptions) {
    guard out != OutputFormat.standardOutput, !common.quiet else { return }
    Talk.line("\(Shown.count(rows)) rows written to \(out)")
  }
}
