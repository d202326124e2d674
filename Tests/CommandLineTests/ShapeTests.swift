import Foundation
import Testing

/// `--shape` and `--monotone` of `train --table`, as a user sees them.
@Suite("Shapes and directions of columns")
struct ShapeTests {
  /// A folder with `t.csv`: 300 rows, a risk that falls with `tenure` but for a bump, and rises with `price`.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["tenure,price,town,member,churn,fold"]
    for row in 0..<300 {
      let (tenure, price) = (row * 7 % 60, row * 13 % 100)
      let risk = 80 - 2 * tenure + (tenure > 40 ? 75 : 0) + price * 3 / 5
      let shown = row % 17 == 0 ? "" : "\(tenure)"
      lines.append(
        "\(shown),\(price),\(["a", "b", "c"][row % 3]),\(row % 4 == 0 ? "yes" : "no"),\(row * 29 % 130 < risk ? 1 : 0),\(row % 3)"
      )
    }
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  private static let train = "train --table t.csv --label churn --name t"

  @Test("shapes and directions are in the model, its figures and its words, and scores follow")
  func trained() throws {
    let revisit = try Self.folder()
    let line = "\(Self.train) --folds fold --shape linear --shape price=bins:rising --monotone tenure=falling"
    let run = try revisit("\(line) --shape tenure=curve --json")
    #expect(run.status == 0, "\(run.talk)")
    let model = try #require(try run.json["model"] as? [String: Any])
    let constraints = try #require(model["constraints"] as? [String: Any])
    #expect(
      Set(constraints.keys) == ["binding", "stationarity", "maximum_violation", "complementarity", "columns"])
    #expect((constraints["stationarity"] as? Double).map { $0 < 1e-9 } == true)
    #expect(
      constraints["maximum_violation"] as? Double == 0 && constraints["complementarity"] as? Double == 0)
    let columns = try #require(constraints["columns"] as? [[String: Any]])
    #expect(columns.map { $0["column"] as? String } == ["price", "tenure"])
    #expect(columns.map { $0["direction"] as? String } == ["rising", "falling"])
    let tenure = columns[1]
    #expect((tenure["held_steps"] as? Int).map { $0 > 0 } == true)
    let values = (0..<60).map { "\($0),50,a,no" } + [",50,a,no"]
    try revisit.write("new.csv", (["tenure,price,town,member"] + values).joined(separator: "\n") + "\n")
    #expect(try revisit("score --model t --table new.csv --out s.csv").status == 0)
    let scores = try revisit.rows("s.csv").dropFirst().compactMap { $0.last.flatMap(Double.init) }
    #expect(scores.count == 61)
    #expect(
      zip(scores.prefix(60).dropFirst(), scores).allSatisfy { $0 <= $1 + 1e-12 } && scores[0] > scores[59])
    for (language, word) in [("en", "tenure: falling, level at"), ("zh", "tenure：单调下降")] {
      let words = try revisit("\(line) --lang \(language)")
      #expect(words.output.contains(word), "\(words.output)")
    }
    let shown = try revisit("models show t --out page.html").output
    #expect(shown.contains("≥ ") && shown.contains("< "))
    #expect(String(decoding: try revisit.read("page.html"), as: UTF8.self).contains("class=\"curve\""))
  }

  @Test("with --linear directions are signs of coefficients")
  func linear() throws {
    let revisit = try Self.folder()
    let run = try revisit("\(Self.train) --linear --monotone tenure=rising --monotone price=rising --json")
    #expect(run.status == 0, "\(run.talk)")
    let model = try #require(try run.json["model"] as? [String: Any])
    let constraints = try #require(model["constraints"] as? [String: Any])
    #expect(constraints["binding"] as? Int == 1)
    let columns = try #require(constraints["columns"] as? [[String: Any]])
    #expect(columns.map { $0["column"] as? String } == ["price", "tenure"])
    #expect(columns.map { ($0["per_unit"] as? Double ?? -1) > 0 } == [true, false])
    #expect(
      try revisit("\(Self.train) --linear --monotone tenure=rising").output.contains("1 of 1 directions"))
  }

  @Test(
    "what makes no sense is refused with the column and what to do",
    arguments: [
      ("--shape town=linear", 64, "\"town\" holds texts (such as \"a\", \"b\")"),
      ("--monotone town=rising", 64, "\"town\" holds texts"),
      ("--shape tenur=log", 64, "no column \"tenur\", which --shape names. Did you mean \"tenure\"?"),
      ("--monotone tenur=rising", 64, "which --monotone names"),
      ("--monotone churn=rising", 64, "\"churn\", which is no column of the model"),
      ("--shape tenure=spline", 64, "bins:rising"),
      ("--monotone tenure", 64, "<column>=falling"),
      ("--monotone tenure=rising --monotone tenure=falling", 64, "\"tenure\" neither rise nor fall"),
      ("--shape tenure=log --shape tenure=linear", 64, "two shapes"),
      (
        "--shape tenure=bins:rising --monotone tenure=falling", 64,
        "cannot be falling and have the shape bins:rising"
      ),
      ("--linear --shape tenure=log", 64, "--shape has no meaning with --linear"),
    ])
  func refused(options: String, status: Int32, words: String) throws {
    let run = try Self.folder()("\(Self.train) \(options)")
    #expect(run.status == status)
    #expect(run.talk.contains(words), "\(run.talk)")
  }

  @Test("a data folder has neither")
  func dataFolder() throws {
    let revisit = try Revisit()
    for option in ["--shape linear", "--monotone a=rising"] {
      let run = try revisit("train --data data \(option)")
      #expect(run.status == 64 && run.talk.contains("has no meaning with --data"))
    }
  }
}
