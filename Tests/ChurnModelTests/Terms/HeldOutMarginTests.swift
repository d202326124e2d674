import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Margins of held-out rows by terms")
struct HeldOutMarginTests {
  private static let table = TestTable.bent(count: 500)
  private static let fit = Result { try table.terms { $0.mostPairs = 1 } }
  private static let folds = (0..<500).map { $0 * 7 % 5 }

  private static func margins(_ labels: [Bool], weights: [Double]? = nil) throws -> [Double] {
    try fit.get().heldOutMargins(
      values: table.values, labels: labels, weights: weights, folds: folds, options: TermOptions())
  }

  @Test("a fold's labels have no say in its own margins, those of other folds have")
  func honest() throws {
    var labels = Self.table.labels
    for row in labels.indices where Self.folds[row] == 2 { labels[row].toggle() }
    let (plain, changed) = (try Self.margins(Self.table.labels), try Self.margins(labels))
    for row in labels.indices {
      if Self.folds[row] == 2 {
        // The start is the same, and so are the rows: to the bit.
        #expect(plain[row] == changed[row])
      } else {
        #expect((plain[row] - changed[row]).magnitude > 1e-6)
      }
    }
  }

  @Test("the margins of a fold are those of a fit to the other folds with the same penalties")
  func refitted() throws {
    let fit = try Self.fit.get()
    // With a weight of 0 the rows of a fold are left out of all others' margins, too.
    let weights = Self.folds.map { $0 == 3 ? 0.0 : 1 }
    let (plain, without) = (
      try Self.margins(Self.table.labels), try Self.margins(Self.table.labels, weights: weights)
    )
    let own = Self.folds.indices.filter { Self.folds[$0] == 3 }
    #expect(own.allSatisfy { plain[$0] == without[$0] })
    // Rows that were held out are told less well than rows that were seen.
    func loss(_ margins: [Double]) -> Double {
      zip(margins, Self.table.labels).reduce(0) { $0 + log1p(exp($1.1 ? -$1.0 : $1.0)) } / 500
    }
    #expect(loss(plain) > loss(fit.model.margins(Self.table.rows)))
    #expect(loss(plain) < loss(Array(repeating: 0, count: 500)))
  }

  @Test("folds without which one class is left are an error")
  func oneClass() throws {
    let fit = try Self.fit.get()
    #expect {
      _ = try fit.heldOutMargins(
        values: Self.table.values, labels: Self.table.labels, weights: nil,
        folds: Self.table.labels.map { $0 ? 1 : 0 }, options: TermOptions())
    } throws: {
      ($0 as? ChurnModelError)?.code == .oneClass
    }
  }
}
