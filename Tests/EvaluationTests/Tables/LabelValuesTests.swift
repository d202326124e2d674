import Evaluation
import Foundation
import Tables
import Testing

@Suite("Which value of a label is positive")
struct LabelValuesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  struct Case: Sendable {
    let cells: [String]
    let positive: String
    let rule: LabelValues.Rule
  }

  static let cases = [
    Case(cells: ["0", "1", "1"], positive: "1", rule: .word),
    Case(cells: ["-1", "1", "1"], positive: "1", rule: .word),
    Case(cells: ["0.0", "1.0", "1.0"], positive: "1.0", rule: .word),
    Case(cells: ["true", "True", "FALSE"], positive: "True", rule: .word),
    Case(cells: ["Yes", "No", "Yes"], positive: "Yes", rule: .word),
    Case(cells: ["n", "y", "y"], positive: "y", rule: .word),
    Case(cells: ["stayed", "churned", "churned"], positive: "churned", rule: .word),
    Case(
      cells: ["Existing Customer", "Attrited Customer", "Attrited Customer"], positive: "Attrited Customer",
      rule: .word),
    Case(cells: ["stayed", "moved", "moved"], positive: "moved", rule: .word),
    Case(cells: ["未流失", "流失", "流失"], positive: "流失", rule: .word),
    Case(cells: ["1", "2", "1"], positive: "2", rule: .rarer),
    Case(cells: ["a", "b", "b"], positive: "a", rule: .rarer),
  ]

  private func table(_ cells: [String], positive: String? = nil) throws -> TrainingTable {
    var roles = TableRoles(label: "churn")
    roles.positive = positive
    let lines = ["x,churn"] + cells.enumerated().map { "\($0 % 2),\($1)" }
    return try TrainingTable(folder.table(lines), roles: roles)
  }

  @Test("words and codes decide, else the rarer value", arguments: cases)
  func rule(_ example: Case) throws {
    let table = try table(example.cells)
    #expect(table.schema.values.positive == example.positive)
    #expect(table.labelRule == example.rule)
    #expect(table.labels == example.cells.map { $0.lowercased() == example.positive.lowercased() })
    #expect(table.notices.contains { $0.code == .positiveIsRarer } == (example.rule == .rarer))
  }

  @Test("--positive chooses, in any spelling; a value that is not there is wrong usage")
  func asked() throws {
    #expect(try table(["Yes", "No", "Yes"], positive: "no").labels == [false, true, false])
    #expect(try table(["0", "1", "1"], positive: "0.0").labels == [true, false, false])
    let error = try #require(throws: TableError.self) { try table(["Yes", "No"], positive: "2") }
    #expect(error.code == .unknownColumn)
    #expect(error.message.contains("\"No\" and \"Yes\""), "\(error)")
  }
}
