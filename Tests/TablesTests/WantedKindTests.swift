import Foundation
import Tables
import Testing

/// New tables as a model reads them that was trained on another.
@Suite("Columns as a model expects them")
struct WantedKindTests {
  private let folder: TableFolder

  init() throws { folder = try TableFolder() }

  @Test("levels are found by their names; others are unseen, empty cells missing")
  func levels() throws {
    let file = try folder.file(["x", "b", "c", "NA", "a", "b"])
    let (values, counts) = try file.values(of: "x", as: .category(levels: ["a", "b"]))
    #expect(same(values, [1, -1, .nan, 0, 1]))
    #expect(counts == ColumnReading.Counts(missing: 1, unseen: 1))
  }

  @Test("levels that look like numbers are found, in text files as they are written")
  func numericLevels() throws {
    let text = try folder.file(["x", "01", "2", "3"])
    #expect(same(try text.values(of: "x", as: .category(levels: ["01", "2"])).values, [0, 1, -1]))
    let parquet = try folder.parquet("SELECT * FROM (VALUES (2), (3)) AS t(x)")
    #expect(same(try parquet.values(of: "x", as: .category(levels: ["01", "2"])).values, [1, -1]))
  }

  @Test("flags are read from any words for yes and no; other values are unseen and missing")
  func flags() throws {
    let words = try folder.file(["x", "yes", "FALSE", "maybe", "?", "1"], name: "words.csv")
    let (values, counts) = try words.values(of: "x", as: .flag)
    #expect(same(values, [1, 0, .nan, .nan, 1]))
    #expect(counts == ColumnReading.Counts(missing: 1, unseen: 1))
    let numbers = try folder.file(["x", "0", "1", "2", "NA"], name: "numbers.csv")
    let read = try numbers.values(of: "x", as: .flag)
    #expect(same(read.values, [0, 1, .nan, .nan]))
    #expect(read.counts == ColumnReading.Counts(missing: 1, unseen: 1))
  }

  @Test("a column without any value fits everything")
  func nothing() throws {
    let file = try folder.file(["x,y", ",1", "NA,2"])
    for wanted: WantedKind in [.number, .flag, .day, .category(levels: ["a"])] {
      let (values, counts) = try file.values(of: "x", as: wanted)
      #expect(same(values, [.nan, .nan]))
      #expect(counts == ColumnReading.Counts(missing: 2, unseen: 0))
    }
  }

  @Test("another kind is an error with column, kind and row")
  func otherKinds() throws {
    let file = try folder.file(
      ["text,number,day", "a,1.5,2024-01-01", "b,2.5,2024-01-02", "7,3.5,2024-01-03"])
    let cases: [(String, WantedKind, String)] = [
      ("text", .number, "\"text\" holds text, first in row 1, but the model has learned from numbers"),
      ("text", .day, "learned from dates"), ("number", .day, "\"number\" holds numbers"),
      ("day", .number, "\"day\" holds dates"), ("day", .flag, "learned from yes or no"),
    ]
    for (column, wanted, says) in cases {
      let error = try #require(throws: TableError.self) { try file.values(of: column, as: wanted) }
      #expect(error.code == .badData)
      #expect(error.message.contains(says), "\(error)")
    }
  }
}
