import Foundation
import Testing

/// A small simulated dealer group as CSV, and a model trained on it: made once, copied by the tests that need it.
enum SampleGroup {
  private static let made = Result<Revisit, any Error> {
    let revisit = try Revisit()
    let simulated = try revisit("simulate --customers 800 --seed 5 --format csv --out data")
    try #require(simulated.status == 0, "\(simulated.talk)")
    let trained = try revisit("train --data data --name sample")
    try #require(trained.status == 0, "\(trained.talk)")
    return revisit
  }

  /// A working folder with `data/` and `models/sample/1/`.
  static func copy() throws -> Revisit {
    let made = try made.get()
    let own = try Revisit()
    for name in ["data", "models"] {
      try FileManager.default.copyItem(at: made.path(name), to: own.path(name))
    }
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
