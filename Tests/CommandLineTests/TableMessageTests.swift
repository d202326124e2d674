import Foundation
import Testing

/// Messages about tables name what is wrong and advise what can be done.
@Suite("Messages about tables")
struct TableMessageTests {
  /// `t.csv`: 60 rows, three folds.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    let lines = (0..<60).map { row in
      "\(row * 7 % 31),\(row % 5 + 1),\(row % 3),\(row * 37 % 60 < 20 + row * 7 % 31 ? 1 : 0)"
    }
    try revisit.write("t.csv", (["age,w,fold,y"] + lines).joined(separator: "\n") + "\n")
    return revisit
  }

  /// Writes `t.csv` as `name` with another text in a row (from 1) of a column.
  private static func change(
    _ column: String, row: Int, to cell: String, as name: String, in revisit: Revisit
  ) throws {
    var rows = try revisit.rows("t.csv")
    let index = try #require(rows[0].firstIndex(of: column))
    rows[row][index] = cell
    try revisit.write(name, rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n")
  }

  @Test("an infinite weight is no cell to leave empty, and scoring does not advise an option that it lacks")
  func infinite() throws {
    let revisit = try Self.folder()
    try Self.change("w", row: 4, to: "inf", as: "w.csv", in: revisit)
    let weight = try revisit("train --table w.csv --label y --weight w --drop fold")
    #expect(weight.status == 65)
    #expect(
      weight.talk.contains("\"w\" (--weight) holds no finite number in row 4. Weights are finite numbers"))
    #expect(!weight.talk.contains("empty"), "\(weight.talk)")
    try Self.change("age", row: 4, to: "inf", as: "age.csv", in: revisit)
    let training = try revisit("train --table age.csv --label y --drop fold,w")
    #expect(training.talk.contains("infinite in row 4") && training.talk.contains("--drop"))
    #expect(try revisit("train --table t.csv --label y --drop fold,w --name t").status == 0)
    let scoring = try revisit("score --model t --table age.csv --out s.csv")
    #expect(scoring.status == 65 && scoring.talk.contains("infinite in row 4"), "\(scoring.talk)")
    #expect(scoring.talk.contains("Leave the cell empty") && !scoring.talk.contains("--drop"))
    let offset = try revisit("train --table w.csv --label y --linear --offset w --drop fold")
    #expect(offset.talk.contains("\"w\" (offset) holds no finite number in row 4."), "\(offset.talk)")
  }

  @Test("a label that was not asked for is told as the model's")
  func label() throws {
    let revisit = try Self.folder()
    #expect(try revisit("train --table t.csv --label y --drop fold,w --name t").status == 0)
    try revisit.write("new.csv", "age\n3\n4\n")
    let own = try revisit("evaluate --model t --table new.csv")
    #expect(own.talk.contains("no column \"y\", the label that the model predicts"), "\(own.talk)")
    let asked = try revisit("evaluate --model t --table new.csv --label z")
    #expect(asked.talk.contains("no column \"z\", which --label names"), "\(asked.talk)")
  }

  @Test("a table whose cells stand between blanks is told to have one column")
  func blanks() throws {
    let revisit = try Revisit()
    try revisit.write("b.csv", "'OBS' 'GPA' 'GRADE'\n1 2.66 0\n2 2.89 1\n")
    let run = try revisit("train --table b.csv --label GRADE")
    #expect(run.status == 64 && run.talk.contains("Its only column is"), "\(run.talk)")
    #expect(run.talk.contains("separated by commas, semicolons, tabs or bars, not by blanks"))
  }

  @Test("one term is not `1 terms`")
  func singular() throws {
    let run = try Self.folder()("train --table t.csv --label y --drop fold,w")
    #expect(run.output.contains("1 term,"), "\(run.output)")
  }
}
