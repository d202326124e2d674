import Foundation
import Testing

/// A small simulated dealer group, and a model trained on it: made once, copied by the tests that need it.
enum SampleGroup {
  /// How the tables are written; the rows are the same.
  enum Format: String {
    /// For tests that change the files or name them.
    case csv
    /// Read in a third of the time.
    case parquet
  }

  private static let csv = Result { try simulated(.csv) }
  private static let parquet = Result { try simulated(.parquet) }
  private static let trained = Result<Revisit, any Error> {
    let revisit = try copyData(.parquet)
    let run = try revisit("train --data data --name sample")
    try #require(run.status == 0, "\(run.talk)")
    return revisit
  }

  private static func simulated(_ format: Format) throws -> Revisit {
    let revisit = try Revisit()
    let run = try revisit("simulate --customers 800 --seed 5 --format \(format.rawValue) --out data")
    try #require(run.status == 0, "\(run.talk)")
    return revisit
  }

  private static func copyData(_ format: Format) throws -> Revisit {
    let made = try (format == .csv ? csv : parquet).get()
    let own = try Revisit()
    try FileManager.default.copyItem(at: made.path("data"), to: own.path("data"))
    return own
  }

  /// A working folder with `data/` and `models/sample/1/`.
  static func copy(_ format: Format = .csv) throws -> Revisit {
    let own = try copyData(format)
    try FileManager.default.copyItem(at: try trained.get().path("models"), to: own.path("models"))
    return own
  }
}

extension Revisit {
  /// The cells of a CSV file of the sample, which holds no quoted ones in the tables that tests change.
  func rows(_ name: String) throws -> [[String]] {
    String(decoding: try read(name), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Rewrites a CSV file of the sample; the first row is its header.
  func change(_ name: String, _ body: (inout [[String]]) -> Void) throws {
    var rows = try rows(name)
    body(&rows)
    try write(name, rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n")
  }
}
